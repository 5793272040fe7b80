"""What forms and notes on a PDF's page hold: put into the text at their place."""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pypdfium2 import raw

from documents.decoding import clean_text
from documents.reading.pdf_text import PageText

_HIDDEN = 0x2 | 0x20  # flags: hidden, no view
_CHECKABLE = frozenset({raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON})
_VALUED = frozenset(
    {raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX}
)
_PASSWORD = 1 << 13
_WITH_TEXT = frozenset(
    {raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_HIGHLIGHT,
     raw.FPDF_ANNOT_UNDERLINE, raw.FPDF_ANNOT_STRIKEOUT, raw.FPDF_ANNOT_SQUIGGLY,
     raw.FPDF_ANNOT_SQUARE, raw.FPDF_ANNOT_CIRCLE, raw.FPDF_ANNOT_LINE, raw.FPDF_ANNOT_POLYGON,
     raw.FPDF_ANNOT_POLYLINE, raw.FPDF_ANNOT_INK, raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_CARET}
)  # fmt: skip


@dataclass(frozen=True)
class PageNote:
    """A filled value or a note; its place in points, from the lower left corner."""

    text: str
    left: float
    middle: float


def read_notes(document: Any, page: Any) -> list[PageNote]:
    """The filled fields and the notes of a page, from top to bottom."""
    notes = []
    for at in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, at)
        if not annotation:
            continue
        try:
            if not raw.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
                text = clean_text(_text_of(document, annotation))
                if text:
                    rect = raw.FS_RECTF()
                    raw.FPDFAnnot_GetRect(annotation, rect)
                    notes.append(PageNote(text, rect.left, (rect.top + rect.bottom) / 2))
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    return sorted(notes, key=lambda note: (-note.middle, note.left))


def _text_of(document: Any, annotation: Any) -> str:
    subtype = raw.FPDFAnnot_GetSubtype(annotation)
    if subtype in _WITH_TEXT:
        return _string(lambda buffer, size: raw.FPDFAnnot_GetStringValue(
            annotation, b"Contents", buffer, size
        ))  # fmt: skip
    if subtype != raw.FPDF_ANNOT_WIDGET or document.formenv is None:
        return ""
    form = document.formenv.raw
    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in _CHECKABLE:
        return "☒" if raw.FPDFAnnot_IsChecked(form, annotation) else "☐"
    is_secret = raw.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD
    if kind not in _VALUED or (kind == raw.FPDF_FORMFIELD_TEXTFIELD and is_secret):
        return ""
    return _string(lambda buffer, size: raw.FPDFAnnot_GetFormFieldValue(
        form, annotation, buffer, size
    ))  # fmt: skip


def _string(read: Callable[[Any, int], int]) -> str:
    """A string that PDFium writes into a buffer, once its length is known."""
    size = read(None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    read(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", errors="replace")


def insert_notes(page: PageText, notes: list[PageNote]) -> str:
    """The page's text with each note behind the line that it stands beside, or below it."""
    text = page.text
    insertions: list[tuple[int, str]] = []
    for note in notes:
        beside = [
            (start, box)
            for start, box in page.lines
            if box[1] - 3 <= note.middle <= box[3] + 3 and box[0] <= note.left
        ]
        above = [(start, box) for start, box in page.lines if box[1] > note.middle]
        if beside:
            start = max(beside, key=lambda line: line[1][0])[0]
            insertions.append((_line_end(text, start), f" {note.text}"))
        elif above:
            start = min(above, key=lambda line: line[1][1])[0]
            insertions.append((_line_end(text, start), f"\n{note.text}"))
        else:
            insertions.append((0, f"{note.text}\n"))
    for at, addition in sorted(insertions, key=lambda item: item[0], reverse=True):
        text = text[:at] + addition + text[at:]
    return text


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    return end - 1 if text[end - 1 : end] == "\r" else end
