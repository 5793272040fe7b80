"""Terms that questions and texts agree on."""

import pytest

from learningaier.knowledge.text.analyzer import query_terms, query_words, terms
from learningaier.knowledge.text.languages import detect_language


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("produces", "produce"),
        ("Café", "cafe"),
        ("naïve", "naive"),
        ("ＡＴＰ", "atp"),
        ("don’t", "don't"),
        ("U.S.", "us"),
        ("1,000", "1000"),
    ],
)
def test_both_spellings_are_one_term(one: str, other: str) -> None:
    assert terms(one) == terms(other)


def test_chinese_is_found_by_any_part_of_a_word() -> None:
    text = set(terms("光合作用将光能转化为化学能"))

    assert set(terms("光合作用")) <= text
    assert set(terms("化学能")) <= text
    assert not set(terms("呼吸")) & text


@pytest.mark.parametrize("text", ["", "???", "\n", "—"])
def test_no_words_make_no_terms(text: str) -> None:
    assert terms(text) == []


def test_a_question_keeps_its_content_words_only() -> None:
    assert list(query_terms("What does the light reaction produce?")) == terms(
        "light reaction produce"
    )


def test_a_question_of_stop_words_keeps_them() -> None:
    assert list(query_terms("Who is it?")) == terms("Who is it")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The light reaction produces ATP and NADPH in the thylakoid.", "english"),
        ("Die Lichtreaktion erzeugt ATP und NADPH in der Membran.", "german"),
        ("La réaction produit de l'ATP et du NADPH dans les membranes.", "french"),
        ("La reacción produce ATP y NADPH en los tilacoides.", "spanish"),
        ("光合作用把二氧化碳变成糖。", "chinese"),
        ("3.14 2.71 1.41", "english"),
        ("", "english"),
    ],
)
def test_function_words_tell_the_language(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_a_word_of_a_question_has_a_term_for_each_language_of_the_library() -> None:
    assert query_words("Pflanzen?", ["english", "german"]) == (("pflanzen", "pflanz"),)
    assert query_words("flies", ["english", "german"]) == (("fli", "flies"),)
