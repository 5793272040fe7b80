"""What a learner's text costs grows with its length, never with its square."""

import gc
import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learningaier.knowledge.retrieval.previews import make_preview
from learningaier.knowledge.text.analyzer import MAX_TERM, terms
from learningaier.knowledge.text.chunking import split_chunks
from learningaier.knowledge.text.folding import normalise
from learningaier.knowledge.text.marks import MAX_MARKS, normalise_canonical
from learningaier.knowledge.text.sentences import split_sentences

MAX_RATIO = 2.5
MAX_LENGTH = 128_000  # characters, from which the doublings begin
LONG = 200_000  # characters, where a square of a small factor shows too
LEAST_SECONDS = 0.02  # below, a ratio says more of the clock than of the function

HOSTILE = [
    "a", " ", "\n", "\n ", ". ", ".", "[.]", ".[1]", "a.[1]", "# a\n", "## a\n# b\nc\n", "1.1 A\n",
    "1. a\n", "- a\n", "| a ", "```\n", "a'", "a.", "1,000", "1.", "光", "光。", "ไทย", '"', '."',
    "A. B. ", "\u0301\u0315", "\u0f73\u0315", "\uff9e\u0315", "a\u0301\u0315", "![", "; ", "_",
    "\f", "`a`", "`a", "$a$", "**a", "[a](", "[", "> ", "&amp;", "| a | b |\n|---|---|\n",
    "- [ ] a\n",
]  # fmt: skip
FUNCTIONS = [
    split_chunks,
    split_sentences,
    terms,
    normalise,
    normalise_canonical,
    lambda text: make_preview(text, (len(text) // 2, len(text))),
]


def measure(function: Callable[[str], object], text: str) -> float:
    gc.disable()  # how often it looks at everything depends on what other tests have left
    began = time.process_time()
    function(text)
    taken = time.process_time() - began
    gc.enable()
    return taken


def cost_of_twice_the_text(function: Callable[[str], object], atom: str) -> float:
    """The least ratio of some doublings: memory makes a single one dearer, a square all of them."""
    length = 4_000
    while measure(function, atom * (length // len(atom))) < LEAST_SECONDS and length < MAX_LENGTH:
        length *= 2
    least = float("inf")
    for times in (1, 2, 4, 4, 4):
        single = measure(function, atom * (times * length // len(atom)))
        double = measure(function, atom * (2 * times * length // len(atom)))
        least = min(least, double / max(single, LEAST_SECONDS))
        if least <= MAX_RATIO:
            break
    return least


@pytest.mark.parametrize("atom", HOSTILE, ids=ascii)
def test_twice_the_text_takes_twice_the_time(atom: str) -> None:
    for function in FUNCTIONS:
        assert cost_of_twice_the_text(function, atom) <= MAX_RATIO


@pytest.mark.parametrize("atom", ["`a`", "`a", "$a$", "$a", "**a", "[a]", "| a "])
def test_twice_a_line_of_a_book_takes_twice_the_time(atom: str) -> None:
    single, double = (
        min(measure(split_chunks, atom * (times * LONG // len(atom))) for _ in range(2))
        for times in (1, 2)
    )

    assert double <= MAX_RATIO * single


def test_headings_alone_make_chunks_of_a_bounded_size() -> None:
    text = "# a\n" * 5_000

    chunks = split_chunks(text)

    assert max(chunk.end - chunk.start for chunk in chunks) < 2_000
    assert "".join(text[chunk.start : chunk.end] for chunk in chunks).count("#") == 5_000


def test_a_word_without_end_makes_chunks_of_a_bounded_size() -> None:
    chunks = split_chunks("0f" * 100_000)

    assert max(chunk.end - chunk.start for chunk in chunks) <= 20_000


def test_a_line_with_a_mark_that_is_too_long_for_a_heading_is_a_paragraph() -> None:
    line = "# " + "cell " * 100

    assert split_chunks(line)[0].headings == ()


@pytest.mark.parametrize(
    "word", ["ACGT" * 700, "0f" * 2_000, "ก" * 3_000, "é" * 65, "x" * 1_000_000]
)
def test_a_word_of_any_length_fits_into_the_index_and_is_found(word: str) -> None:
    found = terms(word.upper())

    assert found == terms(word)
    assert max(len(term.encode()) for term in found) <= 4 * MAX_TERM
    assert found != terms(f"{word}y")


@given(st.text(st.sampled_from("ae\u0301\u0315\u0345\u0f73\u0344x "), max_size=200))
def test_text_with_few_marks_in_a_row_is_normalised_as_unicode_says(text: str) -> None:
    decomposed = unicodedata.normalize("NFKD", text)
    longest = run = 0
    for character in decomposed:
        run = run + 1 if unicodedata.combining(character) else 0
        longest = max(longest, run)

    if longest <= MAX_MARKS:
        assert normalise_canonical(text) == unicodedata.normalize("NFC", text)


def test_of_marks_in_a_row_thirty_are_kept() -> None:
    assert normalise_canonical("x" + "\u0315" * 500 + "y") == "x" + "\u0315" * MAX_MARKS + "y"
