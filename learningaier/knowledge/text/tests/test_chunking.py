"""Chunks follow the structure of the text and lose nothing of it."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from learningaier.knowledge.text.chunking import (
    MAX_WORDS,
    Page,
    count_words,
    split_chunks,
)

# Texts with everything that means something to the splitter, and letters of several scripts.
ATOMS = st.sampled_from(
    [
        "word", "Sentence.", "Another one!", "\n", "\n\n", "# Heading", "## Sub\n", "- item\n",
        "| a | b |\n", "```\ncode\n```\n", "1. First\n", "光合作用。", "Ünï", "٣", "e.g.",
        "U.S.", " ", "\t", "…", "“quoted”", "x" * 700, "\r\n", "\x0c", "한국어",
    ]
)  # fmt: skip
TEXTS = st.lists(ATOMS, max_size=80).map(" ".join) | st.text(max_size=400)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_chunks_cover_every_character_but_white_space_once_and_in_order(text: str) -> None:
    chunks = split_chunks(text)

    covered = "".join(text[chunk.start : chunk.end] for chunk in chunks)
    assert re.sub(r"\s", "", covered) == re.sub(r"\s", "", text)
    ends = [0] + [chunk.end for chunk in chunks]
    assert all(chunk.start >= end for chunk, end in zip(chunks, ends, strict=False))
    assert all(chunk.start <= chunk.body_start <= chunk.end for chunk in chunks)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_no_chunk_has_more_words_than_the_most(text: str) -> None:
    for chunk in split_chunks(text):
        assert count_words(text[chunk.body_start : chunk.end]) <= MAX_WORDS


def test_no_word_is_cut_in_two() -> None:
    text = " ".join(f"unbreakable{number}" for number in range(2000))

    chunks = split_chunks(text)

    words = [word for chunk in chunks for word in text[chunk.start : chunk.end].split()]
    assert words == text.split()
    assert 8 <= len(chunks) <= 10


def test_a_heading_parts_two_topics_and_its_path_is_kept() -> None:
    text = (
        "# Biology\n\nCells live.\n\n## Plants\n\nPlants breathe.\n\n### Roots\n\nRoots drink.\n\n"
        "## Animals\n\nAnimals eat.\n"
    )

    chunks = split_chunks(text)

    assert [(text[chunk.body_start : chunk.end], chunk.headings) for chunk in chunks] == [
        ("Cells live.", ("Biology",)),
        ("Plants breathe.", ("Biology", "Plants")),
        ("Roots drink.", ("Biology", "Plants", "Roots")),
        ("Animals eat.", ("Biology", "Animals")),
    ]


def test_paragraphs_fill_a_chunk_up_to_its_size() -> None:
    paragraph = " ".join(["Forty words make up this paragraph of a text."] * 5)
    text = "\n\n".join([paragraph] * 20)

    sizes = [count_words(text[chunk.start : chunk.end]) for chunk in split_chunks(text)]

    assert all(150 <= size <= 250 for size in sizes[:-1])


def test_a_chunk_stays_on_its_page() -> None:
    first, second = "The first page ends here.", "The second page begins."
    text = f"{first}\n\n{second}"
    pages = [Page(1, 0, len(first)), Page(2, len(first) + 2, len(text))]

    chunks = split_chunks(text, pages)

    assert [(chunk.page, text[chunk.start : chunk.end]) for chunk in chunks] == [
        (1, first),
        (2, second),
    ]


def test_a_code_block_is_no_heading() -> None:
    text = "```\n# not a heading\nx = 1\n```\n\nProse follows."

    chunks = split_chunks(text)

    assert [chunk.headings for chunk in chunks] == [()]


def test_a_plain_heading_of_a_wrapped_page_is_recognised() -> None:
    body = (
        "Open-domain question answering relies on efficient passage retrieval to select\n"
        "candidate contexts, where traditional sparse vector space models are the method.\n"
    )
    text = f"{body}1 Introduction\n{body}"

    chunks = split_chunks(text)

    assert [chunk.headings for chunk in chunks] == [(), ("1 Introduction",)]


def test_chinese_is_counted_and_cut_without_spaces() -> None:
    text = "光合作用将光能转化为化学能。" * 100

    chunks = split_chunks(text)

    assert len(chunks) > 2
    assert "".join(text[chunk.start : chunk.end] for chunk in chunks) == text


def test_an_empty_text_has_no_chunks() -> None:
    assert split_chunks("") == []
    assert split_chunks(" \n\n\t ") == []
