"""Whom the fast path answers: pages of other origins, personal access tokens, Firebase tokens."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.test import Client
from django.utils import timezone
from django_redis import get_redis_connection

from conftest import ApiClient
from learningaier.accounts.models import AccessToken
from learningaier.accounts.tests.google import Google
from learningaier.ai.tests.servers import ModelServer, Reply
from learningaier.conf.origins import DEVELOPMENT
from learningaier.knowledge.tests.fast_path import (
    CONTENT,
    PATH,
    QUESTION,
    ask_fast_path,
    assert_passes_on,
    lasting,
    plain,
)


def ask_django(token: str, **headers: str) -> Any:
    client = Client(headers={"Authorization": f"Bearer {token}", **headers})
    return client.post(PATH, {"question": QUESTION}, content_type="application/json")


def answered(token: str) -> bool:
    return ask_fast_path(plain(token)).status == 200


ORIGINS = [
    *DEVELOPMENT,
    "https://elsewhere.example",
    "http://localhost:3000/",
    "HTTP://localhost:3000",
    "http://[",
    "null",
    "",
]


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_page_sees_the_headers_that_django_gives(token: str, origin: str) -> None:
    theirs = ask_django(token, Origin=origin)
    ours = ask_fast_path(plain(token).having(b"origin", origin.encode()))
    assert (ours.status, ours.body) == (200, theirs.content)
    assert lasting(ours.headers) == lasting(theirs.headers)
    is_ours = "access-control-allow-origin" in ours.headers
    assert is_ours == origin.lower().startswith("http://localhost:3000") or origin in DEVELOPMENT


def test_a_refused_page_can_read_how_long_to_wait(
    api: ApiClient,
    token: str,
    settings: Any,
) -> None:
    settings.RATE_LIMIT_RAG_CHAT = 1
    page = plain(token).having(b"origin", DEVELOPMENT[0].encode())
    assert [ask_fast_path(page).status for _ in range(2)] == [200, 429]
    refused = ask_fast_path(page)
    assert "Retry-After" in refused.headers["access-control-expose-headers"]
    assert int(refused.headers["Retry-After"]) > 0


@pytest.fixture
def script(api: ApiClient, note: Any) -> dict[str, Any]:
    """A personal access token of the lowest scope."""
    made = api.post("/api/tokens", {"name": "script", "scope": "read"})
    assert made.status_code == 201
    return made.json()


def test_a_personal_token_is_answered_once_its_use_is_written_down(
    api: ApiClient, script: dict[str, Any]
) -> None:
    assert_passes_on(api, plain(script["secret"]))
    theirs = ask_django(script["secret"])
    assert theirs.json()["cached"] is True
    used = AccessToken.objects.get().last_used_at
    assert used is not None
    ours = ask_fast_path(plain(script["secret"]))
    assert (ours.status, ours.body) == (200, theirs.content)
    get_redis_connection("default").delete(
        *get_redis_connection("default").keys("auth:*:used")
    )  # a minute later
    assert_passes_on(api, plain(script["secret"]))


def revoke(api: ApiClient, script: dict[str, Any]) -> None:
    assert api.delete(f"/api/tokens/{script['id']}").status_code == 200


def expire(api: ApiClient, script: dict[str, Any]) -> None:
    [key] = get_redis_connection("default").keys(f"auth:{api.user.pk}:token:{'?' * 64}")
    get_redis_connection("default").hset(key, "expires_at", int(time.time()) - 1)
    AccessToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def close(api: ApiClient, _script: dict[str, Any]) -> None:
    api.user.is_active = False
    api.user.save()


def sign_out(api: ApiClient, _script: dict[str, Any]) -> None:
    assert api.post("/api/auth/logout-everywhere").status_code == 200


@pytest.mark.parametrize("end", [revoke, expire, close, sign_out])
def test_an_ended_personal_token_passes_on(
    api: ApiClient, script: dict[str, Any], end: Callable[..., None]
) -> None:
    ask_django(script["secret"])
    assert answered(script["secret"])
    end(api, script)
    assert_passes_on(api, plain(script["secret"]))


def test_a_forged_personal_token_passes_on(api: ApiClient, script: dict[str, Any]) -> None:
    ask_django(script["secret"])
    assert_passes_on(api, plain(script["secret"][:-1]))
    assert_passes_on(api, plain("lai_pat_" + "0" * 60))


@pytest.fixture
def firebase(google: Google, db: None) -> str:
    """A Firebase token that was confirmed just now, with the cache warm."""
    token = google.signer.token()
    client = Client(headers={"Authorization": f"Bearer {token}"})
    made = client.post(
        "/api/notes", {"title": "Plants", "content": CONTENT}, content_type="application/json"
    )
    assert made.status_code == 201
    for _ in range(2):
        assert ask_django(token).status_code == 200
    return token


def test_a_firebase_token_is_answered_as_django_does(firebase: str, google: Google) -> None:
    asked = len(google.calls)
    theirs, ours = ask_django(firebase), ask_fast_path(plain(firebase))
    assert (ours.status, ours.body) == (200, theirs.content)
    assert lasting(ours.headers) == lasting(theirs.headers)
    assert len(google.calls) == asked


def forget(_google: Google, _token: str) -> None:
    """A minute has passed."""
    client = get_redis_connection("default")
    client.delete(*client.keys("auth:firebase:*"))


def sign_out_firebase(_google: Google, token: str) -> None:
    client = Client(headers={"Authorization": f"Bearer {token}"})
    ended = client.post("/api/auth/logout-everywhere", content_type="application/json")
    assert ended.status_code == 200


@pytest.mark.parametrize("end", [forget, sign_out_firebase])
def test_a_firebase_token_passes_on_when_it_is_no_longer_confirmed(
    firebase: str,
    google: Google,
    end: Callable[..., None],
) -> None:
    assert answered(firebase)
    end(google, firebase)
    assert not answered(firebase)


def test_another_firebase_token_passes_on(firebase: str, google: Google) -> None:
    assert not answered(google.signer.token(iat=int(time.time()) - 1))
    assert not answered(firebase + "x")


def test_the_learners_model_chooses_the_answer(
    api: ApiClient, openai_model: ModelServer, settings: Any
) -> None:
    settings.LLM_MODELS = ["test-model", "large-model"]
    said = {"text": CONTENT[:43], "citations": [{"passage": 1, "quote": CONTENT[:42]}]}
    openai_model.script = [Reply([orjson.dumps(said).decode() + "\n"])]
    api.post("/api/notes", {"title": "Plants", "content": CONTENT})
    refused = api.patch("/api/me", {"llm_model": "gpt-unknown"})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["llm_model"])
    bearer = api.defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    models = []
    for choice in ("", "large-model", ""):
        assert api.patch("/api/me", {"llm_model": choice}).json()["llm_model"] == choice
        for _ in range(2):
            theirs = api.post(PATH, {"question": QUESTION})
        models.append(theirs.json()["model"])
        assert ask_fast_path(plain(bearer)).body == theirs.content
    assert models == ["openai:test-model", "openai:large-model", "openai:test-model"]
    assert [call["model"] for call in openai_model.calls] == ["test-model", "large-model"]
    settings.LLM_MODELS = ["test-model"]  # the operator has taken the other away
    api.patch("/api/me", {"llm_model": "test-model"})
    assert api.post(PATH, {"question": QUESTION}).json()["model"] == "openai:test-model"
