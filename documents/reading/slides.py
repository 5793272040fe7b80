"""Presentations (PPTX): a page a slide; its boxes from top to bottom, tables, charts, notes."""

from pathlib import Path
from typing import Any

from documents.decoding import join_pages
from documents.failures import ExtractionError, Failure
from documents.reading.drawings import DRAWING, read_graphic
from documents.reading.formulas import as_formula, from_omml
from documents.reading.numbering import format_number
from documents.reading.numbers import as_decimal, as_number
from documents.reading.packages import Archive
from documents.reading.symbols import as_bullet, from_private_use
from documents.reading.text import Block, Line, Reading, indent_item, join_blocks, join_rows
from documents.warnings import ReadingWarning, WarningCode

P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
A = DRAWING
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_KINDS = {"alphaLc": "lowerLetter", "alphaUc": "upperLetter", "romanLc": "lowerRoman",
          "romanUc": "upperRoman", "arabic": "decimal"}  # fmt: skip
_TITLES = frozenset({"title", "ctrTitle"})
_NOT_OF_NOTES = frozenset({"sldImg", "sldNum", "dt", "hdr", "ftr"})


def read_slides(path: Path) -> Reading:
    """The text of a presentation, a page a slide. Raises: ExtractionError."""
    with Archive(path) as archive:
        main = next(
            (part for kind, part in archive.relations("").values() if kind == "officeDocument"),
            "ppt/presentation.xml",
        )
        root = archive.xml(main)
        if root is None:
            raise ExtractionError(Failure.UNREADABLE)
        relations = archive.relations(main)
        warnings: list[ReadingWarning] = []
        pages = []
        for number, slide in enumerate(root.iter(f"{P}sldId"), 1):
            part = relations.get(slide.get(_RELATION_ID, ""), ("", ""))[1]
            pages.append((number, _read_slide(archive, part, number, warnings)))
    text, spans = join_pages(pages)
    return Reading(text, spans, warnings)


def _read_slide(archive: Archive, part: str, number: int, warnings: list[ReadingWarning]) -> str:
    root = archive.xml(part)
    if root is None:
        warnings.append(ReadingWarning(WarningCode.PART_MISSING, number))
        return ""
    relations = archive.relations(part)
    slide = _Slide(archive, relations)
    blocks = slide.read(root)
    if slide.has_pictures:
        warnings.append(ReadingWarning(WarningCode.PICTURES_NOT_READ, number))
    for kind, target in relations.values():
        found = archive.xml(target) if kind in {"notesSlide", "comments"} else None
        if found is None:
            continue
        if kind == "notesSlide":
            blocks += _Slide(archive, archive.relations(target), skipped=_NOT_OF_NOTES).read(found)
        else:
            blocks += [Block(text.text or "") for text in found.iter(f"{P}text")]
            blocks += [Block(text.text or "") for text in found.iter(f"{A}t")]
    return join_blocks(blocks)


class _Slide:
    def __init__(
        self,
        archive: Archive,
        relations: dict[str, tuple[str, str]],
        skipped: frozenset[str] = frozenset(),
    ) -> None:
        self._archive, self._relations, self._skipped = archive, relations, skipped
        self.has_pictures = False

    def read(self, root: Any) -> list[Block]:
        tree = root.find(f"{P}cSld/{P}spTree")
        return self._read_shapes(tree) if tree is not None else []

    def _read_shapes(self, tree: Any) -> list[Block]:
        shapes = []
        for at, shape in enumerate(tree):
            if shape.tag == _MC:
                shape = next(iter(next(iter(shape), ())), None)  # noqa: PLW2901  the first choice
            if shape is not None and isinstance(shape.tag, str) and not _is_hidden(shape):
                kind = _placeholder(shape)
                if kind not in self._skipped:
                    shapes.append((kind not in _TITLES, *_place(shape, at), shape))
        blocks: list[Block] = []
        for *_, shape in sorted(shapes, key=lambda item: item[:4]):
            blocks += self._read_shape(shape)
        return blocks

    def _read_shape(self, shape: Any) -> list[Block]:
        if shape.tag == f"{P}grpSp":
            return self._read_shapes(shape)
        if shape.tag == f"{P}pic" or shape.find(f"{P}spPr/{A}blipFill") is not None:
            self.has_pictures = True
        blocks: list[Block] = []
        for body in shape.findall(f"{P}txBody"):
            blocks += _read_paragraphs(body)
        for table in shape.iter(f"{A}tbl"):
            blocks.append(Block(join_rows(map(_read_row, table.iter(f"{A}tr")))))
        if shape.tag == f"{P}graphicFrame":
            blocks += read_graphic(self._archive, self._relations, shape)
            self.has_pictures = self.has_pictures or (
                shape.find(f".//{P}oleObj") is not None and not blocks
            )
        return blocks


def _is_hidden(shape: Any) -> bool:
    named = shape.find(f"./*/{P}cNvPr")
    return named is not None and named.get("hidden") in {"1", "true"}


def _placeholder(shape: Any) -> str:
    found = shape.find(f"./*/{P}nvPr/{P}ph")
    return str(found.get("type", "obj")) if found is not None else ""


def _place(shape: Any, at: int) -> tuple[int, int, int]:
    """Top and left in rows of a quarter inch; a shape whose layout places it keeps its turn."""
    offset = next(shape.iter(f"{A}off"), None)
    if offset is None:
        return 0, 0, at
    row = 228_600  # a quarter of an inch, in English metric units
    return as_number(offset.get("y"), 0) // row, as_number(offset.get("x"), 0) // row, at


def _read_row(row: Any) -> list[str]:
    """A row's cells; those merged into another are empty."""
    return [
        " ".join(block.text for block in _read_paragraphs(cell.find(f"{A}txBody")))
        if cell.get("hMerge") is None and cell.get("vMerge") is None
        else ""
        for cell in row.iter(f"{A}tc")
    ]


def _read_paragraphs(body: Any) -> list[Block]:
    blocks: list[Block] = []
    counts: dict[int, int] = {}
    for paragraph in body.findall(f"{A}p") if body is not None else ():
        text = _read_runs(paragraph)
        properties = paragraph.find(f"{A}pPr")
        level = as_number(properties.get("lvl"), 0) if properties is not None else 0
        mark = _mark_of(properties, counts, level) if text.strip() else ""
        blocks.append(Block(indent_item(mark, text, level) if mark else text, bool(mark)))
    return blocks


def _mark_of(properties: Any, counts: dict[int, int], level: int) -> str:
    """The bullet or number of a paragraph that sets one itself."""
    for deeper in [key for key in counts if key > level]:
        del counts[deeper]
    if properties is None:
        return ""
    numbered = properties.find(f"{A}buAutoNum")
    if numbered is None:
        counts.pop(level, None)
        bullet = properties.find(f"{A}buChar")
        return as_bullet(bullet.get("char", "")) if bullet is not None else ""
    start = as_number(numbered.get("startAt"), 1)
    counts[level] = counts.get(level, start - 1) + 1
    scheme = numbered.get("type", "arabicPeriod")
    kind = next((name for key, name in _KINDS.items() if scheme.startswith(key)), "decimal")
    number = format_number(counts[level], kind)
    if scheme.endswith("ParenBoth"):
        return f"({number})"
    return f"{number})" if scheme.endswith("ParenR") else f"{number}."


def _replaced_by_choices(paragraph: Any) -> set[Any]:
    """What older programs show in place of something new that is read itself."""
    return {
        element
        for alternatives in paragraph.iter(_MC)
        if next(alternatives.iter(_MATH, f"{A}t"), None) is not None
        for fallback in list(alternatives)[1:]
        for element in fallback.iter()
    }


def _read_runs(paragraph: Any) -> str:
    line = Line()
    replaced = _replaced_by_choices(paragraph)
    for child in paragraph.iter(f"{A}r", f"{A}br", f"{A}fld", f"{A}tab", _MATH):
        if child in replaced:
            continue
        if child.tag == f"{A}br":
            line.write("\n")
        elif child.tag == _MATH:
            line.write(as_formula(from_omml(child)))
        elif child.tag != f"{A}tab":
            properties = child.find(f"{A}rPr")
            baseline = properties.get("baseline", "") if properties is not None else ""
            shift = as_decimal(baseline.rstrip("%"))
            script = "super" if shift > 0 else "sub" if shift < 0 else ""
            text = (child.findtext(f"{A}t") or "").replace("_x000B_", "\n")
            line.write(from_private_use(text, ""), script)
    return line.take().strip()
