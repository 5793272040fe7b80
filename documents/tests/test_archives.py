"""Archives: their directory is measured before it is read, whatever it says of itself."""

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from documents.models import Document
from documents.zip_directory import MAX_ENTRIES, read_archive
from learningaier.core.errors import TooLarge

CODECS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
EPUB = "application/epub+zip"


def make_directory(entries: int, *, said: int | None = None, is_64: bool = False) -> bytes:
    """An archive of nothing but a directory. `said`: how many entries its end claims."""
    names = [b"%06x" % number for number in range(entries)]
    head = struct.Struct("<4s4B4HL2L5H2L")
    rows = b"".join(
        head.pack(b"PK\x01\x02", 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0) + name
        for name in names
    )
    count = entries if said is None else said
    end64 = b""
    if is_64:
        end64 = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count,
                            len(rows), 0)  # fmt: skip
        end64 += struct.pack("<4sLQL", b"PK\x06\x07", 0, len(rows), 1)
        count = 0xFFFF
    size = 0xFFFFFFFF if is_64 else len(rows)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, size, 0, 0)
    return rows + end64 + end


def make_epub(codec: int, declared: str = EPUB) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", declared, codec)
        archive.writestr("META-INF/container.xml", "<container/>")
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        make_directory(MAX_ENTRIES + 1),
        make_directory(MAX_ENTRIES + 1, said=1),
        make_directory(MAX_ENTRIES + 1, is_64=True),
        make_directory(MAX_ENTRIES + 1, said=1, is_64=True),
        make_directory(70_000),
    ],
)
def test_a_crowded_archive_is_refused(send: Callable[..., Any], content: bytes) -> None:
    response = send(content, "crowd.docx")

    assert (response.status_code, response.json()["code"]) == (413, "too_many_entries")
    assert not Document.objects.exists()


def held(content: bytes) -> int:
    """The most bytes that looking at an archive held at once."""
    file = io.BytesIO(content)
    tracemalloc.start()
    with pytest.raises(TooLarge):
        read_archive(file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize("said", [None, 1])
def test_twice_the_crowd_holds_no_more_memory(said: int | None) -> None:
    many, more = held(make_directory(100_000, said=said)), held(make_directory(200_000, said=said))

    assert more <= max(1.1 * many, 1024 * 1024)


def test_an_archive_with_room_to_spare_is_taken() -> None:
    names, declared = read_archive(io.BytesIO(make_directory(MAX_ENTRIES)))

    assert (len(names), declared) == (MAX_ENTRIES, "")


@pytest.mark.parametrize("codec", CODECS)
def test_a_mimetype_that_is_broken_is_400(send: Callable[..., Any], codec: int) -> None:
    whole = make_epub(codec)
    at = whole.index(b"mimetype") + len(b"mimetype")
    broken = whole[:at] + b"\xff\x07" * 6 + whole[at + 12 :]

    response = send(broken, "book.epub")

    assert (response.status_code, response.json()["code"]) == (400, "unreadable")


@pytest.mark.parametrize("method", [1, 6, 9, 10, 93, 95, 98, 99])
def test_a_mimetype_of_a_codec_that_nobody_reads_is_no_500(
    send: Callable[..., Any], method: int
) -> None:
    whole = make_epub(zipfile.ZIP_STORED)
    number = struct.pack("<H", method)
    local, central = whole.index(b"PK\x03\x04"), whole.index(b"PK\x01\x02")
    forged = bytearray(whole)
    forged[local + 8 : local + 10] = forged[central + 10 : central + 12] = number

    assert send(bytes(forged), "book.epub").status_code in {400, 415, 202}


def test_a_mimetype_may_ask_for_no_dictionary_of_a_gigabyte(send: Callable[..., Any]) -> None:
    whole = make_epub(zipfile.ZIP_LZMA)
    at = whole.index(b"mimetype") + len(b"mimetype") + len(b"\x09\x04\x05\x00\x5d")
    forged = whole[:at] + struct.pack("<L", 1 << 30) + whole[at + 4 :]

    assert send(forged, "book.epub").json()["code"] == "unreadable"


@pytest.mark.parametrize("codec", CODECS[:2])
def test_a_mimetype_that_can_be_read_counts(send: Callable[..., Any], codec: int) -> None:
    assert send(make_epub(codec), "book").json()["content_type"] == EPUB
