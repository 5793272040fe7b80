"""A file of a known type to its text and pages: a reader for each format.

Free of Django, as the extracting child process runs it.
"""

from dataclasses import replace
from pathlib import Path

from documents.decoding import has_words
from documents.failures import ExtractionError, Failure
from documents.reading.epub import read_epub
from documents.reading.html import read_html
from documents.reading.images import read_image
from documents.reading.opendocument import read_opendocument
from documents.reading.pdf import read_pdf
from documents.reading.plain import read_plain
from documents.reading.rtf import read_rtf
from documents.reading.sheets import read_sheets
from documents.reading.slides import read_slides
from documents.reading.text import Reading
from documents.reading.word import read_word
from documents.warnings import limit_warnings

MAX_CHARACTERS = 20_000_000
_OFFICE = "application/vnd.openxmlformats-officedocument"
_READERS = {
    "text/plain": read_plain,
    "text/markdown": read_plain,
    "text/csv": read_plain,
    "text/html": read_html,
    "application/rtf": read_rtf,
    "application/epub+zip": read_epub,
    "application/vnd.oasis.opendocument.text": read_opendocument,
    f"{_OFFICE}.wordprocessingml.document": read_word,
    f"{_OFFICE}.presentationml.presentation": read_slides,
    f"{_OFFICE}.spreadsheetml.sheet": read_sheets,
}


def read_file(path: Path, content_type: str, *, languages: str) -> Reading:
    """The text of a file, the span of each page, and what is missing from it.

    One span without number where a format has no pages. `languages`: Tesseract's codes joined by
    `+`, for pictures.
    Raises: ExtractionError.
    """
    if content_type == "application/pdf":
        reading = read_pdf(path, languages)
    elif content_type.startswith("image/"):
        reading = read_image(path, languages)
    elif content_type in _READERS:
        reading = _READERS[content_type](path)
    else:
        raise ExtractionError(Failure.UNSUPPORTED_TYPE)
    if len(reading.text) > MAX_CHARACTERS:
        raise ExtractionError(Failure.TOO_LARGE)
    if not has_words(reading.text):
        raise ExtractionError(Failure.EMPTY)
    return replace(reading, warnings=limit_warnings(reading.warnings))
