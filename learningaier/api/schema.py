"""How the endpoints stand in the OpenAPI document.

Each operation has a summary and a description written for those who write clients, given by
`extend_schema` at its handler; docstrings are for developers and stay out. Errors are added here,
as every operation answers them in one shape. Examples come from `examples.json`, whose entries a
test plays against the real service.
"""

import functools
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar

import orjson
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from learningaier.api.ratelimit import is_limited
from learningaier.api.scopes import find_needed_scope
from learningaier.api.serializers import StrictSerializer

EXAMPLES = Path(__file__).with_name("examples.json")
RATE_LIMIT_HEADERS = {
    "RateLimit-Limit": "Calls in any minute.",
    "RateLimit-Remaining": "Calls left now.",
    "RateLimit-Reset": "Seconds until one more call is admitted.",
}
RETRY_AFTER = {"Retry-After": "Whole seconds; a call after that time is admitted."}

Handler = TypeVar("Handler", bound=Callable[..., Any])


class ErrorSerializer(StrictSerializer[Any]):
    """What every error looks like."""

    detail = serializers.CharField(help_text="A sentence for a person.")
    code = serializers.CharField(help_text="A word for a program; it does not change.")
    errors = serializers.DictField(  # type: ignore[assignment]  # DRF keeps fields elsewhere
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="What is wrong, by field of the request.",
    )


class SuccessSerializer(StrictSerializer[Any]):
    """The answer of what has nothing else to say."""

    success = serializers.BooleanField()


WORDS = {
    HTTPStatus.BAD_REQUEST: "The request does not validate; `errors` names the fields.",
    HTTPStatus.UNAUTHORIZED: "No valid token.",
    HTTPStatus.FORBIDDEN: "The token's scope does not include this call.",
    HTTPStatus.NOT_FOUND: "There is no such thing, or it is someone else's.",
    HTTPStatus.CONFLICT: "The present state does not allow it.",
    HTTPStatus.PRECONDITION_FAILED: "`If-Match` names an older state.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is over the limit.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is of another media type.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "`Idempotency-Key` was used with another body.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many calls.",
    HTTPStatus.SERVICE_UNAVAILABLE: "A part that this needs is down for now.",
}


def also_answers(*statuses: HTTPStatus) -> Callable[[Handler], Handler]:
    """Say that a handler answers these errors too, which its shape does not tell: 409, 412 …"""

    def mark(handler: Handler) -> Handler:
        vars(handler)["error_statuses"] = statuses
        return handler

    return mark


@functools.cache
def read_examples() -> dict[str, Any]:
    """Requests and answers by operation: `{operation: {request?, response}}`."""
    examples: dict[str, Any] = orjson.loads(EXAMPLES.read_bytes())
    return examples


class ApiSchema(AutoSchema):
    """An operation with its errors and its example."""

    def get_description(self) -> str:  # type: ignore[override]  # its stubs are of another version
        """Nothing, unless `extend_schema` says it."""
        return ""

    def get_response_serializers(self) -> Any:
        """What the view says; a deletion answers that it succeeded."""
        if self.method == "DELETE":
            return {200: SuccessSerializer}
        return super().get_response_serializers()

    def get_override_parameters(self) -> list[Any]:
        """The query parameters that the handler's view says it reads."""
        declared = getattr(self.view, "query_serializers", {}).get(self.method.lower())
        return [] if declared is None else [declared]

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """The operation's entry, with its errors and its example."""
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        if any(operation.get("security", [])):
            operation["x-scope"] = find_needed_scope(self.view, self.method.lower())
        self._add_rate_limit_headers(operation["responses"])
        for status in self._error_statuses(operation):
            operation["responses"].setdefault(str(int(status)), self._describe_error(status))
        example = read_examples().get(operation["operationId"], {})
        if "request" in example:
            _add_example(operation["requestBody"]["content"], example["request"])
        if "response" in example:
            succeeded = min(code for code in operation["responses"] if code.startswith("2"))
            _add_example(operation["responses"][succeeded].get("content", {}), example["response"])
        return operation

    def _error_statuses(self, operation: dict[str, Any]) -> set[HTTPStatus]:
        found = {
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.UNAUTHORIZED,
            HTTPStatus.NOT_FOUND,  # an id in the path, the query or the body
            HTTPStatus.TOO_MANY_REQUESTS,
            HTTPStatus.SERVICE_UNAVAILABLE,
        }
        if any(operation.get("security", [])):
            found.add(HTTPStatus.FORBIDDEN)
        if "requestBody" in operation:
            found |= {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
        return found | set(getattr(self._handler(), "error_statuses", ()))

    def _handler(self) -> Any:
        return getattr(self.view, self.method.lower(), None)

    def _add_rate_limit_headers(self, responses: dict[str, Any]) -> None:
        if is_limited(self._handler()):
            for response in responses.values():
                response.setdefault("headers", {}).update(_headers(RATE_LIMIT_HEADERS, "integer"))

    def _describe_error(self, status: HTTPStatus) -> dict[str, Any]:
        component = self.resolve_serializer(ErrorSerializer(), "response")
        response: dict[str, Any] = {
            "content": {"application/json": {"schema": component.ref}},
            "description": WORDS[status],
        }
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            words = RETRY_AFTER | (RATE_LIMIT_HEADERS if is_limited(self._handler()) else {})
            response["headers"] = _headers(words, "integer")
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            response["headers"] = _headers(RETRY_AFTER, "integer")
        if status == HTTPStatus.UNAUTHORIZED:
            response["headers"] = _headers({"WWW-Authenticate": "`Bearer`."}, "string")
        if status == HTTPStatus.FORBIDDEN:
            response["headers"] = _headers({"WWW-Authenticate": "Names the scope."}, "string")
        return response


def _headers(words: dict[str, str], kind: str) -> dict[str, Any]:
    return {name: {"description": text, "schema": {"type": kind}} for name, text in words.items()}


def _add_example(content: dict[str, Any], example: Any) -> None:
    """Under the media type that has one, JSON where there are several."""
    media_type = "application/json" if "application/json" in content else next(iter(content), None)
    if media_type is not None:
        content[media_type]["example"] = example


def tidy_schema(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Mend what drf-spectacular writes wrongly: a null named twice, a choice of anything or null.

    What a request holds is known to the last field (`StrictSerializer`), so other names are none of
    it. A document that nobody processes has an empty stage, which no choice of the model says.
    """
    stage = result["components"]["schemas"].get("StageEnum")
    if stage is not None and "" not in stage["enum"]:
        stage["enum"] = ["", *stage["enum"]]
    _tidy(result)
    for path in result["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", []):
                _describe_null(parameter)
    for name, schema in result["components"]["schemas"].items():
        if name.endswith("Request") and "properties" in schema:
            schema["additionalProperties"] = False
    return result


def _describe_null(parameter: dict[str, Any]) -> None:
    """In a query null is an empty text (`read_query`)."""
    schema = parameter["schema"]
    if parameter["in"] == "query" and "null" in schema.get("type", []):
        schema["type"] = [kind for kind in schema["type"] if kind != "null"]
        parameter["schema"] = {"anyOf": [schema, {"type": "string", "const": ""}]}


def _tidy(node: Any) -> None:
    if isinstance(node, list):
        for part in node:
            _tidy(part)
    elif isinstance(node, dict):
        if isinstance(node.get("type"), list):
            node["type"] = list(dict.fromkeys(node["type"]))
        if {} in (node["oneOf"] if isinstance(node.get("oneOf"), list) else []):
            del node["oneOf"]
        if isinstance(node.get("oneOf"), list) and "discriminator" not in node:
            node["anyOf"] = node.pop("oneOf")  # what fits one may fit another too
        for part in node.values():
            _tidy(part)
