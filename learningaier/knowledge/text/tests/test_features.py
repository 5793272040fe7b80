"""What is kept of a chunk's sentences is what was there."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learningaier.ai.providers import get_sentence_embedder
from learningaier.knowledge.text.analyzer import terms
from learningaier.knowledge.text.features import hash_terms, split_body, unpack_analysis


@settings(deadline=None)  # the first one loads the embedder
@given(st.text(max_size=400))
def test_a_packed_analysis_comes_back(body: str) -> None:
    split = split_body(body)
    vectors = get_sentence_embedder().embed(split.texts)

    back = unpack_analysis(split.analyse(split.find_terms(), vectors).pack())

    assert [tuple(span) for span in back.spans.tolist()] == [
        (one.start, one.end) for one in split.segments
    ]
    searched = [one.searched(split.body) for one in split.segments]
    assert back.counts.tolist() == [len(terms(text)) for text in searched]
    expected = hash_terms([term for text in searched for term in terms(text)])
    assert back.terms.tolist() == expected.tolist()
    assert back.vectors == pytest.approx(vectors, abs=0.01)


def test_eight_bits_change_a_cosine_by_less_than_half_a_percent() -> None:
    text = "The light reaction produces ATP. Napoleon was crowned in 1804. 光合作用。"
    split = split_body(text)
    vectors = get_sentence_embedder().embed(split.texts)

    back = unpack_analysis(split.analyse(split.find_terms(), vectors).pack())

    assert np.abs(back.vectors @ vectors.T - vectors @ vectors.T).max() < 0.005


def test_a_chunk_takes_less_than_three_kilobytes() -> None:
    body = "The light reaction produces ATP and NADPH in the thylakoid membranes. " * 9
    split = split_body(body)

    vectors = get_sentence_embedder().embed(split.texts)
    packed = split.analyse(split.find_terms(), vectors).pack()

    assert len(packed) < 3 * 1024


@given(st.text(alphabet="abC# .!-\n|*1%é漢字。กข", max_size=200))
def test_a_passage_has_the_terms_of_its_text(body: str) -> None:
    split, searched = split_body(body), f"A title\n{body}"

    counted = split.count_terms(split.find_terms(), searched)

    assert counted == Counter(terms(searched))
