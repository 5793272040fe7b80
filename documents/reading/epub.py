"""EPUBs: the chapters in their order, and a warning for each that is missing."""

import posixpath
from pathlib import Path
from typing import Any

from documents.decoding import clean_text
from documents.failures import ExtractionError, Failure
from documents.reading.html import read_markup
from documents.reading.labels import decode_html
from documents.reading.packages import Archive, resolve
from documents.reading.plain import warn_of_decoding
from documents.reading.text import Block, Reading, join_blocks
from documents.warnings import ReadingWarning, WarningCode

_FONT_ALGORITHMS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")


def read_epub(path: Path) -> Reading:
    """The text of an EPUB. Raises: ExtractionError."""
    with Archive(path) as archive:
        locked = _locked_entries(archive)
        package = _find_package(archive)
        blocks: list[Block] = []
        warnings: list[ReadingWarning] = []
        chapters = _chapters(archive, package)
        if chapters and all(archive.find(name) in locked for name in chapters):
            raise ExtractionError(Failure.PASSWORD_PROTECTED)
        for name in chapters:
            chapter, found = _read_chapter(archive, name, locked)
            blocks += chapter
            warnings += found
    text = clean_text(join_blocks(blocks))
    return Reading(text, [(None, 0, len(text))], warnings)


def _read_chapter(
    archive: Archive, name: str, locked: set[str]
) -> tuple[list[Block], list[ReadingWarning]]:
    data = archive.read(name) if archive.find(name) not in locked else None
    if data is None:
        message = f"The chapter “{posixpath.basename(name)[:100]}” could not be read."
        return [], [ReadingWarning(WarningCode.PART_MISSING, message=message)]
    if _is_picture(data):
        return [], [ReadingWarning(WarningCode.PICTURES_NOT_READ)]
    decoded = decode_html(data)
    blocks, has_pictures = read_markup(decoded.text, is_xml=True)
    warnings = warn_of_decoding(decoded)
    if has_pictures:
        warnings.append(ReadingWarning(WarningCode.PICTURES_NOT_READ))
    return blocks, warnings


def _is_picture(data: bytes) -> bool:
    """Whether a chapter is no page but a picture, as covers are."""
    return data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF"))


def _find_package(archive: Archive) -> str:
    container = archive.xml("META-INF/container.xml")
    if container is not None:
        for root in container.iter("{*}rootfile"):
            if name := archive.find(root.get("full-path") or ""):
                return name
    found = next((name for name in archive.names if name.lower().endswith(".opf")), "")
    if not found:
        raise ExtractionError(Failure.UNREADABLE)
    return found


def _chapters(archive: Archive, package: str) -> list[str]:
    """The entries of the spine, in order, each once; without a spine every page of the manifest."""
    root = archive.xml(package)
    if root is None:
        raise ExtractionError(Failure.UNREADABLE)
    folder = posixpath.dirname(package)
    items = {item.get("id"): item for item in root.iter("{*}item")}
    wanted = [items.get(one.get("idref")) for one in root.iter("{*}itemref")]
    if not any(item is not None for item in wanted):
        wanted = [item for item in items.values() if "html" in (item.get("media-type") or "")]
    names = [_entry(archive, folder, item) for item in wanted if item is not None]
    missing = ["(unknown)"] if any(item is None for item in wanted) else []
    return list(dict.fromkeys([*names, *missing]))


def _entry(archive: Archive, folder: str, item: Any) -> str:
    target = item.get("href") or ""
    name = resolve(folder, target)
    # A `#` may belong to the name of a file, as a space or a per cent sign may.
    return name if archive.find(name) else posixpath.normpath(posixpath.join(folder, target))


def _locked_entries(archive: Archive) -> set[str]:
    """Entries that only a shop's own reader can decrypt; fonts in disguise don't count."""
    root = archive.xml("META-INF/encryption.xml")
    locked: set[str] = set()
    if root is None:
        return locked
    for data in root.iter("{*}EncryptedData"):
        algorithms = [one.get("Algorithm") or "" for one in data.iter("{*}EncryptionMethod")]
        if not any(one.startswith(_FONT_ALGORITHMS) for one in algorithms):
            locked |= {
                archive.find(one.get("URI") or "") for one in data.iter("{*}CipherReference")
            }
    return locked - {""}
