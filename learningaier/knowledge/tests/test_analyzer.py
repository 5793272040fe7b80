"""Terms that questions and texts agree on."""

import pytest

from learningaier.knowledge.analyzer import query_terms, terms


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
