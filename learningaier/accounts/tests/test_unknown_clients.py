"""Requests without a valid token are limited by address; those with one are not."""

from typing import Any

import pytest

from conftest import ApiClient


@pytest.mark.parametrize("header", ["", "Bearer guessed", "Basic x", "Bearer"])
def test_an_address_without_a_valid_token_meets_its_limit(
    visitor_api: ApiClient, settings: Any, header: str
) -> None:
    settings.RATE_LIMIT_ANONYMOUS = 3
    headers = {"Authorization": header} if header else {}

    answers = [visitor_api.get("/api/notes", headers=headers) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert answers[-1].json()["code"] == "ratelimited"
    assert 59 <= int(answers[-1]["Retry-After"]) <= 60
    assert answers[0]["RateLimit-Limit"] == "3"


def test_the_same_address_with_a_valid_token_is_served(
    visitor_api: ApiClient, api: ApiClient, settings: Any
) -> None:
    settings.RATE_LIMIT_ANONYMOUS = 1
    for _ in range(3):
        visitor_api.get("/api/notes")

    assert api.get("/api/notes").status_code == 200


def test_another_address_has_a_limit_of_its_own(visitor_api: ApiClient, settings: Any) -> None:
    settings.RATE_LIMIT_ANONYMOUS = 1
    visitor_api.get("/api/notes", REMOTE_ADDR="192.0.2.1")

    assert visitor_api.get("/api/notes", REMOTE_ADDR="192.0.2.1").status_code == 429
    assert visitor_api.get("/api/notes", REMOTE_ADDR="192.0.2.2").status_code == 401


def test_a_users_own_limit_stands_in_for_everyones(
    api: ApiClient, stranger_api: ApiClient, settings: Any
) -> None:
    settings.RATE_LIMIT_ANALYTICS = 2
    api.user.rate_limit_analytics = 4
    api.user.save()

    own = [api.get("/api/analytics/overview").status_code for _ in range(5)]
    common = [stranger_api.get("/api/analytics/overview").status_code for _ in range(3)]

    assert own == [200, 200, 200, 200, 429]
    assert common == [200, 200, 429]
