"""The one shape of every error, and what every request passes."""

import json
import re
from typing import Any

import pytest
from django.test import Client

NOWHERE = "00000000-0000-4000-8000-000000000000"


def assert_shape(response: Any, status: int, code: str) -> None:
    body = response.json()
    assert (response.status_code, body["code"]) == (status, code)
    assert response["Content-Type"].startswith("application/json")
    assert set(body) <= {"detail", "code", "errors"}
    assert body["detail"]
    assert isinstance(body["detail"], str)
    assert not re.search(r"Traceback|File \"|SELECT|site-packages", response.content.decode())


@pytest.mark.parametrize("path", ["/", "/api", "/api/", "/api/nothing", "/api/notes/5", "/nothing"])
def test_an_address_that_nothing_serves_is_404(api: Any, visitor_api: Any, path: str) -> None:
    assert_shape(api.get(path), 404, "not_found")
    assert_shape(visitor_api.get(path), 404, "not_found")


@pytest.mark.parametrize(
    "path", ["/api/%00", "/api/notes/%ff%fe", "/api/notes/%ed%a0%80", "/api/a%0ab"]
)
def test_an_address_of_odd_bytes_is_404(api: Any, path: str) -> None:
    assert_shape(api.get(path), 404, "not_found")


def test_a_row_that_is_not_there_is_404(api: Any) -> None:
    for method in ("GET", "DELETE"):
        assert_shape(api.generic(method, f"/api/notes/{NOWHERE}"), 404, "not_found")


def test_a_method_that_is_not_served_is_405(api: Any) -> None:
    response = api.delete("/api/notes")

    assert_shape(response, 405, "method_not_allowed")
    assert "GET" in response["Allow"]
    assert_shape(api.generic("BREW", "/api/notes"), 405, "method_not_allowed")


def test_a_visitor_is_401_before_anything_else(visitor_api: Any) -> None:
    for method in ("GET", "POST", "DELETE"):
        response = visitor_api.generic(method, "/api/notes", "not json", "text/plain")
        assert_shape(response, 401, "not_authenticated")
        assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"title=Osmosis", b"{'title': 1}", b'{"title": NaN}', b"\xff\xfe", b'"\\ud800"',
        b'{"title": "\\udc00"}', b'{"title": "\xed\xa0\x80"}', b"[" * 100_000, b" ",
        b'{"title": "a"} trailing', b'{"top_k": 1e400}', b"\xef\xbb\xbf{}",
    ],
)  # fmt: skip
def test_a_body_that_is_not_json_is_400(api: Any, body: bytes) -> None:
    for path in ("/api/notes", "/api/notes/ai-qa", "/api/notes/reindex", "/api/auth/token"):
        assert_shape(api.generic("POST", path, body, "application/json"), 400, "parse_error")


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain", "application/xml", "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x", "garbage",
    ],
)  # fmt: skip
def test_an_unknown_media_type_is_415(api: Any, content_type: str) -> None:
    response = api.generic("POST", "/api/notes", b'{"title": "Osmosis"}', content_type)

    assert_shape(response, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/json;"]
)
def test_json_may_be_announced_in_other_words(api: Any, content_type: str) -> None:
    response = api.generic("POST", "/api/notes", b'{"title": "Osmosis"}', content_type)

    assert response.status_code == 201


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html, */*;q=0.1"])
def test_json_is_answered_to_whoever_accepts_it(api: Any, accept: str) -> None:
    assert api.get("/api/notes", headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "garbage"])
def test_who_accepts_no_json_is_told_so_in_json(api: Any, accept: str) -> None:
    assert_shape(api.get("/api/notes", headers={"Accept": accept}), 406, "not_acceptable")


@pytest.mark.parametrize("path", ["/api/notes", "/api/notes/ai-qa", "/api/auth/token"])
def test_ten_megabytes_of_json_are_413(api: Any, path: str) -> None:
    body = b'{"title": "' + b"a" * (10 * 1024 * 1024) + b'"}'

    assert_shape(api.generic("POST", path, body, "application/json"), 413, "too_large")


@pytest.mark.parametrize("data", [[], [{"title": "Osmosis"}], "Osmosis", 5, 1.5, True, None])
def test_another_value_in_place_of_an_object_is_400(api: Any, data: Any) -> None:
    for path in ("/api/notes", "/api/notes/ai-qa", "/api/notes/reindex", "/api/auth/token"):
        response = api.post(path, json.dumps(data))
        assert_shape(response, 400, "invalid")
        assert response.json()["errors"]


def test_no_body_is_like_an_empty_object(api: Any) -> None:
    for path in ("/api/notes", "/api/notes/ai-qa", "/api/notes/reindex", "/api/auth/token"):
        assert_shape(api.generic("POST", path, b"", "application/json"), 400, "invalid")


@pytest.mark.parametrize(
    ("path", "data", "field"),
    [
        ("/api/notes", {"title": "a\x00b"}, "title"),
        ("/api/notes", {"title": "a", "content": "a\x00b"}, "content"),
        ("/api/notes", {"title": "a", "folder": "\x00"}, "folder"),
        ("/api/notes", {"title": "a", "tags": ["a", "\x00"]}, "tags"),
        ("/api/notes/ai-qa", {"question": "a\x00b"}, "question"),
        ("/api/notes/ai-qa", {"question": "a", "note_id": "\x00"}, "note_id"),
        ("/api/notes", {"title": {"a": 1}}, "title"),
        ("/api/notes", {"title": ["a"]}, "title"),
        ("/api/notes", {"title": True}, "title"),
        ("/api/notes", {"title": "a", "tags": "b"}, "tags"),
        ("/api/notes", {"title": "a", "tags": {"b": 1}}, "tags"),
        ("/api/notes", {}, "title"),
        ("/api/notes/ai-qa", {"question": "a", "top_k": 10**30}, "top_k"),
    ],
)
def test_a_value_that_is_not_valid_is_400_by_field(
    api: Any, path: str, data: Any, field: str
) -> None:
    response = api.post(path, data)

    assert_shape(response, 400, "invalid")
    assert list(response.json()["errors"]) == [field]
    assert response.json()["detail"].startswith(f"{field}: ")


@pytest.mark.parametrize("query", ["q=a%00b", "q=a&note_id=x", "q=a&limit=x", ""])
def test_a_query_that_is_not_valid_is_400(api: Any, query: str) -> None:
    assert_shape(api.get(f"/api/search?{query}"), 400, "invalid")


def test_a_query_of_broken_bytes_is_a_text_like_any_other(api: Any) -> None:
    assert api.get("/api/search?q=%ff%fe%ed%a0%80").status_code == 200


def test_a_request_id_is_taken_over(api: Any) -> None:
    response = api.get("/api/notes", headers={"X-Request-ID": "trace:42.a-B_c"})

    assert response["X-Request-ID"] == "trace:42.a-B_c"


@pytest.mark.parametrize("given", ["", "a" * 129, "a b", "a\tb", "é", "<script>", "a,b", None])
def test_a_request_id_that_can_not_be_used_is_replaced(api: Any, given: str | None) -> None:
    headers = {} if given is None else {"X-Request-ID": given}
    ids = {api.get("/api/notes", headers=headers)["X-Request-ID"] for _ in range(2)}

    assert len(ids) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", made) for made in ids)


@pytest.mark.parametrize("path", ["/health", "/api/notes", "/api/nothing", "/api/auth/token"])
def test_every_answer_has_a_request_id(visitor_api: Any, path: str) -> None:
    assert visitor_api.get(path)["X-Request-ID"]


@pytest.mark.parametrize("path", ["/api/notes", "/api/notes/", "/api/me", "/api/me/"])
def test_head_is_get_without_a_body(api: Any, path: str) -> None:
    response = api.head(path)

    assert response.status_code == 200
    assert response.content == b""


@pytest.mark.parametrize("path", ["/api/notes", "/api/me", "/api/notes/ai-qa", "/api/auth/token"])
def test_options_tells_the_methods(api: Any, path: str) -> None:
    response = api.options(path)

    assert response.status_code == 200
    assert "OPTIONS" in response["Allow"]


def test_a_preflight_of_an_allowed_origin_is_answered(settings: Any) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example.org"]
    headers = {
        "Origin": "https://app.example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    response = Client().options("/api/notes", headers=headers)
    other = Client().options("/api/notes", headers=headers | {"Origin": "https://evil.example"})

    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "https://app.example.org"
    assert "authorization" in response["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Origin" not in other


def test_both_forms_of_an_address_answer_every_method(api: Any) -> None:
    made = api.post("/api/notes/", {"title": "Osmosis"})

    assert made.status_code == 201
    for form in ("", "/"):
        assert api.get(f"/api/notes/{made.json()['id']}{form}").status_code == 200
        changed = api.patch(
            f"/api/notes/{made.json()['id']}{form}", {"title": "B"}, content_type="application/json"
        )
        assert changed.status_code == 200


def test_a_foreign_host_is_400_in_the_one_shape(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["learn.example.org"]
    response = Client(headers={"Host": "evil.example"}).get("/api/notes")

    assert_shape(response, 400, "bad_request")
