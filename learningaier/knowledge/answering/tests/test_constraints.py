"""Names, figures and negations bind an answer, in whatever ending and language they stand."""

import re

import pytest

from conftest import ApiClient
from learningaier.knowledge.answering.answer_types import answer_type_match
from learningaier.knowledge.answering.names import find_names, has_half, names_another
from learningaier.knowledge.answering.negation import is_text_negated, is_yes_or_no


def ask(api: ApiClient, content: str, question: str) -> str:
    """The answer to a question about a single note."""
    api.post("/api/notes", {"title": "Notes", "content": content})
    return str(api.post("/api/notes/ai-qa", {"question": question}).json()["answer"])


@pytest.mark.parametrize(
    ("question", "language", "names"),
    [
        ("What did Marie Curie discover?", "english", [["marie", "curie"]]),
        ("Was entdeckte Marie Curie?", "german", [["marie", "curie"]]),
        ("Welche Art Unterwäsche trug Neil Armstrong?", "german", [["neil", "armstrong"]]),
        ("Wie viele Tonnen Kohlendioxid sind es?", "german", []),
        ("Jared Allen'ın kaç sayısı vardır?", "turkish", [["jared", "allen"]]),
        ("Sky Digital是什么时候推出的？", "chinese", [["sky", "digital"]]),
        ("who was born there?", "english", []),
    ],
)
def test_names_of_several_words_are_told_by_their_capitals(
    question: str, language: str, names: list[list[str]]
) -> None:
    assert find_names(question, language) == names


@pytest.mark.parametrize(
    ("name", "text", "language", "expected"),
    [
        (["marie", "curie"], "Pierre Curie shared it.", "english", True),
        (["marie", "curie"], "Marie Curie shared it.", "english", False),
        (["marie", "curie"], "Nobody shared it.", "english", False),
        (["marie", "curie"], "Marie Antoinette died.", "english", True),
        (["marie", "curie"], "Pierre Curie teilte ihn.", "german", True),
        (["grammy", "awards"], "Sie ist Grammy-Gewinnerin.", "german", False),
        (["jared", "allen"], "Jared Allen'ın sayısı 136.", "turkish", False),
        (["firat", "havzasi"], "Fırat havzasında savaştı.", "turkish", False),
        (["doctor", "who"], "Simpsons Doctor Who-Partitur war neu.", "german", False),
    ],
)
def test_half_of_a_name_is_another_s(
    name: list[str], text: str, language: str, expected: bool
) -> None:
    assert has_half([name], text, language) is expected


def test_a_name_beside_another_first_name_names_another() -> None:
    assert names_another(["marie", "curie"], "It was Pierre Curie who said so.")
    assert not names_another(["marie", "curie"], "It was Curie who said so.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It does not lower it.", True),
        ("Es senkt ihn nicht.", True),
        ("Он не снижает давление.", True),
        ("它不降低血压。", True),
        ("它不同于其他药物。", False),  # differs
        ("यह दबाव कम नहीं करता।", True),
        ("मत मिले।", False),  # votes
        ("Nu scade tensiunea.", True),
        ("Este cel mai mare oraș.", False),  # "mai" is more
        ("It lowers not only this.", False),
    ],
)
def test_a_negation_is_told_in_each_language(text: str, expected: bool) -> None:
    assert is_text_negated(text) is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Does it lower the pressure?", True),
        ("What does not lower the pressure?", False),
        ("Was senkt den Druck nicht?", False),
        ("Nó có giảm không?", True),
        ("它降低血压吗？", True),
        ("هل يخفض الضغط؟", True),
    ],
)
def test_a_question_for_yes_or_no_is_told(question: str, expected: bool) -> None:
    assert is_yes_or_no(question) is expected


TREATIES = (
    "The Treaty of Westphalia was signed in 1648. The Treaty of Utrecht was signed in 1713. "
    "The Treaty of Paris was signed in 1815."
)


@pytest.mark.parametrize(
    ("content", "question", "said"),
    [
        (TREATIES, "Which treaty was signed in 1814?", "not in your notes"),
        (TREATIES, "Which treaty was signed in 1713?", "Utrecht"),
        (
            "In 1981 the series Dynasty was first shown.",
            "Which series was shown in the 80s?",
            "Dynasty",
        ),
        ("Im Jahr 1981 lief die Serie Dallas an.", "Welche Serie lief in den 80ern an?", "Dallas"),
        ("Savaş 1565'te başladı ve iki yıl sürdü.", "1565 yılında ne başladı?", "Savaş"),
        ("The heart has four chambers.", "Which organ has 4 chambers?", "heart"),
        ("Das Herz hat vier Kammern.", "Welches Organ hat 4 Kammern?", "Herz"),
        ("World War II ended in 1945.", "When did World War 2 end?", "1945"),
        (
            "A natural number greater than 1 that is not prime is called a composite number.",
            "What are natural numbers greater than 1 that 3 others divide called?",
            "composite",
        ),
        (
            "Aspirin does not lower blood pressure. Ramipril lowers blood pressure.",
            "What lowers blood pressure?",
            "Ramipril",
        ),
        (
            "Аспирин не снижает давление. Рамиприл снижает давление.",
            "Что снижает давление?",
            "Рамиприл",
        ),
        ("Pierre Curie was born in Paris.", "Where was Marie Curie born?", "not in your notes"),
    ],
)
@pytest.mark.django_db
def test_an_answer_has_what_the_question_names(
    api: ApiClient, content: str, question: str, said: str
) -> None:
    assert said in ask(api, content, question)


@pytest.mark.parametrize(
    ("question", "with_it", "without"),
    [
        ("When did it begin?", "It began in March.", "It began early."),
        ("Wann begann es?", "Es begann 1990.", "Es begann früh."),
        ("¿Cuándo empezó?", "Empezó en el siglo XV.", "Empezó pronto."),
        ("Когда это было?", "Это было в 1990 году.", "Это было давно."),
        ("什么时候开始？", "始于1990年。", "很早。"),
        ("متى بدأ؟", "بدأ عام 1990.", "بدأ مبكرا."),
        ("यह कब हुआ?", "यह 1990 में हुआ।", "यह पहले हुआ।"),
        ("เริ่มเมื่อใด", "เริ่มในปี 1990", "เริ่มเร็ว"),
        ("Ne zaman başladı?", "1990'da başladı.", "Erken başladı."),
        ("Πότε άρχισε;", "Άρχισε το 1990.", "Άρχισε νωρίς."),
        ("Nó bắt đầu khi nào?", "Nó bắt đầu năm 1990.", "Nó bắt đầu sớm."),
        ("Când a început?", "A început în 1990.", "A început devreme."),
        ("How many chambers has it?", "It has four.", "It has chambers."),
        ("Wie viele Kammern hat es?", "Es hat vier.", "Es hat Kammern."),
        ("Kaç odası var?", "Dört odası var.", "Odası var."),
        ("कितने कक्ष हैं?", "चार कक्ष हैं।", "कक्ष हैं।"),
        ("Who found it?", "It was found by Marie.", "It was found by chance."),
        ("Кто открыл это?", "Это открыла Мария.", "Это открыто случайно."),
    ],
)
def test_a_sentence_with_the_kind_of_thing_asked_for_is_known(
    question: str, with_it: str, without: str
) -> None:
    assert answer_type_match(question, with_it) == 1.0
    assert answer_type_match(question, without) == 0.0


def test_an_answer_has_three_sentences_at_most(api: ApiClient) -> None:
    lines = [f"Osmosis moves water in cell number {number}." for number in range(9)]

    answer = ask(api, " ".join(lines), "What does osmosis move in a cell?")

    assert 1 <= len(re.findall(r"\.", answer)) <= 3
