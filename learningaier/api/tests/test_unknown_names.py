"""What a call does not know is 400 with its name: every route walked, every serializer asked."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import QueryDict
from django.urls import get_resolver
from drf_spectacular.generators import SchemaGenerator
from rest_framework import serializers

from learningaier.api.parsers import UploadParser
from learningaier.api.serializers import MAX_NAMED, StrictSerializer
from learningaier.api.tests.test_strangers import METHODS, ROWS, address, all_routes
from learningaier.api.views import StrictView

PAGES = {"api/docs"}  # HTML for people
VIEWS = {
    route: view.cls
    for route, view in all_routes(get_resolver().url_patterns)
    if route.startswith("api/") and route not in PAGES
}
DETAIL = "/api/notes/11111111-1111-4111-8111-111111111111"


def served() -> Iterator[tuple[str, str]]:
    for route, view in VIEWS.items():
        for method in METHODS:
            if hasattr(view, method.lower()) and method.lower() in view.http_method_names:
                yield method, route


def address_for(owner: Any, route: str) -> str:
    pk = ROWS[route.split("/")[1]](owner).pk if "<" in route else ""
    return address(route, pk)


def assert_named(response: Any, name: str) -> None:
    assert response.status_code == 400, response.content
    assert "json" in response["Content-Type"]
    assert response.json()["code"] == "invalid"
    assert name in response.json()["errors"]
    assert response.json()["detail"].startswith(f"{name}: ")


def own_serializers(base: type = serializers.BaseSerializer) -> Iterator[type]:
    for kind in base.__subclasses__():
        yield from own_serializers(kind)
        is_library = kind.__module__.startswith(("rest_framework", "drf_spectacular"))
        if not is_library and issubclass(kind, serializers.Serializer):
            yield kind


def test_every_view_is_strict() -> None:
    assert VIEWS
    assert [route for route, view in VIEWS.items() if not issubclass(view, StrictView)] == []


def test_every_serializer_is_strict() -> None:
    found = set(own_serializers())
    assert len(found) > 20
    assert [kind for kind in found if not issubclass(kind, StrictSerializer)] == []


@pytest.mark.parametrize(("method", "route"), [*served()])
def test_an_unknown_query_parameter_is_named(api: Any, owner: Any, method: str, route: str) -> None:
    path = address_for(owner, route)
    response = api.generic(method, f"{path}?surprise=1&surprise=2", "", "application/json")

    assert response.status_code == 400
    if method != "HEAD":
        assert_named(response, "surprise")


@pytest.mark.parametrize(
    ("method", "route"), [pair for pair in served() if pair[0] not in ("GET", "HEAD")]
)
def test_an_unknown_field_is_named(api: Any, owner: Any, method: str, route: str) -> None:
    path = address_for(owner, route)
    sent = json.dumps({"surprise": 1}), "application/json"
    if UploadParser in VIEWS[route].parser_classes:
        sent = multipart({"surprise": "1"}), "multipart/form-data; boundary=x"

    assert_named(api.generic(method, path, *sent), "surprise")


DESCRIBED = {
    re.sub("<(uuid|id):pk>", "{id}", route).replace("<int:number>", "{number}"): view
    for route, view in VIEWS.items()
}


def multipart(fields: dict[str, str]) -> str:
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    return f"{parts}--x--\r\n"


def test_the_description_tells_what_is_accepted() -> None:
    """Every query parameter that a view knows, and no other; a body where one is read."""
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    assert paths
    for path, operations in paths.items():
        view = DESCRIBED[path.strip("/")]
        for method, operation in operations.items():
            told = {p["name"] for p in operation.get("parameters", []) if p["in"] == "query"}
            assert told == set(view(request=None).query_names(method)), f"{method} {path}"
            if method in ("post", "put", "patch"):
                reads = "requestBody" in operation
                assert reads == (method not in view.bodiless_methods), f"{method} {path}"


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/api/notes", "limt=5"), ("/api/notes", "Limit=5"), ("/api/notes", "page=2"),
        ("/api/notes", "format=xml"), ("/api/notes", "="), (DETAIL, "limit=5"),
        ("/api/search", "q=a&top_k=3"), ("/api/search", "q=a&tags[0]=b"),
        ("/api/flashcards", "due=true&limits=1"), ("/api/me", "fields=id"),
        ("/api/analytics/overview", "limit=3"),
    ],
)  # fmt: skip
def test_a_near_miss_is_no_parameter(api: Any, path: str, query: str) -> None:
    response = api.get(f"{path}?{query}")
    name = list(QueryDict(query))[-1]

    assert response.status_code == 400
    assert list(response.json()["errors"]) == [name]


@pytest.mark.parametrize("query", ["limit=1&limit=2", "cursor=a&cursor=b"])
def test_a_parameter_that_is_given_twice_is_refused(api: Any, query: str) -> None:
    response = api.get(f"/api/notes?{query}")

    assert response.status_code == 400
    assert list(response.json()["errors"]) == [query.partition("=")[0]]


def test_a_parameter_that_takes_many_may_be_repeated(api: Any) -> None:
    assert api.get("/api/search?q=a&tags=b&tags=c").status_code == 200


def test_a_visitor_is_not_told_what_a_call_knows(visitor_api: Any) -> None:
    assert visitor_api.get("/api/notes?surprise=1").status_code == 401


def test_unknown_and_faulty_fields_are_named_together(api: Any) -> None:
    response = api.post("/api/notes", {"titel": "Osmosis", "content": 5, "tags": "b"})

    assert response.status_code == 400
    assert set(response.json()["errors"]) == {"titel", "title", "content", "tags"}
    assert api.get("/api/notes").json() == []


def test_a_refused_change_changes_nothing(api: Any) -> None:
    note = api.post("/api/notes", {"title": "Osmosis", "content": "Water moves."}).json()
    changed = api.patch(
        f"/api/notes/{note['id']}",
        {"title": "New", "contents": "Other."},
        content_type="application/json",
    )

    assert list(changed.json()["errors"]) == ["contents"]
    assert api.get(f"/api/notes/{note['id']}").json() == note


def test_what_was_given_may_be_sent_back(api: Any) -> None:
    note = api.post("/api/notes", {"title": "Osmosis"}).json()
    back = api.generic(
        "PUT", f"/api/notes/{note['id']}", json.dumps(note | {"title": "B"}), "application/json"
    )

    assert (back.status_code, back.json()["title"]) == (200, "B")


def test_an_unknown_field_of_a_nested_object_is_named_with_its_place(api: Any) -> None:
    response = api.post("/api/chat/start", {"scope": {"type": "all", "colour": "red"}})

    assert response.status_code == 400
    assert response.json()["errors"] == {"scope": ["colour: There is no such field here."]}


def test_a_call_without_a_body_takes_an_empty_one(api: Any, owner: Any) -> None:
    for body in ("", "{}"):
        note = api.post("/api/notes", {"title": "Osmosis"}).json()
        response = api.generic("DELETE", f"/api/notes/{note['id']}", body, "application/json")
        assert response.status_code == 200


@pytest.mark.parametrize("body", [[1], "a", 5])
def test_a_call_without_a_body_takes_no_other_value(api: Any, body: Any) -> None:
    response = api.generic("DELETE", DETAIL, json.dumps(body), "application/json")

    assert response.status_code == 400


def test_names_are_told_within_bounds(api: Any) -> None:
    response = api.post("/api/notes", {f"{n:05}{'x' * 1000}": 1 for n in range(900)})

    assert response.status_code == 400
    assert len(response.content) < 200 * MAX_NAMED + 500
