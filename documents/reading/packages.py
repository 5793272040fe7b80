"""ZIP archives of XML, as office files and EPUBs are: entries by name, within bounds."""

import posixpath
import re
import unicodedata
import zipfile
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote

from lxml import etree

from documents.failures import ExtractionError, Failure

MAX_ENTRY_BYTES = 256 * 1024**2  # unpacked; the largest book's XML has a few dozen MB
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_IS_ENCRYPTED = 0x1  # bit of an entry's flags
_STRICT, _TRANSITIONAL = b"http://purl.oclc.org/ooxml/", b"http://schemas.openxmlformats.org/"
_STRICT_NAME = re.compile(re.escape(_STRICT) + rb"(\w+)/(\w+)")
_RENAMED = {b"extendedProperties": b"extended-properties"}
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Archive:
    """An opened archive; names are looked up as written, then decoded, then without case."""

    def __init__(self, path: Path) -> None:
        """Raises: ExtractionError for what is no archive or has a password."""
        _refuse_encrypted_office(path)
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise ExtractionError(Failure.UNREADABLE) from error
        self.names = self._zip.namelist()
        self._by_fold = {_fold(unquote(name)): name for name in reversed(self.names)}
        self._by_fold |= {_fold(name): name for name in reversed(self.names)}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def find(self, name: str) -> str:
        """The entry's own name, or empty if there is none."""
        name = posixpath.normpath(name.replace("\\", "/").lstrip("/")) if name else ""
        for wanted in (name, unquote(name)):
            if wanted in self._zip.NameToInfo:
                return wanted
        return self._by_fold.get(_fold(unquote(name)), "")

    def read(self, name: str) -> bytes | None:
        """An entry's bytes; None where it is missing or damaged.

        Raises: ExtractionError for one that is encrypted, or beyond MAX_ENTRY_BYTES.
        """
        found = self.find(name)
        if not found:
            return None
        info = self._zip.getinfo(found)
        if info.flag_bits & _IS_ENCRYPTED:
            raise ExtractionError(Failure.PASSWORD_PROTECTED)
        try:
            with self._zip.open(info) as entry:
                data = entry.read(MAX_ENTRY_BYTES + 1)
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            RuntimeError,
            ValueError,
            OSError,
            EOFError,
        ):
            return None
        except Exception as error:  # zlib.error, lzma.LZMAError: whatever the packer raises
            if type(error).__module__ in {"zlib", "_lzma", "lzma"}:
                return None
            raise
        if len(data) > MAX_ENTRY_BYTES:
            raise ExtractionError(Failure.TOO_LARGE)
        return data

    def xml(self, name: str) -> Any:
        """An entry's root element; None where it is missing or no XML."""
        data = self.read(name)
        return parse_xml(_as_transitional(data)) if data is not None else None

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part of an office file refers to: id to kind and entry, outside links left out."""
        folder, base = posixpath.split(name)
        root = self.xml(f"{folder}/_rels/{base}.rels")
        if root is None:
            return {}
        return {
            relation.get("Id", ""): (
                relation.get("Type", "").rsplit("/", 1)[-1],
                resolve(folder, relation.get("Target", "")),
            )
            for relation in root.iter(_RELATIONS)
            if relation.get("TargetMode") != "External"
        }


def _fold(name: str) -> str:
    """A name without case, its accents composed: systems write `ü` in two ways."""
    return unicodedata.normalize("NFC", name).casefold()


def _as_transitional(data: bytes) -> bytes:
    """Office files in ISO's strict form name their elements otherwise, and are else the same."""
    if _STRICT not in data:
        return data
    return _STRICT_NAME.sub(
        lambda match: _TRANSITIONAL + match[1] + b"/2006/" + _RENAMED.get(match[2], match[2]), data
    )


def parse_xml(data: bytes) -> Any:
    """The root element of an XML file, mended where it is damaged; None where nothing is there.

    Entities of its own and things outside are never loaded.
    """
    for is_lenient in (False, True):
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, recover=is_lenient, remove_comments=True,
            remove_pis=True, load_dtd=False,
        )  # fmt: skip
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError):
            continue
        return root
    return None


def resolve(folder: str, target: str) -> str:
    """A reference within an archive as an entry's name."""
    target = target.partition("#")[0]
    return posixpath.normpath(
        target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
    )


def _refuse_encrypted_office(path: Path) -> None:
    """Word, PowerPoint and Excel put a file with a password into an old container."""
    with path.open("rb") as file:
        if file.read(len(_OLE)) == _OLE and _ENCRYPTED_PACKAGE in file.read():
            raise ExtractionError(Failure.PASSWORD_PROTECTED)
