"""Reading request bodies with a bound on their size."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, DataAndFiles

from learningaier.api.multipart import read_form
from learningaier.api.renderers import JSONRenderer
from learningaier.core.errors import TooLarge

MULTIPART_OVERHEAD = 64 * 1024  # bytes of boundaries, headers and the small fields


class JSONParser(BaseParser):
    """UTF-8 JSON; NaN, lone surrogates and broken bytes are refused."""

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The body's value.

        Raises: TooLarge (413) over DATA_UPLOAD_MAX_MEMORY_SIZE bytes; ParseError (400).
        """
        limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        announced = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or 0
        body = b"" if int(announced) > limit else stream.read(limit + 1)
        if int(announced) > limit or len(body) > limit:
            raise TooLarge(f"A request may have {limit // 1024} KiB of JSON.")
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ParseError(f"The body is not valid JSON: {error}.") from None


class UploadParser(BaseParser):
    """multipart/form-data whose announced length is checked before a byte is read."""

    media_type = "multipart/form-data"

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The fields and files.

        Raises: TooLarge (413) over MAX_UPLOAD_MB; ParseError and ValidationError (400).
        """
        request = (parser_context or {})["request"]
        limit = settings.MAX_UPLOAD_MB * 1024 * 1024 + MULTIPART_OVERHEAD
        if int(request.META.get("CONTENT_LENGTH") or 0) > limit:
            raise TooLarge(f"A file may have {settings.MAX_UPLOAD_MB} MB.")
        return DataAndFiles(*read_form(stream, media_type or ""))
