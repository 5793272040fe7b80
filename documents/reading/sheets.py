"""Spreadsheets (XLSX): each sheet's name, then its cells as they show their values."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from documents.decoding import clean_text
from documents.failures import ExtractionError, Failure
from documents.reading.drawings import DRAWING, read_graphic
from documents.reading.number_formats import BUILT_IN, format_value
from documents.reading.numbers import as_number
from documents.reading.packages import Archive
from documents.reading.text import Block, Line, Reading, join_blocks, join_rows, one_line
from documents.warnings import ReadingWarning, WarningCode

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
MAX_COLUMNS = 16_384  # that Excel has
_UNCOMPUTED = "Some cells hold formulas whose results are not in the file."
_SINCE_1904 = datetime(1904, 1, 1)  # noqa: DTZ001  a spreadsheet's dates have no zone
_SINCE_1900 = datetime(1899, 12, 30)  # noqa: DTZ001
_PLACE = re.compile(r"([A-Z]{1,3})(\d+)")
_SCRIPTS = {"superscript": "super", "subscript": "sub"}


def read_sheets(path: Path) -> Reading:
    """The text of a workbook; hidden sheets, rows and columns are left out.

    Raises: ExtractionError.
    """
    with Archive(path) as archive:
        main = next(
            (part for kind, part in archive.relations("").values() if kind == "officeDocument"),
            "xl/workbook.xml",
        )
        root = archive.xml(main)
        if root is None:
            raise ExtractionError(Failure.UNREADABLE)
        blocks, warnings = _Workbook(archive, main, root).read()
    text = clean_text(join_blocks(blocks))
    return Reading(text, [(None, 0, len(text))], warnings)


class _Workbook:
    def __init__(self, archive: Archive, main: str, root: Any) -> None:
        self._archive = archive
        self._root = root
        self._relations = archive.relations(main)
        parts = dict(self._relations.values())
        self._strings = _shared_strings(archive.xml(parts.get("sharedStrings", "")))
        self._formats = _cell_formats(archive.xml(parts.get("styles", "")))
        settings = root.find(f"{S}workbookPr")
        is_1904 = settings is not None and settings.get("date1904") in {"1", "true"}
        self._epoch = _SINCE_1904 if is_1904 else _SINCE_1900
        self._uncomputed = 0  # formulas whose results are not in the file

    def read(self) -> tuple[list[Block], list[ReadingWarning]]:
        blocks: list[Block] = []
        warnings: list[ReadingWarning] = []
        for sheet in self._root.iter(f"{S}sheet"):
            if sheet.get("state", "visible") != "visible":
                continue
            name = sheet.get("name", "")
            kind, part = self._relations.get(sheet.get(_RELATION_ID, ""), ("", ""))
            root = self._archive.xml(part)
            if root is None:
                message = f"The sheet “{name[:100]}” could not be read."
                warnings.append(ReadingWarning(WarningCode.PART_MISSING, message=message))
                continue
            found = self._read_sheet(root, part) if kind != "chartsheet" else []
            drawn, has_pictures = self._read_drawings(part)
            blocks += [Block(name), *found, *drawn] if found or drawn else []
            if has_pictures:
                warnings.append(ReadingWarning(WarningCode.PICTURES_NOT_READ))
        if self._uncomputed:
            warnings.append(ReadingWarning(WarningCode.PART_MISSING, message=_UNCOMPUTED))
        return blocks, warnings

    def _read_sheet(self, root: Any, part: str) -> list[Block]:
        hidden = _hidden_columns(root)
        rows: list[dict[int, str]] = []
        for row in root.iter(f"{S}row"):
            if row.get("hidden") not in {"1", "true"}:
                cells = dict(self._read_row(row))
                rows.append({at: text for at, text in cells.items() if text and at not in hidden})
        used = sorted({at for row in rows for at in row})
        tables: list[list[list[str]]] = [[]]
        for cells in rows:
            if cells:
                tables[-1].append([cells.get(at, "") for at in used])
            elif tables[-1]:
                tables.append([])
        return [*(Block(join_rows(table)) for table in tables if table), *self._read_comments(part)]

    def _read_row(self, row: Any) -> Iterator[tuple[int, str]]:
        at = -1
        for cell in row.iter(f"{S}c"):
            place = _PLACE.match(cell.get("r", ""))
            at = _column(place[1]) if place else at + 1
            yield at, one_line(self._show(cell))

    def _as_serial(self, value: str) -> float:
        """A date in ISO 8601 as the number of days that formats expect. Raises: ValueError."""
        moment = datetime.fromisoformat(value.strip()).replace(tzinfo=None)
        return (moment - self._epoch) / timedelta(days=1)

    def _show(self, cell: Any) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _rich_text(cell.find(f"{S}is"))
        value = cell.findtext(f"{S}v")
        if value is None:
            self._uncomputed += cell.find(f"{S}f") is not None
            return ""
        if kind == "s":
            place = as_number(value, -1)
            return self._strings[place] if 0 <= place < len(self._strings) else ""
        if kind == "b":
            return "TRUE" if value.strip() == "1" else "FALSE"
        if kind in {"n", "d"}:
            return self._show_number(cell, value, is_date=kind == "d")
        return str(value)

    def _show_number(self, cell: Any, value: str, *, is_date: bool) -> str:
        """A number, or a date in ISO 8601, as the cell's format shows it."""
        style = as_number(cell.get("s"), 0)
        code = self._formats[style] if 0 <= style < len(self._formats) else "General"
        if is_date and code == "General":
            return value.removesuffix("T00:00:00").replace("T", " ")
        try:
            number = self._as_serial(value) if is_date else float(value)
            return format_value(number, code, epoch=self._epoch)
        except (ValueError, ArithmeticError):
            return value

    def _read_comments(self, part: str) -> list[Block]:
        blocks = []
        for kind, target in self._archive.relations(part).values():
            root = self._archive.xml(target) if kind == "comments" else None
            for comment in root.iter(f"{S}comment") if root is not None else ():
                text = one_line(_rich_text(comment.find(f"{S}text")))
                blocks.append(Block(f"{comment.get('ref', '')}: {text}" if text else ""))
        return blocks

    def _read_drawings(self, part: str) -> tuple[list[Block], bool]:
        """Text boxes and charts that lie on a sheet, and whether there are pictures."""
        blocks: list[Block] = []
        has_pictures = False
        for kind, target in self._archive.relations(part).values():
            root = self._archive.xml(target) if kind == "drawing" else None
            if root is None:
                continue
            blocks += [
                Block("".join(run.text or "" for run in paragraph.iter(f"{DRAWING}t")))
                for paragraph in root.iter(f"{DRAWING}p")
            ]
            blocks += read_graphic(self._archive, self._archive.relations(target), root)
            has_pictures = has_pictures or next(root.iter(f"{DRAWING}blip"), None) is not None
        return blocks, has_pictures


def _shared_strings(root: Any) -> list[str]:
    return [_rich_text(item) for item in root.iter(f"{S}si")] if root is not None else []


def _rich_text(item: Any) -> str:
    """A cell's text with its raised and lowered runs; without the readings above Japanese words."""
    line = Line()
    for child in item if item is not None else ():
        if child.tag == f"{S}t":
            line.write(child.text or "")
        elif child.tag == f"{S}r":
            raised = child.find(f"{S}rPr/{S}vertAlign")
            script = _SCRIPTS.get(raised.get("val", ""), "") if raised is not None else ""
            line.write("".join(text.text or "" for text in child.iter(f"{S}t")), script)
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), line.take())


def _cell_formats(root: Any) -> list[str]:
    """The format's code of each cell style."""
    if root is None:
        return []
    own = {
        as_number(one.get("numFmtId"), 0): one.get("formatCode", "")
        for one in root.iter(f"{S}numFmt")
    }
    styles = root.find(f"{S}cellXfs")
    keys = [as_number(one.get("numFmtId"), 0) for one in styles] if styles is not None else []
    return [own.get(key) or BUILT_IN.get(key, "General") for key in keys]


def _hidden_columns(root: Any) -> set[int]:
    hidden: set[int] = set()
    for columns in root.iter(f"{S}col"):
        if columns.get("hidden") in {"1", "true"}:
            last = min(as_number(columns.get("max"), 1), MAX_COLUMNS)
            hidden |= set(range(as_number(columns.get("min"), 1) - 1, last))
    return hidden


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
