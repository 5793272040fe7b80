"""multipart/form-data as clients really send it: each part counts, or the body is refused."""

import base64
import contextlib
import time
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError, ValidationError

from conftest import ApiClient
from learningaier.api import multipart
from learningaier.api.multipart import MAX_PARTS, read_form
from learningaier.core.errors import TooLarge

UPLOAD = "/api/documents/upload"
TYPE = "multipart/form-data; boundary=xyz"
TEXT = b"The mitochondrion is the power plant of the cell."


def body(*parts: tuple[bytes, bytes]) -> bytes:
    """A form of these headers and contents."""
    pieces = [b"--xyz\r\n" + head + b"\r\n\r\n" + content + b"\r\n" for head, content in parts]
    return b"".join(pieces) + b"--xyz--\r\n"


def disposition(parameters: bytes, name: bytes = b"file") -> bytes:
    return b'Content-Disposition: form-data; name="' + name + b'"; ' + parameters


def read(content: bytes, kind: str = TYPE) -> tuple[Any, Any]:
    fields, files = read_form(BytesIO(content), kind)
    kept = {name: (file.name, file.read()) for name, file in files.items()}
    for file in files.values():
        file.close()
    return fields.dict(), kept


NAMES = [
    (b'filename="cells.txt"', "cells.txt"),
    (b"filename=cells.txt", "cells.txt"),
    (b'filename="caf\xe9.txt"', "café.txt"),  # Latin-1
    (b'filename="\x80 50 \x93x\x94.txt"', "€ 50 “x”.txt"),  # Windows-1252
    (b'filename="\x81a.txt"', "a.txt"),  # in neither
    ('filename="세포.txt"'.encode(), "세포.txt"),
    ('filename="ze\u0301ro.txt"'.encode(), "zéro.txt"),
    (b"filename*=UTF-8''caf%C3%A9%20au%20lait.txt", "café au lait.txt"),
    (b"filename*=ISO-8859-1''caf%E9.txt", "café.txt"),
    (b"filename*=utf-8'fr'caf%C3%A9.txt", "café.txt"),
    (
        b"filename*0*=utf-8''caf%C3%A9; filename*1=\" au \"; filename*2*=%6Cait.txt",
        "café au lait.txt",
    ),
    (b'filename="a"b".txt"', 'a"b".txt'),
    (b"filename*=punycode''caf%E9; filename=a.txt", "a.txt"),
    (b'filename="=?utf-8?B?abcde?="', "=?utf-8?B?abcde?="),
    (b'filename="=?klingon?Q?a?="', "=?klingon?Q?a?="),
    (b"filename=\"cafe.txt\"; filename*=UTF-8''caf%C3%A9.txt", "café.txt"),
    (b"filename*=UTF-8''caf%C3%A9.txt; filename=\"cafe.txt\"", "café.txt"),
    (b"filename=\"cafe.txt\"; filename*=klingon''caf%C3%A9.txt", "cafe.txt"),
    (b'filename="=?utf-8?B?Y2Fmw6kudHh0?="', "café.txt"),
    (b'filename="=?utf-8?Q?caf=C3=A9.txt?="', "café.txt"),
    (b'filename="a;b=c; d.txt"', "a;b=c; d.txt"),
    (b'filename="a\\"b\\".txt"', 'a"b".txt'),
    (b'filename="a%22b%22.txt"', 'a"b".txt'),
    (b'filename="100%25 x.txt"', "100%25 x.txt"),
    (b'filename="it\'s.txt"', "it's.txt"),
    (b'filename="R&para.txt"', "R&para.txt"),
    (b'filename="C:\\Users\\me\\cells.txt"', "cells.txt"),
    (b'filename="../../etc/cells.txt"', "cells.txt"),
    (b'filename=".."', "document"),
    (b'filename="/"', "document"),
    (b'filename=""', "document"),
    (b"filename=" + "細胞".encode() * 30 + b".txt", "細胞" * 30 + ".txt"),
    (b"filename*=UTF-8''" + b"%E7%B4%B0" * 230 + b".txt", "細" * 230 + ".txt"),
]


@pytest.mark.parametrize(("parameters", "name"), NAMES)
def test_a_file_is_taken_in_under_its_name(
    api: ApiClient, parameters: bytes, name: str, settings: Any
) -> None:
    response = api.generic("POST", UPLOAD, body((disposition(parameters), TEXT)), TYPE)

    assert response.status_code == 202, response.content
    assert response.json()["filename"] == name
    assert response.json()["size"] == len(TEXT)


@pytest.mark.parametrize(
    "head",
    [
        b'CONTENT-DISPOSITION: FORM-DATA; NAME="file"; FILENAME="a.txt"',
        b'Content-Type: a/b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"',
        b'Content-Disposition: form-data;\r\n name="file";\r\n\tfilename="a.txt"',
        b"Content-Disposition:form-data;name=file;filename=a.txt",
        b'X-\xe9: \xff\r\nContent-Disposition: form-data; name="file"; filename="a.txt"',
    ],
)
def test_headers_may_be_written_in_every_allowed_way(head: bytes) -> None:
    assert read(body((head, TEXT))) == ({}, {"file": ("a.txt", TEXT)})


def test_text_fields_in_latin_1_are_text() -> None:
    told, _ = read(body((disposition(b"", b"title"), b"caf\xe9"), (disposition(b"", b"x"), b"")))
    assert told == {"title": "café", "x": ""}


def test_what_comes_before_and_after_the_parts_is_no_part() -> None:
    form = b"To whom it may concern\r\n" + body((disposition(b"", b"a"), b"1")) + b"regards"
    assert read(form)[0] == {"a": "1"}


def test_a_file_that_was_not_chosen_is_none() -> None:
    assert read(body((disposition(b'filename=""'), b""))) == ({}, {})


def test_base64_is_decoded_across_lines_and_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    head = disposition(b"filename=a.txt") + b"\r\nContent-Transfer-Encoding: base64"
    content = bytes(range(256)) * 1000
    assert read(body((head, base64.encodebytes(content))))[1]["file"] == ("a.txt", content)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", TYPE),
        (b"{}", TYPE),
        (body((disposition(b"filename=a"), TEXT))[:-9], TYPE),  # cut off
        (body((disposition(b"filename=a"), TEXT))[:40], TYPE),
        (body((b"Content-Type: text/plain", TEXT)), TYPE),
        (body((disposition(b"filename=a", name=b""), TEXT)), TYPE),
        (body((disposition(b"filename=" + b"a" * 20_000), TEXT)), TYPE),
        (body((disposition(b"") + b"\r\nContent-Transfer-Encoding: x-gzip", TEXT)), TYPE),
        (body((disposition(b"") + b"\r\nContent-Transfer-Encoding: base64", b"a=b")), TYPE),
        (body(*[(disposition(b"", b"%d" % n), b"") for n in range(MAX_PARTS + 1)]), TYPE),
        (body(), "multipart/form-data"),
        (body(), "multipart/form-data; boundary="),
        (body(), "multipart/form-data; boundary=é"),
    ],
)
def test_what_is_no_whole_form_is_refused(content: bytes, kind: str) -> None:
    with pytest.raises(ParseError):
        read(content, kind)


def test_a_form_that_is_cut_off_stores_nothing(api: ApiClient) -> None:
    form = body((disposition(b"filename=a.txt"), TEXT))[:-9]
    assert api.generic("POST", UPLOAD, form, TYPE).status_code == 400
    assert api.get("/api/documents/").json() == []


def test_a_name_counts_once() -> None:
    with pytest.raises(ValidationError):
        read(body((disposition(b"filename=a"), TEXT), (disposition(b""), b"x")))


def test_fields_have_a_bound_together(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    parts = [(disposition(b"", name), b"x" * 600) for name in (b"a", b"b")]
    assert read(body(parts[0]))[0]["a"] == "x" * 600
    with pytest.raises(TooLarge):
        read(body(*parts))


@given(st.binary(max_size=300), st.integers(1, 40))
def test_any_content_arrives_as_it_was_whatever_the_blocks(content: bytes, block: int) -> None:
    usual, multipart.BLOCK = multipart.BLOCK, block
    try:
        assert read(body((disposition(b"filename=a"), content or b"x")))[1]["file"][1] == (
            content or b"x"
        )
    finally:
        multipart.BLOCK = usual


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_no_header_is_too_strange_to_be_refused_in_words(head: bytes, content: bytes) -> None:
    for form in (body((head, content)), body((disposition(head), content)), head):
        with contextlib.suppress(ParseError, ValidationError):
            read(form)


@pytest.mark.parametrize("piece", [b";", b"; a", b'; filename="', b"=?", b" ", b"; filename*1*=a"])
def test_headers_take_time_in_proportion_to_their_length(piece: bytes) -> None:
    def measure(length: int) -> float:
        head = disposition(b'filename="' + piece * (length // len(piece)))
        form, best = body((head, TEXT)), 1.0
        for _ in range(5):
            began = time.process_time()
            for _ in range(20):
                with contextlib.suppress(ParseError):
                    read(form)
            best = min(best, time.process_time() - began)
        return best

    assert measure(7600) <= 2.5 * measure(3800)
