"""Writing response bodies."""

from collections.abc import Mapping
from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer
from rest_framework.utils.encoders import JSONEncoder


class JSONRenderer(BaseRenderer):
    """UTF-8 JSON by orjson, which is several times faster than the standard library."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The bytes of the value; nothing for None, as 204 has no body."""
        if data is None:
            return b""
        return orjson.dumps(data, default=_encode, option=orjson.OPT_PASSTHROUGH_SUBCLASS)


def _encode(value: Any) -> Any:
    """What orjson does not know: DRF's lists and dicts, lazy texts, decimals."""
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, list):
        return list(value)
    return JSONEncoder().default(value)
