"""PDFs: the text layer with its raised figures, what forms and notes hold, OCR where it must be."""

from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from documents.decoding import clean_text, has_words, join_pages
from documents.failures import ExtractionError, Failure
from documents.reading.ocr import Recognized, recognize
from documents.reading.pdf_notes import insert_notes, read_notes
from documents.reading.pdf_text import PageText, read_page_text
from documents.reading.text import Reading
from documents.warnings import ReadingWarning, WarningCode

SCAN_DPI = 200
MAX_OCR_SIDE = 4000  # pixels of a page that is made a picture
_SCANNED = 0.15  # share of the page that a picture covers, from which it may be a scan
_NEXT_TO_NOTHING = 0.08  # share of that picture that text covers
_FIGURE = 0.04  # share of the page from which a picture is no ornament
_DAMAGED = 0.003  # share of unknown letters from which a page is read again as a picture
_NAMES_SIMILAR = 0.75


def read_pdf(path: Path, languages: str) -> Reading:
    """The text of a PDF by page. Raises: ExtractionError."""
    try:
        document = pdfium.PdfDocument(path)
        document.init_forms()
        count = len(document)
    except pdfium.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD
        raise ExtractionError(
            Failure.PASSWORD_PROTECTED if is_locked else Failure.UNREADABLE
        ) from error
    if not count:
        raise ExtractionError(Failure.UNREADABLE)
    warnings: list[ReadingWarning] = []
    with document:
        pages = [
            (number, _read_page(document, number, languages, warnings))
            for number in range(1, count + 1)
        ]
    text, spans = join_pages(pages)
    return Reading(text, spans, warnings)


def _read_page(document: Any, number: int, languages: str, warnings: list[ReadingWarning]) -> str:
    try:
        page = document[number - 1]
    except pdfium.PdfiumError:
        warnings.append(ReadingWarning(WarningCode.PART_MISSING, number))
        return ""
    try:
        return _Page(document, page, number, languages, warnings).read()
    finally:
        page.close()


class _Page:
    def __init__(
        self, document: Any, page: Any, number: int, languages: str, warnings: list[ReadingWarning]
    ) -> None:
        self._document, self._page, self._number = document, page, number
        self._languages, self._warnings = languages, warnings
        self._pictures, self._has_drawings = _measure_pictures(page)

    def read(self) -> str:
        found = read_page_text(self._page)
        notes = read_notes(self._document, self._page)
        if self._is_scan(found):
            return self._read_scan(found, notes)
        if found.unknown > _DAMAGED * max(len(found.text), 1) or found.is_gibberish:
            return self._read_again(found, notes)
        if self._pictures > _FIGURE:
            self._warn(WarningCode.PICTURES_NOT_READ)
        return insert_notes(found, notes)

    def _warn(self, code: WarningCode) -> None:
        self._warnings.append(ReadingWarning(code, self._number))

    def _is_scan(self, found: PageText) -> bool:
        """Whether the page is a picture, with no words or with a stamp or two on it."""
        if not has_words(found.text):
            return self._pictures > _FIGURE or self._has_drawings
        return self._pictures > _SCANNED and found.area < _NEXT_TO_NOTHING * self._pictures

    def _read_scan(self, found: PageText, notes: list[Any]) -> str:
        seen = self._recognize()
        if not has_words(seen.text):
            if self._pictures > _FIGURE:
                self._warn(WarningCode.PAGE_NOT_READ)
            return insert_notes(found, notes)
        self._warn_if_uncertain(seen)
        known = [line for line in clean_text(found.text).split("\n") if has_words(line)]
        lacking = [line for line in known if not _is_in(line, seen.text)]
        note_lines = [note.text for note in notes if not _is_in(note.text, seen.text)]
        return "\n\n".join([seen.text, *lacking, *note_lines])

    def _read_again(self, found: PageText, notes: list[Any]) -> str:
        """A page whose own text is damaged: as a picture, if that can be read well."""
        seen = self._recognize()
        if seen.is_certain and len(seen.text) > 0.5 * len(found.text):
            lines = [note.text for note in notes if not _is_in(note.text, seen.text)]
            return "\n\n".join([seen.text, *lines])
        self._warn(WarningCode.TEXT_DAMAGED)
        return insert_notes(found, notes)

    def _recognize(self) -> Recognized:
        width, height = self._page.get_size()
        scale = min(SCAN_DPI / 72, MAX_OCR_SIDE / max(width, height, 1))
        image = self._page.render(scale=scale).to_pil().convert("RGB")
        return recognize(image, self._languages)

    def _warn_if_uncertain(self, seen: Recognized) -> None:
        if not seen.is_certain:
            self._warn(WarningCode.OCR_UNCERTAIN)


def _is_in(line: str, text: str) -> bool:
    """Whether a line stands in a text that was recognized, be it with a letter wrong."""
    wanted = _letters(line)
    lines = [_letters(other) for other in text.split("\n")]
    if wanted in _letters(text):
        return True
    return any(
        sum(a == b for a, b in zip(wanted, other, strict=False)) > _NAMES_SIMILAR * len(wanted)
        for other in lines
    )


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _measure_pictures(page: Any) -> tuple[float, bool]:
    """The share of the page that pictures cover; whether there are drawings enough for words."""
    width, height = page.get_size()
    covered, paths = 0.0, 0
    for element in page.get_objects(max_depth=3):
        if element.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = element.get_bounds()
            covered += max(0.0, min(right, width) - max(left, 0.0)) * max(
                0.0, min(top, height) - max(bottom, 0.0)
            )
        elif element.type == raw.FPDF_PAGEOBJ_PATH:
            paths += 1
    return min(1.0, covered / max(width * height, 1.0)), paths > 20
