"""Pages of other origins: which may call the API, and what they may see of its answers."""

from typing import Any

import pytest
from django.conf import settings as django_settings

from learningaier.conf.origins import DEVELOPMENT, anchor, find_fault

EXPOSED = {
    "Link", "X-Total-Count", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining",
    "RateLimit-Reset", "X-Request-ID", "ETag", "Location", "Content-Disposition",
}  # fmt: skip
SENT = [
    "authorization", "content-type", "x-request-id", "idempotency-key", "if-match",
    "if-none-match", "last-event-id",
]  # fmt: skip


@pytest.mark.parametrize("origin", DEVELOPMENT)
def test_development_servers_are_admitted_without_any_setting(api: Any, origin: str) -> None:
    response = api.get("/api/notes", headers={"Origin": origin})

    assert response["Access-Control-Allow-Origin"] == origin
    assert set(response["Access-Control-Expose-Headers"].split(", ")) >= EXPOSED


def test_development_servers_are_the_usual_ones() -> None:
    assert django_settings.CORS_ALLOWED_ORIGINS == DEVELOPMENT
    assert "http://localhost:5173" in DEVELOPMENT
    assert "http://127.0.0.1:3000" in DEVELOPMENT


@pytest.mark.parametrize("header", SENT)
def test_a_page_may_send_what_the_api_reads(visitor_api: Any, header: str) -> None:
    response = visitor_api.options(
        "/api/notes",
        headers={
            "Origin": DEVELOPMENT[0],
            "Access-Control-Request-Method": "PATCH",
            "Access-Control-Request-Headers": header,
        },
    )

    assert response.status_code == 200
    assert header in response["Access-Control-Allow-Headers"]
    assert "PATCH" in response["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    "origin", ["https://stranger.example", "http://localhost:3001", "null", "http://localhost"]
)
def test_another_origin_is_told_nothing(api: Any, origin: str) -> None:
    response = api.get("/api/notes", headers={"Origin": origin})

    assert "Access-Control-Allow-Origin" not in response


def test_a_refusal_can_be_read_by_the_page(api: Any, settings: Any) -> None:
    settings.RATE_LIMIT_RAG_CHAT = 1
    headers = {"Origin": DEVELOPMENT[0]}
    api.post("/api/chat/start", {}, headers=headers)

    response = api.post("/api/chat/start", {}, headers=headers)

    assert response.status_code == 429
    assert response["Access-Control-Allow-Origin"] == DEVELOPMENT[0]
    assert int(response["Retry-After"]) >= 1


def test_preview_hosts_are_admitted_by_a_pattern(api: Any, settings: Any) -> None:
    pattern = r"https://app-[a-z0-9]+\.preview\.example\.org"
    settings.CORS_ALLOWED_ORIGIN_REGEXES = [anchor(pattern)]

    def is_admitted(origin: str) -> bool:
        response = api.get("/api/notes", headers={"Origin": origin})
        return response.get("Access-Control-Allow-Origin") == origin

    assert is_admitted("https://app-7f3.preview.example.org")
    assert not is_admitted("https://app-7f3.preview.example.org.stranger.example")
    assert not is_admitted("https://stranger.example/https://app-7f3.preview.example.org")


@pytest.mark.parametrize(
    "pattern",
    [
        r"https://app-[a-z0-9]+\.example\.org",
        r"^https://.*\.example\.org$",
        r"https?://localhost:\d+",
    ],
)
def test_a_pattern_of_one_place_is_good(pattern: str) -> None:
    assert find_fault(pattern) == ""


@pytest.mark.parametrize(
    ("pattern", "word"),
    [
        (r"https://app.example\.org", "dot"),
        (r"https://.*", "any host"),
        (r"https://[a-z.]+", "dot"),
        (r"https://[^/]+", "any host"),
        (r".*", "begin"),
        (r"app\.example\.org", "begin"),
        (r"https://(app\.example\.org", "regular"),
        (r"https://a\.example\.org|.*", "any host"),
    ],
)
def test_a_pattern_that_admits_too_much_is_refused(pattern: str, word: str) -> None:
    assert word in find_fault(pattern)
