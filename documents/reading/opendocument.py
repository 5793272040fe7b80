# ruff: noqa: SLF001  the table of readers names its class's own methods
"""OpenDocument texts (ODT) as a reader sees them: lists, notes, boxes; no deleted text."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from documents.decoding import clean_text
from documents.failures import ExtractionError, Failure
from documents.reading.formulas import as_formula, from_mathml
from documents.reading.numbering import Counters, Level
from documents.reading.numbers import as_number, find_number
from documents.reading.packages import Archive
from documents.reading.text import Block, Line, Reading, indent_item, join_blocks, join_rows
from documents.warnings import ReadingWarning, WarningCode

_NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
TEXT, TABLE, DRAW = (_NAMESPACE % name for name in ("text", "table", "drawing"))
FORM = _NAMESPACE % "form"
_SELECTED, _XML_ID = f"{FORM}current-selected", "{http://www.w3.org/XML/1998/namespace}id"
STYLE, OFFICE = _NAMESPACE % "style", _NAMESPACE % "office"
_LINK = "{http://www.w3.org/1999/xlink}href"
_LEVELS = (f"{TEXT}list-level-style-number", f"{TEXT}list-level-style-bullet")
_GONE = frozenset(
    [
        *(f"{TEXT}{name}" for name in ("tracked-changes", "sequence-decls", "variable-decls",
                                       "hidden-text", "user-field-decls")),
        f"{OFFICE}forms",
    ]
)  # fmt: skip
_WHITE = re.compile(r"[ \t\r\n]+")
MAX_REPEATED = 1000  # cells or rows that a file may repeat by a number


def read_opendocument(path: Path) -> Reading:
    """The text of an ODT. Raises: ExtractionError."""
    with Archive(path) as archive:
        manifest = archive.xml("META-INF/manifest.xml")
        if manifest is not None and next(manifest.iter("{*}encryption-data"), None) is not None:
            raise ExtractionError(Failure.PASSWORD_PROTECTED)
        root = archive.xml("content.xml")
        body = root.find(f"{OFFICE}body/{OFFICE}text") if root is not None else None
        if body is None:
            raise ExtractionError(Failure.UNREADABLE)
        document = _Document(archive, root)
        blocks = document.read(body)
    text = clean_text(join_blocks(blocks))
    warnings = [ReadingWarning(WarningCode.PICTURES_NOT_READ)] if document.pictures else []
    return Reading(text, [(None, 0, len(text))], warnings)


class _Document:
    def __init__(self, archive: Archive, root: Any) -> None:
        self._archive = archive
        self._styles_root = archive.xml("styles.xml")
        roots = [one for one in (self._styles_root, root) if one is not None]
        styles = [style for one in roots for style in one.iter(f"{STYLE}style")]
        self._scripts = {style.get(f"{STYLE}name"): _script_of(style) for style in styles}
        self._hidden = {style.get(f"{STYLE}name") for style in styles if _is_hidden(style)}
        self._lists = {
            style.get(f"{STYLE}name"): _levels_of(style)
            for one in roots
            for style in one.iter(f"{TEXT}list-style")
        }
        self._counters: dict[str, Counters] = {}
        self._controls = _controls_of(root)
        self._notes: list[Block] = []
        self._after: list[Block] = []
        self.pictures = 0

    def read(self, body: Any) -> list[Block]:
        """The body, then notes, then what stands at the head and foot of each page, once."""
        blocks = self._read_blocks(body)
        margins: dict[str, None] = {}
        pictures = self.pictures
        if self._styles_root is not None:
            for page in self._styles_root.iter(f"{STYLE}header", f"{STYLE}footer"):
                margins[join_blocks(self._read_blocks(page))] = None
        self.pictures = pictures
        return [*blocks, *self._notes, *map(Block, margins)]

    def _read_blocks(self, parent: Any) -> list[Block]:
        blocks: list[Block] = []
        for child in parent:
            tag = child.tag
            if tag in _GONE or child.get(f"{TEXT}display") == "none":
                continue
            if tag in {f"{TEXT}p", f"{TEXT}h"}:
                blocks += self._read_paragraph(child)
            elif tag == f"{TEXT}list":
                blocks += self._read_list(child, "", 0)
            elif tag == f"{TABLE}table":
                blocks.append(Block(join_rows(self._read_rows(child))))
            elif isinstance(tag, str):
                blocks += self._read_blocks(child)
        return blocks

    def _read_paragraph(self, paragraph: Any) -> list[Block]:
        if paragraph.get(f"{TEXT}style-name") in self._hidden:
            return []
        outer, self._after = self._after, []
        line = Line()
        self._read_inline(paragraph, line, "")
        after, self._after = self._after, outer
        return [Block(line.take()), *after]

    def _read_list(self, element: Any, style: str, depth: int) -> list[Block]:
        style = element.get(f"{TEXT}style-name") or style
        goes_on = element.get(f"{TEXT}continue-numbering") == "true" or depth > 0
        if style not in self._counters or not goes_on:
            self._counters[style] = Counters(self._lists.get(style, {}))
        blocks: list[Block] = []
        for item in element:
            is_header = item.tag == f"{TEXT}list-header"
            mark = None if is_header else ""
            for child in item:
                if child.tag == f"{TEXT}list":
                    blocks += self._read_list(child, style, depth + 1)
                    continue
                found = [block for block in self._read_blocks([child]) if block.text.strip()]
                for block in found:
                    if mark == "":
                        mark = self._next_mark(style, depth, item)
                        blocks.append(Block(indent_item(mark, block.text, depth), is_item=True))
                    else:
                        blocks.append(Block(indent_item("", block.text, depth + 1), is_item=True))
        return blocks

    def _next_mark(self, style: str, depth: int, item: Any) -> str:
        if not self._lists.get(style):
            return "•"
        return self._counters[style].next_mark(depth, find_number(item.get(f"{TEXT}start-value")))

    def _read_rows(self, table: Any) -> list[list[str]]:
        rows: list[list[str]] = []
        for child in table:
            if child.tag == f"{TABLE}table-row":
                cells = self._read_cells(child)
                repeated = _count(child, f"{TABLE}number-rows-repeated") if any(cells) else 1
                rows += [cells] * repeated
            elif child.tag in {f"{TABLE}table-header-rows", f"{TABLE}table-rows",
                               f"{TABLE}table-row-group"}:  # fmt: skip
                rows += self._read_rows(child)
        return rows

    def _read_cells(self, row: Any) -> list[str]:
        cells: list[str] = []
        for cell in row:
            if cell.tag == f"{TABLE}covered-table-cell":
                cells += [""] * _count(cell, f"{TABLE}number-columns-repeated")
            elif cell.tag == f"{TABLE}table-cell":
                text = " ".join(block.text for block in self._read_blocks(cell))
                cells += [text] * _count(cell, f"{TABLE}number-columns-repeated")
        return cells

    def _read_inline(self, element: Any, line: Line, script: str) -> None:
        line.write(_spaces(element.text), script)
        for child in element:
            tag = child.tag
            if isinstance(tag, str) and tag not in _GONE:
                reader = _INLINE.get(tag)
                if reader:
                    reader(self, child, line)
                elif child.get(f"{TEXT}style-name") not in self._hidden:
                    own = self._scripts.get(child.get(f"{TEXT}style-name"), "") or script
                    self._read_inline(child, line, own)
            line.write(_spaces(child.tail), script)

    def _read_note(self, note: Any, line: Line) -> None:
        mark = "".join(note.find(f"{TEXT}note-citation").itertext()) if note.find(
            f"{TEXT}note-citation") is not None else ""  # fmt: skip
        line.write(mark, "note")
        body = note.find(f"{TEXT}note-body")
        text = " ".join(block.text for block in self._read_blocks(body)) if body is not None else ""
        self._notes.append(Block(f"{mark} {text}".strip() if text else ""))

    def _read_annotation(self, note: Any, _line: Line) -> None:
        text = " ".join("".join(one.itertext()) for one in note.iter(f"{TEXT}p"))
        self._notes.append(Block(text))

    def _read_box(self, frame: Any, _line: Line) -> None:
        """A frame: a box of text, a formula, or a picture."""
        box = frame.find(f"{DRAW}text-box")
        embedded = frame.find(f"{DRAW}object")
        if box is not None:
            self._after += self._read_blocks(box)
        elif embedded is not None:
            self._read_object(embedded, _line)
        elif frame.find(f"{DRAW}image") is not None:
            self.pictures += 1
        else:
            self._after += self._read_blocks(frame)

    def _read_object(self, embedded: Any, line: Line) -> None:
        root = embedded.find("{*}math")
        name = (embedded.get(_LINK) or "").removeprefix("./")
        if root is None and name:
            root = self._archive.xml(f"{name}/content.xml")
        if root is None:
            self.pictures += 1
        elif str(root.tag).endswith("math"):
            line.write(as_formula(from_mathml(root)))
        else:
            self._after += self._read_blocks(root)

    def _read_control(self, control: Any, line: Line) -> None:
        """A field of a form, with what it holds."""
        if value := self._controls.get(control.get(f"{DRAW}control")):
            line.write(f" {value} ")

    def _read_ruby(self, ruby: Any, line: Line) -> None:
        base, above = ruby.find(f"{TEXT}ruby-base"), ruby.find(f"{TEXT}ruby-text")
        if base is not None:
            self._read_inline(base, line, "")
        if above is not None and (words := "".join(above.itertext()).strip()):
            line.write(f"({words})")


_INLINE: dict[str, Callable[[_Document, Any, Line], None]] = {
    f"{TEXT}s": lambda _, child, line: line.write(" " * _count(child, f"{TEXT}c")),
    f"{TEXT}tab": lambda _, _child, line: line.write("\t"),
    f"{TEXT}line-break": lambda _, _child, line: line.write("\n"),
    f"{TEXT}note": _Document._read_note,
    f"{OFFICE}annotation": _Document._read_annotation,
    f"{DRAW}frame": _Document._read_box,
    f"{DRAW}custom-shape": _Document._read_box,
    f"{DRAW}control": _Document._read_control,
    f"{TEXT}ruby": _Document._read_ruby,
}


def _controls_of(root: Any) -> dict[str | None, str]:
    """What the fields of the document's forms hold, by their ids."""
    found: dict[str | None, str] = {}
    for forms in root.iter(f"{OFFICE}forms"):
        for control in forms.iter(f"{FORM}*"):
            state = control.get(f"{FORM}current-state") or control.get(f"{FORM}state")
            value = control.get(f"{FORM}current-value") or control.get(f"{FORM}value") or ""
            chosen = [
                option.get(f"{FORM}label") or ""
                for option in control
                if "true" in {option.get(f"{FORM}current-selected"), option.get(f"{FORM}selected")}
            ]
            if str(control.tag) in {f"{FORM}checkbox", f"{FORM}radio"}:
                box = "☒" if state == "checked" or control.get(_SELECTED) == "true" else "☐"
                value = f"{box} {control.get(f'{FORM}label') or ''}".strip()
            found[control.get(f"{FORM}id") or control.get(_XML_ID)] = ", ".join(chosen) or value
    return found


def _spaces(text: str | None) -> str:
    """White space as the format means it: any run of it is one space."""
    if not text:
        return ""
    return _WHITE.sub(" ", text)


def _count(element: Any, name: str) -> int:
    return max(1, min(as_number(element.get(name), 1), MAX_REPEATED))


def _script_of(style: Any) -> str:
    for properties in style.iter(f"{STYLE}text-properties"):
        position = (properties.get(f"{STYLE}text-position") or "").split(" ")[0]
        if position.startswith("super") or (position.rstrip("%").isdigit() and position != "0%"):
            return "super"
        if position.startswith(("sub", "-")):
            return "sub"
    return ""


def _is_hidden(style: Any) -> bool:
    return any(
        properties.get(f"{TEXT}display") == "none"
        for properties in style.iter(f"{STYLE}text-properties")
    )


def _levels_of(style: Any) -> dict[int, Level]:
    levels = {}
    for level in style.iter(*_LEVELS):
        at = as_number(level.get(f"{TEXT}level"), 1) - 1
        if level.tag == _LEVELS[1]:
            levels[at] = Level("bullet", level.get(f"{TEXT}bullet-char", "•"))
            continue
        shown = as_number(level.get(f"{TEXT}display-levels"), 1)
        numbers = ".".join(f"%{one + 1}" for one in range(max(0, at - shown + 1), at + 1))
        prefix, suffix = (
            level.get(f"{STYLE}num-prefix") or "",
            level.get(f"{STYLE}num-suffix") or "",
        )
        kind = level.get(f"{STYLE}num-format") or ""
        levels[at] = Level(
            kind={"1": "decimal"}.get(kind, kind) or "none",
            pattern=f"{prefix}{numbers}{suffix}" if kind else f"{prefix}{suffix}",
            start=as_number(level.get(f"{TEXT}start-value"), 1),
        )
    return levels
