"""Answers in a media type of their own, whatever `Accept` says."""

from collections.abc import Iterable
from typing import Any

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class AnyMedia(BaseContentNegotiation):
    """The media type is the address's own, errors are JSON."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        """The one for the body's type; None is a 415."""
        media_type = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == media_type), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The view's first renderer, whatever `Accept` asks for."""
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)
