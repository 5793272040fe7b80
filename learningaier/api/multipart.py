"""multipart/form-data (RFC 7578), read as clients really send it.

Django's own reader leaves out a part whose headers are not UTF-8 or longer than 1 KB, or whose file
has no name to its liking, and a file whose end is missing: the client hears that it sent no file.
Here each part counts, or the whole body is refused.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from rest_framework.exceptions import ParseError, ValidationError

from learningaier.api.header_parameters import decode_text, read_encoded_words, read_parameters
from learningaier.core.errors import TooLarge

BLOCK = 64 * 1024  # bytes read at once
MAX_HEADERS = 8 * 1024  # bytes of one part's headers: a long name, written twice
MAX_PARTS = 20
NAMELESS = "document"


@dataclass(frozen=True)
class Part:
    """What a part's headers say. `filename`: None where it is a plain field."""

    name: str
    filename: str | None
    content_type: str
    is_base64: bool


def read_form(stream: IO[bytes], content_type: str) -> tuple[QueryDict, MultiValueDict[str, Any]]:
    """The fields and the files of a body, each name once.

    Raises: ParseError (400) for what is no form, or not a whole one; ValidationError (400) for a
    name that comes twice; TooLarge (413) for fields of more than DATA_UPLOAD_MAX_MEMORY_SIZE bytes.
    """
    form = _Form()
    try:
        form.read(_Body(stream, _find_boundary(content_type)))
    except BaseException:
        file: Any
        for file in form.files.values():
            file.close()
        raise
    return form.fields, form.files


class _Form:
    """What has been read of a form."""

    def __init__(self) -> None:
        self.fields = QueryDict(mutable=True)
        self.files = MultiValueDict[str, Any]()
        self._names: set[str] = set()
        self._room = int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)  # bytes for fields

    def read(self, body: "_Body") -> None:
        """Take in all parts."""
        for part in body.parts():
            if part.name in self._names:
                raise ValidationError({part.name: ["Send it once."]})
            self._names.add(part.name)
            if len(self._names) > MAX_PARTS:
                raise ParseError(f"A form may have {MAX_PARTS} parts.")
            pieces = _decode_base64(body.pieces()) if part.is_base64 else body.pieces()
            if part.filename is None:
                self.fields[part.name] = self._read_field(pieces)
            elif (file := _store(part, pieces)) is not None:
                self.files[part.name] = file

    def _read_field(self, pieces: Iterator[bytes]) -> str:
        value = bytearray()
        for piece in pieces:
            value += piece
            if len(value) > self._room:
                raise TooLarge("The fields of a form are too long.")
        self._room -= len(value)
        return decode_text(bytes(value))


def _find_boundary(content_type: str) -> bytes:
    boundary = read_parameters(content_type).get("boundary", "")
    if not re.fullmatch(r"[ -~]{0,200}[!-~]", boundary):
        raise ParseError("The Content-Type names no boundary.")
    return boundary.encode("ascii")


class _Body:
    """A body, read a block at a time: headers of a part, its content, headers of the next."""

    def __init__(self, stream: IO[bytes], boundary: bytes) -> None:
        self._stream = stream
        self._mark = b"\r\n--" + boundary
        self._buffer = b"\r\n"  # before the first boundary there need be no line end

    def parts(self) -> Iterator[Part]:
        """Each part's headers; its content has to be read before the next is asked for."""
        for _ in self.pieces():
            pass  # what comes before the first boundary is for readers who know no multipart
        while not self._begins_with_end():
            yield _read_headers(self._read_until(b"\r\n\r\n"))

    def pieces(self) -> Iterator[bytes]:
        """The content up to the next boundary."""
        kept = len(self._mark) - 1
        while (place := self._buffer.find(self._mark)) < 0:
            if ready := self._buffer[:-kept]:
                yield ready
                self._buffer = self._buffer[-kept:]
            self._read_more()
        yield self._buffer[:place]
        self._buffer = self._buffer[place + len(self._mark) :]

    def _begins_with_end(self) -> bool:
        while len(self._buffer) < len(b"--"):
            self._read_more()
        return self._buffer.startswith(b"--")

    def _read_until(self, end: bytes) -> bytes:
        while (place := self._buffer.find(end, 0, MAX_HEADERS)) < 0:
            if len(self._buffer) > MAX_HEADERS:
                raise ParseError("The headers of a part are too long.")
            self._read_more()
        found, self._buffer = self._buffer[:place], self._buffer[place + len(end) :]
        return found

    def _read_more(self) -> None:
        more = self._stream.read(BLOCK)
        if not more:
            raise ParseError("The form ends in the middle of a part.")
        self._buffer += more


def _read_headers(raw: bytes) -> Part:
    lines = re.sub(r"\r\n[ \t]+", " ", decode_text(raw)).split("\r\n")
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in lines)
    }
    told = read_parameters(headers.get("content-disposition", ""))
    name = told.get("name", "").strip()
    if not name:
        raise ParseError("A part of the form has no name.")
    encoding = headers.get("content-transfer-encoding", "").lower()
    if encoding not in {"", "binary", "7bit", "8bit", "base64"}:
        raise ParseError("A part may be encoded by base64 or not at all.")
    filename = told.get("filename")
    return Part(
        name=name,
        filename=None if filename is None else read_filename(filename),
        content_type=headers.get("content-type", "").partition(";")[0].strip(),
        is_base64=encoding == "base64",
    )


def read_filename(given: str) -> str:
    """A file's name as its learner knows it, without folders; "" for none.

    Browsers write a quotation mark as %22, and leave every other % as it is.
    """
    name = read_encoded_words(given.replace("%22", '"'))
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1].replace("\0", "")
    return NAMELESS if name and last.strip() in {"", ".", ".."} else last


def _store(part: Part, pieces: Iterator[bytes]) -> UploadedFile[Any] | None:
    """The file; None for what a browser sends where none was chosen."""
    stored: IO[bytes] = BytesIO()
    try:
        for piece in pieces:
            if stored.tell() + len(piece) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
                stored = _move_to_disk(stored)
            stored.write(piece)
    except BaseException:
        stored.close()
        raise
    size = stored.tell()
    if not part.filename and not size:
        return None
    stored.seek(0)
    name = part.filename or NAMELESS
    return UploadedFile(stored, name=name, content_type=part.content_type, size=size)


def _move_to_disk(stored: IO[bytes]) -> IO[bytes]:
    if not isinstance(stored, BytesIO):
        return stored
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115  the request closes it at its end
    file.write(stored.getvalue())
    return file


def _decode_base64(pieces: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    try:
        for piece in pieces:
            rest += b"".join(piece.split())
            whole = len(rest) // 4 * 4
            yield binascii.a2b_base64(rest[:whole], strict_mode=True)
            rest = rest[whole:]
    except binascii.Error:
        rest = b"broken"
    if rest:
        raise ParseError("A part of the form is not valid base64.")
