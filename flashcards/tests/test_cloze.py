"""Texts with gaps, as a pure function: whatever is typed has an answer, in linear time."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flashcards.cloze import ClozeError, find_numbers, hide, reveal, strip_clozes

pieces = st.sampled_from(
    ["{{c1::", "{{c2::", "{{c0::", "{{c::", "{{c99999::", "}}", "::", "$", "$$", "`", "\\(", "\\)",
     "text", " ", "\n", "größe", "{", "}", "{{", "c1"]
)  # fmt: skip
texts = st.lists(pieces, max_size=40).map("".join)


def numbers_of(text):
    """The numbers of a text's gaps; none for a text that is refused."""
    try:
        return find_numbers(text)
    except ClozeError:
        return []


@settings(deadline=None, max_examples=300)
@given(texts)
def test_whatever_is_typed_is_refused_or_has_a_card_for_each_number(text):
    numbers = numbers_of(text)
    assert numbers == sorted(set(numbers))
    for number in numbers:
        assert 1 <= number <= 500
        assert "[" in hide(text, number)
        assert reveal(text, number)


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters="{}`$\\:", exclude_categories=["Cs"])))
def test_a_text_without_gaps_stays_as_it_is(text):
    assert hide(text, 1) == reveal(text, 1) == strip_clozes(text) == text


def test_the_other_gaps_are_shown():
    text = "{{c1::a}} {{c2::b::hint}} {{c3::c {{c4::d}}}}"
    assert hide(text, 2) == "a [hint] c d"
    assert hide(text, 4) == "a b c [...]"
    assert reveal(text, 3) == "a b **c d**"
    assert strip_clozes(text) == "a b c d"


def seconds(unit, count):
    """The least of five runs, each over a text that no run before has seen."""
    times = []
    for number in range(5):
        text = f"{number} " + unit * count
        began = time.process_time()
        hide(text, 1)
        times.append(time.process_time() - began)
    return min(times)


@pytest.mark.parametrize("unit", ["{{c1::", "{{c1::a}}", "}}", "::", "{{c1::a::b", "`"])
def test_the_time_grows_as_the_text_does(unit):
    """Four times the text: a square would take sixteen times as long."""
    assert seconds(unit, 40_000) < 10 * max(seconds(unit, 10_000), 0.001)
