"""Lists as plain arrays: `?limit=`, `?cursor=`, `Link: <…>; rel="next"`, `X-Total-Count`."""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

NOT_A_CURSOR = ValidationError({"cursor": ["This is not a cursor of this list."]})


class LinkPagination(CursorPagination):
    """Newest first by keyset, so page 1,000 costs what page 1 costs."""

    page_size = 100
    max_page_size = 1000
    page_size_query_param = "limit"
    ordering = ("-created_at", "-id")

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """One page of the rows; remembers how many there are in all."""
        self.total: int = queryset.count()
        try:
            return super().paginate_queryset(queryset, request, view)
        except DjangoValidationError:  # a cursor whose place is no time
            raise NOT_A_CURSOR from None

    def get_page_size(self, request: Request) -> int:
        """The `limit` asked for. Raises: ValidationError (400) unless it is from 1 to 1000."""
        text = request.query_params.get("limit", str(self.page_size))
        is_number = text.isdecimal() and len(text) < 10
        if not is_number or not 1 <= int(text) <= self.max_page_size:
            raise ValidationError({"limit": [f"Give a number from 1 to {self.max_page_size}."]})
        return int(text)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The place to go on from. Raises: ValidationError (400) if it is not one of ours."""
        try:
            return super().decode_cursor(request)
        except NotFound:
            raise NOT_A_CURSOR from None

    def get_paginated_response(self, data: Any) -> Response:
        """The array, with its links and total in the headers."""
        links = [("next", self.get_next_link()), ("prev", self.get_previous_link())]
        header = ", ".join(f'<{url}>; rel="{name}"' for name, url in links if url)
        headers = {"X-Total-Count": str(self.total)} | ({"Link": header} if header else {})
        return Response(data, headers=headers)

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """The query parameters, with the bounds of `limit`."""
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == self.page_size_query_param:
                bounds = {"minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
                parameter["schema"] |= bounds
        return parameters

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A page is the array itself, without an envelope."""
        return schema
