"""Sentences that go on over a page break."""

import pytest

from learningaier.knowledge.text.chunking import Page, split_chunks
from learningaier.knowledge.text.features import split_body


def split(*pages: str) -> list[tuple[str, int | None, int | None]]:
    """Each sentence of the pages as it is read, with the pages of its chunk."""
    text, spans = "", []
    for number, page in enumerate(pages, 1):
        spans.append(Page(number, len(text), len(text) + len(page)))
        text += f"{page}\n\n"
    found = []
    for chunk in split_chunks(text, spans):
        body = split_body(text[chunk.body_start : chunk.end], chunk.lead, chunk.gaps)
        for one in body.segments:
            said = " ".join(body.body[one.start : one.end].split())
            found.append((said, chunk.page, chunk.page_end))
    return found


@pytest.mark.parametrize(
    ("pages", "sentence"),
    [
        (
            (
                "The war was long. The treaty was signed in\n\nEurope 12",
                "Europe 13\n\n1713 by all.",
            ),
            "The treaty was signed in 1713 by all.",
        ),
        (("Er wurde geschlossen von", "den Mächten Europas."), None),
        (("条约签署于\n\n12", "1713年。战争结束了。"), "条约签署于 1713年。"),
    ],
)
def test_running_lines_do_not_cut_a_sentence(pages: tuple[str, ...], sentence: str | None) -> None:
    expected = sentence or " ".join(pages)

    assert (expected, 1, 2) in split(*pages)


@pytest.mark.parametrize(
    "pages",
    [
        ("The war was long.", "1713 was a year of peace."),
        ("Photosynthesis", "The Calvin cycle"),
        ("It ended in", "# Peace\n\nAll were glad."),
    ],
)
def test_what_ends_or_begins_anew_is_not_joined(pages: tuple[str, ...]) -> None:
    assert all(page == page_end for _, page, page_end in split(*pages))
