"""Sentences end where a reader would say so."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learningaier.knowledge.text.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("Dr. Smith met Mr. Jones. They spoke.", ["Dr. Smith met Mr. Jones.", "They spoke."]),
        ("It grew by 3.5 percent. Then it fell.", ["It grew by 3.5 percent.", "Then it fell."]),
        ("See Fig. 3 for it. It is clear.", ["See Fig. 3 for it.", "It is clear."]),
        ("Karpukhin et al. 2020 show it.", ["Karpukhin et al. 2020 show it."]),
        ("J. K. Rowling wrote it. It sold.", ["J. K. Rowling wrote it.", "It sold."]),
        ("The U.S. Army left. It was 1973.", ["The U.S. Army left.", "It was 1973."]),
        ("He said “Stop.” She left.", ["He said “Stop.”", "She left."]),
        ("Really?! Yes.", ["Really?!", "Yes."]),
        ("光合作用。很重要！", ["光合作用。", "很重要！"]),
        ("A line that\nis wrapped goes on. Next.", ["A line that\nis wrapped goes on.", "Next."]),
        ("A paragraph\n\nAnother one", ["A paragraph", "Another one"]),
        ("- first\n- second", ["- first", "- second"]),
        ("", []),
        ("   ", []),
    ],
)
def test_sentences_are_split_like_this(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text)] == sentences


@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from(["A.", "b", "\n", "?", "1.", "“"])).map(" ".join)
)
def test_spans_are_ordered_trimmed_and_lose_nothing_but_space(text: str) -> None:
    spans = split_sentences(text)

    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    kept = "".join(text[start:end] for start, end in spans)
    assert "".join(kept.split()) == "".join(text.split())
