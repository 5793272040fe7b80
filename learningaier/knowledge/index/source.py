"""A text as the index wants it, and what of its passages is searched."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from learningaier.knowledge.text.chunking import ChunkSpan, Page, compose_searched
from learningaier.knowledge.text.languages import detect_language


@dataclass(frozen=True)
class SourceText:
    """A note or document as the index wants it: `text` is what spans refer to.

    `translation`: the language of a note's translation; `version`: the number of the note's text;
    `folder_ids`: of the note's folder and those above it.
    """

    id: UUID
    owner_id: UUID
    kind: str
    title: str
    text: str
    note_id: UUID | None = None
    translation: str = ""
    version: int | None = None
    folder_ids: Sequence[UUID] = ()
    tags: Sequence[str] = ()
    pages: Sequence[Page] = ()

    @cached_property
    def language(self) -> str:
        """What its words are stemmed by."""
        return detect_language(self.text)


def digest_passage(text: SourceText, passage: ChunkSpan) -> bytes:
    """Changes with the chunk's text, and with whatever its postings and vector are made from."""
    opening = text.text[passage.start : passage.body_start]  # its headings, with their marks
    gaps = " ".join(map(str, passage.gaps))
    made_from = "\n".join(
        [opening, text.language, passage.lead, gaps, compose_passage(text, passage)]
    )
    return hashlib.blake2b(made_from.encode(), digest_size=16).digest()


def compose_passage(text: SourceText, passage: ChunkSpan) -> str:
    """The passage under its title and headings, as it is searched."""
    body = text.text[passage.body_start : passage.end]
    return compose_searched(text.title, passage.headings, body)
