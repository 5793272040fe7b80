"""What ranking needs of a chunk, made once when it is indexed: its sentences, as numbers.

Splitting, stemming and embedding the sentences of 20 candidates took 30 ms of a search; reading
what is kept takes one. Vectors are kept as 8-bit integers with a scale each: 2.7 KB a chunk in all.
"""

import struct
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from learningaier.knowledge.text.analyzer import terms
from learningaier.knowledge.text.markup import strip_marks
from learningaier.knowledge.text.segments import Segment, split_segments
from learningaier.knowledge.text.signs import spell_greek

Vectors = NDArray[np.float32]
Number = TypeVar("Number", bound=np.generic)
HEADER = struct.Struct("<HIH")  # sentences, terms, dimensions
LEVELS = 127
ANALYSIS_VERSION = 1  # raise it whenever the chunks, sentences or terms of a text would differ


@dataclass(frozen=True)
class Analysis:
    """The sentences of a chunk's body, in order.

    `spans`: sentences × 2, characters of the body. `counts`: how many terms each has. `terms`: all
    of them in order, hashed. `vectors`: sentences × dimensions, rows of length 1.
    """

    spans: NDArray[np.int32]
    counts: NDArray[np.int32]
    terms: NDArray[np.uint32]
    vectors: Vectors

    def pack(self) -> bytes:
        """The analysis as bytes, for `unpack_analysis` to read."""
        scales = np.abs(self.vectors).max(axis=1, initial=1e-9).astype(np.float32) / LEVELS
        levels = np.rint(self.vectors / scales[:, None]).astype(np.int8)
        head = HEADER.pack(len(self.spans), len(self.terms), self.vectors.shape[1])
        arrays = [self.spans, self.counts, self.terms, scales, levels]
        return head + b"".join(array.tobytes() for array in arrays)


def unpack_analysis(packed: bytes) -> Analysis:
    """The analysis that `Analysis.pack` has written to bytes."""
    sentences, length, dimensions = HEADER.unpack_from(packed)
    at = HEADER.size

    def read(count: int, kind: type[Number]) -> NDArray[Number]:
        nonlocal at
        array = np.frombuffer(packed, kind, count, at)
        at += array.nbytes
        return array

    spans = read(2 * sentences, np.int32).reshape(-1, 2)
    counts, hashed = read(sentences, np.int32), read(length, np.uint32)
    scales = read(sentences, np.float32)
    levels = read(sentences * dimensions, np.int8).reshape(sentences, dimensions)
    return Analysis(spans, counts, hashed, levels * scales[:, None])


def hash_terms(found: Sequence[str]) -> NDArray[np.uint32]:
    """Terms as numbers; two of four billion are the same."""
    return np.array([zlib.crc32(term.encode()) for term in found], np.uint32)


@dataclass(frozen=True)
class Split:
    """A body's segments before their vectors are known."""

    body: str
    segments: Sequence[Segment]

    @property
    def texts(self) -> list[str]:
        """What is embedded of each segment: itself with what it belongs to, without marks."""
        return [spell_greek(strip_marks(one.searched(self.body))) for one in self.segments]

    def find_terms(self, language: str = "english") -> list[list[str]]:
        """The index terms of each segment, with what it belongs to."""
        return [terms(one.searched(self.body), language) for one in self.segments]

    def count_terms(
        self, found: Sequence[Sequence[str]], searched: str, language: str = "english"
    ) -> Counter[str]:
        """How often each term is in a passage.

        `found`: what `find_terms` has found, so that plain prose, most of all texts, is read once.
        `searched`: the passage under its title and headings, which ends with the body.
        """
        if any(one.context or one.read for one in self.segments) or not searched.endswith(
            self.body
        ):
            return Counter(terms(searched, language))
        rest = [searched[: len(searched) - len(self.body)]]
        ends = [0, *(one.end for one in self.segments)]
        starts = [*(one.start for one in self.segments), len(self.body)]
        rest += [self.body[end:start] for end, start in zip(ends, starts, strict=True)]
        counts = Counter(terms("\n".join(rest), language))
        for listed in found:
            counts.update(listed)
        return counts

    def analyse(self, found: Sequence[Sequence[str]], vectors: Vectors) -> Analysis:
        """The analysis with the segments' terms and vectors: segments × dimensions."""
        return Analysis(
            np.array([(one.start, one.end) for one in self.segments], np.int32).reshape(-1, 2),
            np.array([len(listed) for listed in found], np.int32),
            hash_terms([term for listed in found for term in listed]),
            vectors,
        )


def split_body(body: str, lead: str = "", gaps: Sequence[int] = ()) -> Split:
    """The segments of a body.

    `lead`: what the first of them belong to. `gaps`: where running lines between two pages begin
    and end, pair by pair; they are no part of the sentence around them.
    """
    shown = blank_gaps(body, gaps)
    return Split(shown, split_segments(shown, lead))


def blank_gaps(body: str, gaps: Sequence[int]) -> str:
    """The body with spaces for its gaps, as long as before."""
    for start, end in zip(gaps[::2], gaps[1::2], strict=True):
        body = f"{body[:start]}{' ' * (end - start)}{body[end:]}"
    return body
