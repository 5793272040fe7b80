"""Titles made from questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.titles import LONGEST, make_title


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("What is ATP?", "What is ATP?"),
        ("  What\n\nis\tATP? ", "What is ATP?"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("word " * 20, "word " * 11 + "word…"),
        ("光合作用" * 20, ("光合作用" * 20)[:59] + "…"),
    ],
)
def test_a_title_is_the_beginning_in_whole_words(question: str, title: str) -> None:
    assert make_title(question) == title


@given(st.text(min_size=1, max_size=300))
def test_a_title_is_never_too_long(question: str) -> None:
    assert len(make_title(question)) <= LONGEST
