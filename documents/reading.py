"""A file of a known type to its text and pages; kreuzberg's one adapter.

Free of Django, as the extracting child process runs it.
"""

import os
import re
import secrets
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import kreuzberg
from kreuzberg import ExtractionConfig, OcrConfig, PageConfig

from documents.decoding import Span, clean_text, decode_html, decode_text, has_words, join_pages
from documents.failures import NO_OCR, ExtractionError, Failure

MAX_CHARACTERS = 20_000_000
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
PDF = "application/pdf"
PLAIN = frozenset({"text/plain", "text/markdown", "text/csv"})
SCAN_DPI = 200
LANGUAGE_FOLDERS = (  # where the system packages of Tesseract put their language data
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)
# What an <img> becomes. No "![" is within: each would else be read to the end of the line.
_IMAGE = re.compile(r"!\[((?:(?!!\[)[^\]\n])*)\]\((?:(?!!\[)[^)\n])*\)")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_APP_NAMESPACE = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}"
_MAX_PROPERTIES = 64 * 1024  # bytes


def read_file(path: Path, content_type: str, *, languages: str) -> tuple[str, list[Span]]:
    """The text of a file and the span of each page; one span without number where there are none.

    `languages`: Tesseract's codes joined by `+`, tried on images and on pages without text.
    Raises: ExtractionError.
    """
    if content_type in PLAIN:
        text, spans = _as_one(decode_text(path.read_bytes()))
    else:
        text, spans = _read_with_kreuzberg(path, content_type, languages)
    if len(text) > MAX_CHARACTERS:
        raise ExtractionError(Failure.TOO_LARGE)
    if not has_words(text):
        raise ExtractionError(Failure.EMPTY)
    return text, spans


def _as_one(content: str) -> tuple[str, list[Span]]:
    text = clean_text(content)
    return text, [(None, 0, len(text))]


def _read_with_kreuzberg(path: Path, content_type: str, languages: str) -> tuple[str, list[Span]]:
    _refuse_encrypted_office(path)
    installed = find_ocr_languages(languages)
    if content_type.startswith("image/"):
        if not installed:
            raise ExtractionError(Failure.UNREADABLE, NO_OCR)
        return _as_one(_extract(path, content_type, ocr=_ocr(installed)).content)
    if content_type == "text/html":
        return _as_one(_extract_html(path))
    if content_type == PPTX:
        return _read_slides(path)
    result = _extract(path, content_type, disable_ocr=True)
    pages = [(int(page["page_number"]), str(page["content"])) for page in result.pages or []]
    if content_type == PDF:
        return join_pages(_with_ocr(path, pages, installed))
    if content_type == DOCX and len(pages) == _pages_by_word(path):
        return join_pages(pages)
    return _as_one(result.content)


def _read_slides(path: Path) -> tuple[str, list[Span]]:
    """Of a presentation kreuzberg leaves the pages empty, but it can mark where each slide begins.

    The mark is a secret, so that no slide can pretend to be another.
    """
    token = secrets.token_hex(16)
    marked = PageConfig(
        extract_pages=True, insert_page_markers=True, marker_format=f"\n[{token} {{page_num}}]\n"
    )
    content = str(_extract(path, PPTX, disable_ocr=True, pages=marked).content)
    before, *parts = re.split(rf"\[{token} (\d+)\]", content)
    if not parts or has_words(before):
        return _as_one(re.sub(rf"\[{token} \d+\]", "", content))
    return join_pages(zip(map(int, parts[0::2]), parts[1::2], strict=True))


def _extract_html(path: Path) -> str:
    """By its own charset; kreuzberg takes every page for UTF-8."""
    page = decode_html(path.read_bytes()).encode("utf-8", errors="replace")
    with _translated():
        content = str(kreuzberg.extract_bytes_sync(page, "text/html", config=_config()).content)
    return _IMAGE.sub(r"\1", content)


def _config(**options: Any) -> ExtractionConfig:
    options.setdefault("pages", PageConfig(extract_pages=True))
    return ExtractionConfig(use_cache=False, enable_quality_processing=False, **options)


def _extract(path: Path, content_type: str, **options: Any) -> Any:
    with _translated():
        return kreuzberg.extract_file_sync(
            str(path), mime_type=content_type, config=_config(**options)
        )


@contextmanager
def _translated() -> Iterator[None]:
    """kreuzberg's errors as ours."""
    try:
        yield
    except kreuzberg.KreuzbergError as error:
        raise ExtractionError(_failure_of(error)) from error


def _failure_of(error: Exception) -> Failure:
    words = str(error).lower()
    if "password" in words or "encrypted" in words:
        return Failure.PASSWORD_PROTECTED
    if "unsupported" in words and "format" in words:
        return Failure.UNSUPPORTED_TYPE
    return Failure.UNREADABLE


def _refuse_encrypted_office(path: Path) -> None:
    """Word, PowerPoint and Excel put a file with a password into an old container."""
    with path.open("rb") as file:
        if file.read(len(_OLE)) == _OLE and _ENCRYPTED_PACKAGE in file.read():
            raise ExtractionError(Failure.PASSWORD_PROTECTED)


def _with_ocr(
    path: Path, pages: Sequence[tuple[int, str]], installed: str
) -> list[tuple[int, str]]:
    """The pages of a PDF, those without text read as images where an OCR engine is there."""
    blank = [number for number, content in pages if not has_words(content)]
    if not blank:
        return list(pages)
    if not installed:
        if len(blank) == len(pages):
            raise ExtractionError(Failure.UNREADABLE, NO_OCR)
        return list(pages)
    return [
        (number, _read_scan(path, number, installed) if number in blank else content)
        for number, content in pages
    ]


def _read_scan(path: Path, number: int, installed: str) -> str:
    """One page read as an image: of a whole PDF, nobody says which page the text is from."""
    with _translated():
        image = kreuzberg.render_pdf_page(str(path), number - 1, dpi=SCAN_DPI)
        config = _config(ocr=_ocr(installed))
        return str(kreuzberg.extract_bytes_sync(image, "image/png", config=config).content)


def _ocr(installed: str) -> OcrConfig:
    return OcrConfig(backend="tesseract", language=installed)


def find_ocr_languages(languages: str) -> str:
    """Those of the wanted languages whose data are there, joined by `+`."""
    folders = [os.environ.get("TESSDATA_PREFIX", ""), *LANGUAGE_FOLDERS]
    folder = next((Path(name) for name in folders if name and Path(name).is_dir()), None)
    if folder is None:
        return ""
    os.environ["TESSDATA_PREFIX"] = str(folder)  # so that Tesseract looks where we did
    wanted = languages.split("+")
    return "+".join(name for name in wanted if (folder / f"{name}.traineddata").is_file())


def _pages_by_word(path: Path) -> int:
    """How many pages Word itself has counted; 0 if it does not say.

    kreuzberg counts page breaks made by hand. Only where the two agree can a page be cited.
    """
    try:
        with zipfile.ZipFile(path) as archive, archive.open("docProps/app.xml") as entry:
            properties = ElementTree.fromstring(entry.read(_MAX_PROPERTIES))  # noqa: S314
            return int(properties.findtext(f"{_APP_NAMESPACE}Pages") or 0)
    except (KeyError, ValueError, zipfile.BadZipFile, ElementTree.ParseError):
        return 0
