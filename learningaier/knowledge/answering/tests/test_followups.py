"""Questions that lean on the conversation before them."""

import pytest

from learningaier.knowledge.answering.followups import Turn, resolve
from learningaier.knowledge.text.analyzer import terms


def talk(*texts: str) -> list[Turn]:
    """Question and answer in turn."""
    return [Turn("assistant" if at % 2 else "user", text) for at, text in enumerate(texts)]


CUP = talk("Who won the World Cup in 1994?", "Brazil won.")
CYCLE = talk("What is the Calvin cycle?", "The Calvin cycle fixes carbon dioxide.")
PRESIDENT = talk("Who was the first president?", "George Washington was the first president.")
GERMANY = talk("When was Germany founded?", "In 1871.")


RANKED = talk("What is the first law?", "x")
REFUSED = talk("Who won the cup in 1994?", "This is not in your notes.")
LATER = [*CUP, *talk("and in 1998?", "France.")]


@pytest.mark.parametrize(
    ("question", "history", "taken", "left"),
    [
        ("and in 1998?", CUP, {"world", "cup", "won", "1998"}, {"1994"}),
        (
            "And in 2002?",
            [*CUP, *talk("and in 1998?", "France.")],
            {"cup", "2002"},
            {"1994", "1998"},
        ),
        ("why?", CYCLE, {"calvin", "cycle"}, set()),
        ("Tell me more", CYCLE, {"calvin", "cycle"}, set()),
        ("Really?", CYCLE, {"calvin", "cycle"}, set()),
        ("Can you give an example?", CYCLE, {"calvin", "cycle"}, set()),
        ("How does it work?", CYCLE, {"calvin", "cycle", "work"}, set()),
        ("Who discovered that?", CYCLE, {"calvin", "cycle", "discovered"}, set()),
        ("When was he born?", PRESIDENT, {"born", "washington"}, {"who"}),
        ("What about France?", GERMANY, {"france", "founded"}, {"germany"}),
        (
            "what about the second one?",
            talk("What is the first law?", "x"),
            {"second", "law"},
            set(),
        ),
        ("Und 1998?", talk("Wer gewann die Weltmeisterschaft 1994?", "x"), {"gewann"}, {"1994"}),
        ("Warum?", talk("Wann fiel das Römische Reich?", "476."), {"Römische", "Reich"}, set()),
        ("那为什么?", talk("什么是光合作用?", "x"), {"光合"}, set()),
        (
            "and in 1998?",
            talk("Who won the cup in 1994?", "This is not in your notes."),
            {"cup"},
            set(),
        ),
    ],
)
def test_a_question_takes_what_it_lacks_and_leaves_what_it_replaces(
    question: str, history: list[Turn], taken: set[str], left: set[str]
) -> None:
    resolved = resolve(question, history).text

    found = set(terms(resolved))
    assert set(terms(" ".join(taken))) <= found
    assert not set(terms(" ".join(left))) & found
    assert resolved.startswith(question)


@pytest.mark.parametrize(
    "question",
    [
        "What is photosynthesis?",
        "What are the main causes of the First World War?",
        "And what did Napoleon do in Egypt after the battle of the Nile?",
        "How many chromosomes does a human cell have?",
        "Welche Aufgabe haben Mitochondrien in der Zelle?",
        "什么是光合作用?",
    ],
)
def test_a_question_that_stands_alone_stays_as_it_is(question: str) -> None:
    assert resolve(question, [*CUP, *GERMANY]).text == question


@pytest.mark.parametrize("question", ["why?", "and in 1998?", "What is it?", "???", "是吗?"])
def test_the_first_question_has_nothing_to_lean_on(question: str) -> None:
    assert resolve(question, []).text == question
