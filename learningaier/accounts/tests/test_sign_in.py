"""POST /api/auth/token."""

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings

from learningaier.accounts.models import User
from learningaier.accounts.tests.hashers import CountingHasher
from learningaier.cache.connection import CacheDown, cache_client

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"


def sign_in(client: Client, username: Any = "owner", password: Any = PASSWORD, **meta: Any) -> Any:
    data = {"username": username, "password": password}
    return client.post("/api/auth/token", data, content_type="application/json", **meta)


def test_the_right_password_gives_a_token_that_speaks_for_its_owner(
    visitor_api: Any, owner: User
) -> None:
    response = sign_in(visitor_api)

    assert response.status_code == 200
    assert response.json()["user"]["id"] == str(owner.pk)
    headers = {"Authorization": f"Bearer {response.json()['token']}"}
    assert Client().get("/api/me", headers=headers).json() == response.json()["user"]


def test_wrong_password_unknown_user_and_closed_account_answer_the_same(
    visitor_api: Any, owner: User, stranger: User
) -> None:
    User.objects.filter(pk=stranger.pk).update(is_active=False)
    answers = [
        sign_in(visitor_api, password="wrong"),
        sign_in(visitor_api, username="nobody"),
        sign_in(visitor_api, username="stranger"),
        sign_in(visitor_api, password=f" {PASSWORD}"),
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert {answer["WWW-Authenticate"] for answer in answers} == {"Bearer"}
    assert {answer.content for answer in answers} == {
        b'{"detail":"The user name or the password is wrong.","code":"authentication_failed"}'
    }


@pytest.mark.parametrize("username", ["nobody", "stranger"])
def test_a_password_is_hashed_for_unknown_and_closed_accounts_too(
    visitor_api: Any, owner: User, stranger: User, settings: Any, username: str
) -> None:
    """Else the answer's time would tell who has an account."""
    settings.PASSWORD_HASHERS = ["learningaier.accounts.tests.hashers.CountingHasher"]
    stranger.set_password(PASSWORD)
    stranger.is_active = False
    stranger.save()
    CountingHasher.count = 0

    assert sign_in(visitor_api, username=username).status_code == 401
    assert CountingHasher.count == 1


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"username": "owner"}, "password"),
        ({"password": PASSWORD}, "username"),
        ({"username": "", "password": PASSWORD}, "username"),
        ({"username": "a" * 151, "password": PASSWORD}, "username"),
        ({"username": "owner", "password": "a" * 1001}, "password"),
        ({"username": "owner\x00", "password": PASSWORD}, "username"),
        ({"username": ["owner"], "password": PASSWORD}, "username"),
        ({"username": "owner", "password": {"a": 1}}, "password"),
        ([], "non_field_errors"),
        ("owner", "non_field_errors"),
    ],
)
def test_incomplete_credentials_are_400(visitor_api: Any, data: Any, field: str) -> None:
    response = visitor_api.post("/api/auth/token", json.dumps(data))

    assert response.status_code == 400
    assert response.json()["code"] == "invalid"
    assert field in response.json()["errors"]


def test_a_body_that_is_not_json_is_400(visitor_api: Any) -> None:
    response = visitor_api.post("/api/auth/token", "username=owner")

    assert response.status_code == 400
    assert response.json()["code"] == "parse_error"


def test_too_many_tries_are_429_until_the_wait_is_over(
    visitor_api: Any, owner: User, settings: Any
) -> None:
    settings.RATE_LIMIT_SIGN_IN = 3
    answers = [sign_in(visitor_api, password="wrong") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert answers[3].json()["code"] == "ratelimited"
    assert 0 < int(answers[3]["Retry-After"]) <= 60
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert sign_in(visitor_api).status_code == 429


def test_tries_are_counted_by_address(owner: User, settings: Any) -> None:
    settings.RATE_LIMIT_SIGN_IN = 1
    first, second = Client(REMOTE_ADDR="192.0.2.1"), Client(REMOTE_ADDR="192.0.2.2")

    assert [sign_in(client).status_code for client in (first, first, second)] == [200, 429, 200]


def test_a_forwarded_address_counts_only_from_a_trusted_proxy(owner: User, settings: Any) -> None:
    settings.RATE_LIMIT_SIGN_IN = 1
    client = Client(REMOTE_ADDR="10.0.0.9")

    spoofed = [sign_in(client, HTTP_X_FORWARDED_FOR=f"192.0.2.{n}").status_code for n in (1, 2)]
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    behind = [sign_in(client, HTTP_X_FORWARDED_FOR=f"192.0.2.{n}").status_code for n in (1, 2, 2)]

    assert spoofed == [200, 429]
    assert behind == [200, 200, 429]


def test_limits_can_be_switched_off(visitor_api: Any, owner: User, settings: Any) -> None:
    settings.RATE_LIMIT_SIGN_IN = 1
    settings.RATELIMIT_ENABLE = False

    assert [sign_in(visitor_api).status_code for _ in range(3)] == [200] * 3


@pytest.fixture
def dead_redis(settings: Any) -> Iterator[None]:
    """Redis does not answer in this test; the next one begins when it does again."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    dead = settings.CACHES["default"] | {"LOCATION": f"redis://127.0.0.1:{port}/0"}
    with override_settings(CACHES={"default": dead}):
        yield
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with contextlib.suppress(CacheDown):
            with cache_client() as client:
                client.ping()
            return
        time.sleep(0.05)


@pytest.mark.parametrize(("fail_open", "status"), [("", 200), ("true", 200), ("false", 503)])
def test_without_redis_signing_in_follows_the_setting(
    visitor_api: Any, owner: User, settings: Any, dead_redis: None, fail_open: str, status: int
) -> None:
    settings.RATELIMIT_FAIL_OPEN = fail_open

    response = sign_in(visitor_api)

    assert response.status_code == status
    assert ("Retry-After" in response) == (status == 503)


def test_there_is_nothing_to_sign_in_at_where_firebase_does(
    visitor_api: Any, owner: User, settings: Any
) -> None:
    settings.FIREBASE_PROJECT_ID = "learningaier-test"

    response = sign_in(visitor_api)

    assert response.status_code == 404
    assert response.json() == {"detail": "Sign in with Firebase here.", "code": "not_found"}


def test_a_token_is_not_given_by_get(visitor_api: Any) -> None:
    assert visitor_api.get("/api/auth/token").status_code == 405
