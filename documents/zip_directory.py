"""The directory of a ZIP archive, whose size is known before it is read.

Python's `zipfile` makes an object of each entry: 700,000 of them took 1.3 GB of the web process.
"""

import lzma
import struct
import zipfile
import zlib
from typing import IO

from learningaier.core.errors import ServiceError, TooLarge

MAX_ENTRIES = 10_000
MAX_DIRECTORY = 1024 * 1024  # bytes
_END, _END_SIZE, _MAX_COMMENT = b"PK\x05\x06", 22, 65_535
_LOCATOR, _LOCATOR_SIZE, _END64_SIZE = b"PK\x06\x07", 20, 56
# What zlib, bz2 and lzma raise; the last two also as OSError and EOFError.
_BROKEN = (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, RuntimeError)


def read_archive(file: IO[bytes]) -> tuple[list[str], str]:
    """The names of the entries, and what the entry `mimetype` says, empty without one.

    Raises: TooLarge (413); ServiceError (400) where `mimetype` is broken; BadZipFile.
    """
    entries, size = _read_end(file)
    if entries > MAX_ENTRIES or size > MAX_DIRECTORY:
        raise TooLarge(f"An archive may have {MAX_ENTRIES:,} entries.", code="too_many_entries")
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        if len(names) > MAX_ENTRIES:
            raise TooLarge(f"An archive may have {MAX_ENTRIES:,} entries.", code="too_many_entries")
        return names, _read_mimetype(archive) if "mimetype" in names else ""


def _read_mimetype(archive: zipfile.ZipFile) -> str:
    # Formats want it stored, real files have it deflated; lzma takes what memory an entry names.
    if archive.getinfo("mimetype").compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise ServiceError("This archive is damaged.", code="unreadable")
    try:
        with archive.open("mimetype") as entry:
            return entry.read(100).decode("ascii", errors="replace").strip()
    except (*_BROKEN, zipfile.BadZipFile) as error:
        raise ServiceError("This archive is damaged.", code="unreadable") from error


def _read_end(file: IO[bytes]) -> tuple[int, int]:
    """Entries and bytes of the directory, as `zipfile` will find them. Raises: BadZipFile."""
    file.seek(0, 2)
    length = file.tell()
    begin = max(0, length - _END_SIZE - _MAX_COMMENT - _LOCATOR_SIZE - _END64_SIZE)
    file.seek(begin)
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise zipfile.BadZipFile("no end of the directory")
    entries, size = struct.unpack_from("<HI", tail, at + 10)
    far = at - _LOCATOR_SIZE
    if far >= _END64_SIZE and tail[far : far + 4] == _LOCATOR:
        entries64, size64 = struct.unpack_from("<QQ", tail, far - _END64_SIZE + 32)
        return max(entries % 0xFFFF, entries64), max(size % 0xFFFFFFFF, size64)
    return entries, size
