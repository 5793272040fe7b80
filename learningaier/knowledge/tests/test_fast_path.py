"""The fast path for cached answers says what Django would say, or leaves the request to Django."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from django_redis import get_redis_connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import ApiClient
from learningaier.accounts.tokens import issue_token
from learningaier.knowledge.fast_path import CachedAnswerMiddleware
from learningaier.knowledge.tests.fast_path import (
    PATH,
    QUESTION,
    Answer,
    Asked,
    Django,
    ask,
    ask_fast_path,
    assert_passes_on,
    authorized,
    bearer,
    counted,
    lasting,
    of_body,
    plain,
)


@pytest.mark.parametrize("is_of_note", [False, True], ids=["library", "note"])
def test_the_answer_is_django_s_to_the_byte(
    api: ApiClient, note: dict[str, Any], token: str, is_of_note: bool
) -> None:
    fields = {"note_id": note["id"]} if is_of_note else {}
    theirs = api.post(PATH, {"question": QUESTION, **fields})

    ours = ask_fast_path(plain(token, **fields))

    assert theirs.json()["cached"] is True
    assert (ours.status, ours.passed_on) == (200, [])
    assert ours.body == theirs.content
    assert lasting(ours.headers) == lasting(theirs.headers)
    assert ours.headers.keys() >= {"X-Request-ID", "RateLimit-Reset"}
    remaining = [one.headers["RateLimit-Remaining"] for one in (theirs, ours)]
    assert remaining == ["19", "18"]


def test_the_request_s_id_is_taken_over_where_it_is_usable(token: str) -> None:
    given = ask_fast_path(plain(token).having(b"x-request-id", b"abc-1"))
    unusable = ask_fast_path(plain(token).having(b"x-request-id", b"a b\xff"))

    assert given.headers["X-Request-ID"] == "abc-1"
    assert UUID(unusable.headers["X-Request-ID"])


SAME_QUESTION: dict[str, Callable[..., Asked]] = {
    "slash": lambda asked, note: replace(asked, path=PATH + "/"),
    "upper case": lambda asked, note: plain(bearer(asked), note_id=note["id"].upper()),
    "null": lambda asked, note: plain(bearer(asked), note_id=None),
    "top_k": lambda asked, note: plain(bearer(asked), top_k=5),
    "spaces": lambda asked, note: plain(bearer(asked), question=f"  {QUESTION.upper()}\n"),
    "charset": lambda asked, note: asked.having(b"content-type", b"application/json; charset=u8"),
    "accept": lambda asked, note: asked.having(b"accept", b"application/json, text/plain, */*"),
}


@pytest.mark.parametrize("change", SAME_QUESTION.values(), ids=SAME_QUESTION.keys())
def test_another_form_of_the_same_question_is_answered(
    api: ApiClient, note: dict[str, Any], token: str, change: Callable[..., Asked]
) -> None:
    answer = ask_fast_path(change(plain(token), note))
    assert (answer.status, answer.passed_on) == (200, [])
    assert orjson.loads(answer.body)["cached"] is True
    assert counted(api) == 1


@pytest.mark.parametrize(
    "fields",
    [
        *({"question": value} for value in ("Never asked?", " \n", "x" * 1001, "a\x00b", 5, None)),
        *({"top_k": value} for value in ("5", 0, 21, True, None, 5.0)),
        *({"note_id": value} for value in ("no-uuid", 5, str(UUID(int=0)))),
    ],
    ids=str,
)
def test_a_field_that_is_not_plain_passes_on(
    api: ApiClient, token: str, fields: dict[str, Any]
) -> None:
    assert_passes_on(api, plain(token, **fields))


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1]", b'"question"', b"5", b"null", b"\xff", b"{}", b"[" * 5000]
)
def test_a_body_that_is_no_question_passes_on(api: ApiClient, token: str, body: bytes) -> None:
    assert_passes_on(api, of_body(token, body))


NOT_PLAIN: dict[str, Callable[..., Asked]] = {
    "another method": lambda asked: replace(asked, method="PUT"),
    "another path": lambda asked: replace(asked, path="/api/search"),
    "a query": lambda asked: replace(asked, query=b"format=xml"),
    "a header twice": lambda asked: replace(asked, headers=asked.headers * 2),
    "too long": lambda asked: of_body(bearer(asked), asked.body + b" " * 16 * 1024),
    "no token": lambda asked: asked.without(b"authorization"),
    "no length": lambda asked: asked.without(b"content-length"),
    "no host": lambda asked: asked.without(b"host"),
    "an endless length": lambda asked: asked.having(b"content-length", b"9" * 5000),
    "a negative length": lambda asked: asked.having(b"content-length", b"-1"),
    "not a token": lambda asked: authorized(asked, "Bearer forged"),
    "a forged token": lambda asked: authorized(asked, f"Bearer {bearer(asked)}x"),
    "another scheme": lambda asked: authorized(asked, f"Token {bearer(asked)}"),
    "an unknown host": lambda asked: asked.having(b"host", b"elsewhere.example"),
    "another JSON": lambda asked: asked.having(b"content-type", b"application/jsonl"),
    "no JSON": lambda asked: asked.having(b"content-type", b"text/plain"),
    "no JSON wanted": lambda asked: asked.having(b"accept", b"text/html"),
}


@pytest.mark.parametrize("change", NOT_PLAIN.values(), ids=NOT_PLAIN.keys())
def test_a_request_that_is_not_plain_passes_on(
    api: ApiClient, token: str, change: Callable[[Asked], Asked]
) -> None:
    assert_passes_on(api, change(plain(token)))


@pytest.mark.parametrize(
    ("name", "value"),
    [("ENABLE_REDIS_CACHE", False), ("RATELIMIT_ENABLE", False), ("FIREBASE_PROJECT_ID", "a")],
)
def test_a_setting_that_asks_for_more_passes_on(
    api: ApiClient, token: str, settings: Any, name: str, value: Any
) -> None:
    setattr(settings, name, value)

    assert_passes_on(api, plain(token))


def test_only_https_is_answered_where_django_redirects(
    api: ApiClient, token: str, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert_passes_on(api, plain(token))
    assert ask_fast_path(plain(token).having(b"x-forwarded-proto", b"https")).status == 200
    assert ask_fast_path(plain(token).having(b"x-forwarded-proto", b"http")).status == 299


@pytest.mark.parametrize("kind", ["auth", "rag"])
@pytest.mark.parametrize("value", ["string", "list", "half"])
def test_what_an_older_release_has_stored_passes_on_and_is_replaced(
    api: ApiClient, token: str, kind: str, value: str
) -> None:
    client = get_redis_connection("default")
    found = [key for key in client.keys(f"{kind}:{api.user.pk}*") if client.type(key) == b"hash"]
    assert found
    for key in found:
        client.delete(key)
        version = client.get(f"{kind}:{api.user.pk}{':all' * (kind == 'rag')}:version").decode()
        if value == "string":
            client.set(key, f'{{"version":{version},"value":{{"answer":"old"}}}}')
        elif value == "list":
            client.rpush(key, "old")
        else:
            client.hset(key, "version", version)

    assert_passes_on(api, plain(token))
    for _ in range(2):
        response = api.post(PATH, {"question": QUESTION})
        assert response.status_code == 200, response.content
    assert ask_fast_path(plain(token)).body == response.content


def test_a_closed_account_passes_on(api: ApiClient, token: str) -> None:
    api.user.is_active = False
    api.user.save()

    assert_passes_on(api, plain(token))
    assert api.post(PATH, {"question": QUESTION}).status_code == 401
    assert_passes_on(api, plain(token))


def test_a_token_that_is_older_than_the_password_passes_on(api: ApiClient, token: str) -> None:
    api.user.set_password("another long password")
    api.user.save()
    renewed = ApiClient(api.user)
    assert renewed.post(PATH, {"question": QUESTION}).json()["cached"] is True

    assert_passes_on(api, plain(token))
    assert ask_fast_path(plain(issue_token(api.user))).status == 200


def test_a_changed_or_deleted_note_passes_on(
    api: ApiClient, note: dict[str, Any], token: str
) -> None:
    api.patch(f"/api/notes/{note['id']}", {"content": "Something else."})
    assert_passes_on(api, plain(token))
    assert_passes_on(api, plain(token, note_id=note["id"]))

    api.post(PATH, {"question": QUESTION, "note_id": note["id"]})
    assert ask_fast_path(plain(token, note_id=note["id"])).status == 200
    api.delete(f"/api/notes/{note['id']}")
    assert_passes_on(api, plain(token, note_id=note["id"]))


def test_a_stranger_s_question_to_the_note_passes_on(
    stranger_api: ApiClient, note: dict[str, Any]
) -> None:
    token = issue_token(stranger_api.user)
    stranger_api.post(PATH, {"question": QUESTION})  # the account is in the cache from here on

    assert_passes_on(stranger_api, plain(token, note_id=note["id"]))
    assert orjson.loads(ask_fast_path(plain(token)).body)["status"] == "not_found"


def test_lane_and_django_count_in_one_window(api: ApiClient, token: str) -> None:
    for _ in range(19):
        assert api.post(PATH, {"question": QUESTION}).status_code == 200
    last = ask_fast_path(plain(token))
    refused = ask_fast_path(plain(token))
    theirs = api.post(PATH, {"question": QUESTION})

    assert (last.status, last.headers["RateLimit-Remaining"]) == (200, "0")
    assert (refused.status, theirs.status_code, refused.passed_on) == (429, 429, [])
    wait = int(refused.headers["Retry-After"])
    assert int(theirs["Retry-After"]) <= wait <= 60
    theirs_now = theirs.json()["detail"].replace(theirs["Retry-After"], str(wait))
    assert orjson.loads(refused.body) == theirs.json() | {"detail": theirs_now}
    assert {name.lower() for name in refused.headers} == {name.lower() for name in theirs.headers}
    assert counted(api) == 20


def test_a_limit_of_the_user_s_own_counts(api: ApiClient, token: str) -> None:
    api.user.rate_limit_rag_chat = 22
    api.user.save()
    for _ in range(20):
        api.post(PATH, {"question": QUESTION})

    answers = [ask_fast_path(plain(token)) for _ in range(3)]

    assert [answer.status for answer in answers] == [200, 200, 429]
    assert answers[0].headers["RateLimit-Limit"] == "22"


def test_without_redis_requests_pass_on_and_the_second_at_once(
    token: str, settings: Any, tmp_path: Path
) -> None:
    settings.REDIS_URL = f"unix://{tmp_path / 'nobody.sock'}"

    async def ask_twice() -> tuple[list[Answer], float]:
        fast_path = CachedAnswerMiddleware(Django())
        first = await ask(fast_path, plain(token))
        began = time.perf_counter()
        return [first, await ask(fast_path, plain(token))], time.perf_counter() - began

    answers, seconds = asyncio.run(ask_twice())

    assert [answer.status for answer in answers] == [299, 299]
    assert [len(answer.passed_on) for answer in answers] == [1, 1]
    assert seconds < 0.1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
fields = st.fixed_dictionaries(
    {},
    optional={
        "question": json_values | st.just(QUESTION),
        "note_id": json_values | st.uuids().map(str),
        "top_k": json_values | st.integers(-1, 22),
    },
)
NAMES = b"host authorization content-type content-length accept x-request-id".split()


@hypothesis_settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    body=fields.map(orjson.dumps) | st.binary(max_size=40),
    changed=st.dictionaries(st.sampled_from(NAMES), st.binary(max_size=40), max_size=2),
)
def test_whatever_arrives_is_answered_or_passed_on(
    token: str, body: bytes, changed: dict[bytes, bytes]
) -> None:
    asked = of_body(token, body)
    for name, value in changed.items():
        asked = asked.having(name, value)
    answer = ask_fast_path(asked)
    assert (answer.status == 299) == (answer.passed_on == [body])
    assert answer.status in {200, 299, 429}
