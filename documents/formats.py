"""Which kinds of file are taken in, told by their content first and by their name second."""

import unicodedata
import zipfile
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import File

from documents.reading.encodings import is_binary
from documents.zip_directory import read_archive
from learningaier.core.errors import ServiceError

MAX_FILENAME = 255  # characters
SNIFFED_BYTES = 64 * 1024

PDF = "application/pdf"
RTF = "application/rtf"
EPUB = "application/epub+zip"
ODT = "application/vnd.oasis.opendocument.text"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

TEXTS = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".csv": "text/csv",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
}
BINARIES = {
    ".pdf": PDF,
    ".docx": DOCX,
    ".pptx": PPTX,
    ".xlsx": XLSX,
    ".epub": EPUB,
    ".odt": ODT,
    ".rtf": RTF,
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".webp": "image/webp",
}
_SIGNATURES = (
    (b"{\\rtf", RTF),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
)
_OFFICE_FOLDERS = {"word/": DOCX, "ppt/": PPTX, "xl/": XLSX}
_DIRECTION_MARKS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


class UnsupportedType(ServiceError):
    """A kind of file that no text can be had from."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    code = "unsupported_type"


def detect_type(file: File[Any], filename: str) -> str:
    """The media type of a file.

    A file whose name promises a format that its content is not is let through under that name:
    processing tells the learner that it is damaged.
    Raises: UnsupportedType (415).
    """
    file.seek(0)
    head = file.read(SNIFFED_BYTES)
    suffix = PurePosixPath(filename).suffix.lower()
    found = _by_signature(head) or (_by_entries(file.file) if head.startswith(b"PK") else "")
    found = found or BINARIES.get(suffix, "") or ("" if is_binary(head) else _as_text(head, suffix))
    if not found:
        raise UnsupportedType(
            "Upload a PDF, Word, PowerPoint, Excel, OpenDocument, EPUB, HTML, RTF, Markdown, text, "
            "CSV or image file."
        )
    return found


def _by_signature(head: bytes) -> str:
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for mark, kind in _SIGNATURES if head.startswith(mark)), "")


def _by_entries(file: Any) -> str:
    """What a ZIP archive is, from the names of its entries; no entry but `mimetype` is read."""
    try:
        names, declared = read_archive(file)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError):
        return ""
    if declared:
        return declared if declared in {EPUB, ODT} else ""
    if "[Content_Types].xml" not in names:
        return ""
    folders = {name.partition("/")[0] + "/" for name in names}
    return next((kind for folder, kind in _OFFICE_FOLDERS.items() if folder in folders), "")


def _as_text(head: bytes, suffix: str) -> str:
    opening = head[:1024].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    if suffix in {"", *TEXTS} and opening.startswith((b"<!doctype html", b"<html")):
        return TEXTS.get(suffix, "text/html")
    return TEXTS.get(suffix, "" if suffix else "text/plain")


def clean_filename(name: str) -> str:
    """A file name to show and to offer for saving: no folders, no control or direction marks."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        character
        for character in last
        if unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}
        and character not in _DIRECTION_MARKS
    ).strip()
    if not kept.strip("."):
        return "document"
    suffix = PurePosixPath(kept).suffix[:20]
    return kept if len(kept) <= MAX_FILENAME else kept[: MAX_FILENAME - 20] + suffix
