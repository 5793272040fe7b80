"""Word files (DOCX) as a reader sees them: numbers of lists, boxes, notes; no deleted text."""

from pathlib import Path
from typing import Any

from documents.decoding import join_pages
from documents.failures import ExtractionError, Failure
from documents.reading.drawings import read_graphic
from documents.reading.numbers import as_number
from documents.reading.packages import Archive
from documents.reading.text import Block, Reading, indent_item, join_blocks, join_rows
from documents.reading.word_runs import MC, Runs
from documents.reading.word_styles import VAL, Lists, Styles, W, child_of, is_on, value_of
from documents.warnings import ReadingWarning, WarningCode

MAX_SPAN = 100  # columns that a cell may take
_APP = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}"
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_WRAPPERS = frozenset(W + name for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"))
_GONE = frozenset(W + name for name in ("del", "moveFrom", "sectPr", "sdtPr", "customXmlPr"))


def read_word(path: Path) -> Reading:
    """The text of a Word file, by page where Word itself says where its pages end.

    Raises: ExtractionError.
    """
    with Archive(path) as archive:
        main = next(
            (part for kind, part in archive.relations("").values() if kind == "officeDocument"),
            "word/document.xml",
        )
        root = archive.xml(main)
        body = root.find(f"{W}body") if root is not None else None
        if body is None:
            raise ExtractionError(Failure.UNREADABLE)
        return _Word(archive, main, body).read()


class _Word:
    def __init__(self, archive: Archive, main: str, body: Any) -> None:
        self._archive = archive
        self._body = body
        self._relations = archive.relations(main)
        parts = dict(self._relations.values())
        self._styles = Styles(archive.xml(parts.get("styles", "")))
        self._lists = Lists(archive, parts.get("numbering", ""), self._styles)
        self._parts = parts
        self._breaks = _breaks_of_pages(archive, body)
        self._runs = Runs(self._styles, self._breaks)
        self._pages: list[list[Block]] = [[]]
        self._warnings: list[ReadingWarning] = []

    def read(self) -> Reading:
        self._pages[-1] += self._read_blocks(self._body, is_top=True)
        self._pages[-1] += self._read_notes()
        self._pages[-1] += self._read_margins()
        if self._runs.pictures:
            self._warnings.append(ReadingWarning(WarningCode.PICTURES_NOT_READ))
        if self._runs.unknown_symbols:
            self._warnings.append(ReadingWarning(WarningCode.TEXT_DAMAGED))
        texts = [join_blocks(page) for page in self._pages]
        numbers: list[int | None] = list(range(1, len(texts) + 1)) if self._breaks else [None]
        text, spans = join_pages(zip(numbers, texts, strict=True))
        return Reading(text, spans, self._warnings)

    def _read_blocks(self, parent: Any, *, is_top: bool = False) -> list[Block]:
        """The blocks below an element. At the top a new page takes what follows it."""
        blocks: list[Block] = []
        is_joined = False  # the end of the paragraph before is deleted
        for child in parent:
            tag = child.tag
            if tag == f"{W}p":
                blocks = _join(blocks, self._read_paragraph(child), is_one=is_joined)
                is_joined = child_of(child, "pPr/rPr/del") is not None
            elif tag == f"{W}tbl":
                blocks += self._read_table(child)
            elif tag == f"{W}altChunk":
                self._warnings.append(ReadingWarning(WarningCode.PART_MISSING))
            elif tag == f"{MC}AlternateContent":
                blocks += self._read_blocks(self._runs.choose(child))
            elif tag in _WRAPPERS:
                blocks += self._read_blocks(child, is_top=is_top)
            if is_top and self._runs.take_page_break():
                blocks = self._turn_page(blocks)
        return blocks

    def _turn_page(self, blocks: list[Block]) -> list[Block]:
        """Close the page; what stands after the break in the paragraph opens the next one."""
        before, after = blocks, []
        if blocks and "\f" in blocks[-1].text:
            *pieces, last = blocks[-1].text.split("\f")
            before = [*blocks[:-1], Block(pieces[0], blocks[-1].is_item)]
            for piece in pieces[1:]:
                self._pages[-1] += before
                self._pages.append([])
                before = [Block(piece)]
            after = [Block(last)]
        self._pages[-1] += before
        self._pages.append([])
        return after

    def _read_paragraph(self, paragraph: Any) -> list[Block]:
        properties = child_of(paragraph, "pPr")
        style = value_of(properties, "pStyle")
        mark, depth = self._next_mark(properties, style)
        text, boxes, graphics = self._runs.read(paragraph, style)
        blocks = []
        if text.strip() or (mark and not boxes):
            is_item = bool(mark) and not self._styles.is_heading(style)
            shown = indent_item(mark, text, depth if is_item else 0) if mark else text
            blocks = [Block(shown, is_item)] if text.strip() else []
        for box in boxes:
            blocks += self._read_blocks(box)
        for graphic in graphics:
            blocks += read_graphic(self._archive, self._relations, graphic)
        return blocks

    def _next_mark(self, properties: Any, style: str) -> tuple[str, int]:
        """The number or bullet of a paragraph, and its level; one with no words is not counted."""
        number, level = self._styles.numbering(style)
        own = child_of(properties, "numPr")
        if own is not None:
            number = value_of(own, "numId") or number
            level = value_of(own, "ilvl") or level
        if not number or number == "0":
            return "", 0
        depth = max(0, as_number(level, 0))
        return self._lists.next_mark(number, depth), depth

    def _read_table(self, table: Any) -> list[Block]:
        rows = [self._read_row(row) for row in _rows(table)]
        if all(len(row) == 1 for row in rows):  # a frame around paragraphs, not a table
            return [block for row in rows for block in row[0]]
        cells = [[" ".join(block.text for block in cell) for cell in row] for row in rows]
        return [Block(join_rows(cells))]

    def _read_row(self, row: Any) -> list[list[Block]]:
        """A row's cells; merged ones are empty but for the first."""
        cells: list[list[Block]] = [[]] * _number(row, "trPr/gridBefore", 0)
        for cell in _cells(row):
            properties = cell.find(f"{W}tcPr")
            merged = properties.find(f"{W}vMerge") if properties is not None else None
            if child_of(properties, "cellDel") is not None:
                continue
            goes_on = merged is not None and merged.get(VAL, "continue") == "continue"
            cells.append([] if goes_on else self._read_blocks(cell))
            cells += [[]] * (_number(cell, "tcPr/gridSpan", 1) - 1)
        return cells

    def _read_notes(self) -> list[Block]:
        """Footnotes and endnotes in the order of their marks, then comments."""
        blocks: list[Block] = []
        for kind, part in (
            ("footnote", "footnotes"),
            ("endnote", "endnotes"),
            ("comment", "comments"),
        ):
            root = self._archive.xml(self._parts.get(part, ""))
            if root is None:
                continue
            bodies = {note.get(f"{W}id", ""): note for note in root.iter(f"{W}{kind}")}
            for key, mark in self._runs.notes[kind].items():
                if key in bodies:
                    text = " ".join(block.text.strip() for block in self._read_blocks(bodies[key]))
                    blocks.append(Block(f"{mark} {text}".strip() if text else ""))
        return blocks

    def _read_margins(self) -> list[Block]:
        """Headers and footers, each once."""
        seen: dict[str, None] = {}
        pictures = self._runs.pictures
        for reference in self._body.iter(f"{W}headerReference", f"{W}footerReference"):
            part = self._relations.get(reference.get(_RELATION_ID, ""), ("", ""))[1]
            root = self._archive.xml(part)
            if root is not None:
                seen[join_blocks(self._read_blocks(root))] = None
        self._runs.pictures = pictures  # a logo at the head of each page is no content
        return [Block(text.replace("\f", "\n")) for text in seen]


def _join(before: list[Block], blocks: list[Block], *, is_one: bool) -> list[Block]:
    """Blocks after others; `is_one`: the first goes on where the last one ends."""
    if not (is_one and before and blocks):
        before += blocks  # in place: files have 10,000 of paragraphs
        return before
    joined = Block(before[-1].text + blocks[0].text, before[-1].is_item)
    return [*before[:-1], joined, *blocks[1:]]


def _rows(table: Any) -> list[Any]:
    rows = []
    for child in table:
        if child.tag == f"{W}tr":
            properties = child.find(f"{W}trPr")
            if properties is None or properties.find(f"{W}del") is None:
                rows.append(child)
        elif child.tag in _WRAPPERS:
            rows += _rows(child)
    return rows


def _cells(row: Any) -> list[Any]:
    cells = []
    for child in row:
        if child.tag == f"{W}tc":
            cells.append(child)
        elif child.tag in _WRAPPERS:
            cells += _cells(child)
    return cells


def _number(element: Any, path: str, default: int) -> int:
    return max(0, min(as_number(value_of(element, path), default), MAX_SPAN))


def _breaks_of_pages(archive: Archive, body: Any) -> str:
    """Which marks of new pages agree with the count that Word itself gives: its own, or a hand's.

    Only where they agree can a page be cited; empty where none do.
    """
    properties = archive.xml("docProps/app.xml")
    counted = properties.findtext(f"{_APP}Pages") if properties is not None else ""
    pages = as_number(counted, 0)
    rendered = sum(1 for _ in body.iter(f"{W}lastRenderedPageBreak"))
    if rendered and rendered + 1 == pages:
        return "rendered"
    by_hand = sum(one.get(f"{W}type") == "page" for one in body.iter(f"{W}br")) + sum(
        is_on(one, "pageBreakBefore") is True for one in body.iter(f"{W}pPr")
    )
    return "hand" if by_hand + 1 == pages else ""
