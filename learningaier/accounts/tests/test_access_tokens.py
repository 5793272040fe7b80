"""Personal access tokens: made, shown once, used, expired, revoked."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_redis import get_redis_connection
from hypothesis import given
from hypothesis import strategies as st

from learningaier.accounts import access_tokens
from learningaier.accounts.access_tokens import make_secret, read_owner
from learningaier.accounts.identity import IdentityError
from learningaier.accounts.models import AccessToken, User

TOKENS = "/api/tokens"


def make(api: Any, **fields: Any) -> dict[str, Any]:
    response = api.post(TOKENS, {"name": "script", "scope": "write", **fields})
    assert response.status_code == 201, response.content
    return response.json()


def client_of(token: dict[str, Any]) -> Client:
    return Client(headers={"Authorization": f"Bearer {token['secret']}"})


def test_a_secret_is_shown_once_and_stored_as_a_hash_alone(api: Any) -> None:
    token = make(api)
    assert re.fullmatch("lai_pat_[0-9A-Za-z]{60}", token["secret"])
    listed = api.get(TOKENS).json()
    assert [one["id"] for one in listed] == [token["id"]]
    assert set(listed[0]) == {"id", "name", "scope", "expires_at", "last_used_at", "created_at"}
    row = AccessToken.objects.values().get()
    assert token["secret"] not in str(row)


def test_a_token_speaks_for_its_owner(api: Any, owner: User) -> None:
    script = client_of(make(api))
    assert script.get("/api/me").json()["id"] == str(owner.pk)
    made = script.post("/api/notes", {"title": "By script"}, content_type="application/json")
    assert made.status_code == 201
    assert api.get(f"/api/notes/{made.json()['id']}").status_code == 200


def test_it_works_where_firebase_signs_in_too(api: Any, settings: Any) -> None:
    script = client_of(make(api))
    settings.FIREBASE_PROJECT_ID = "learningaier-test"
    assert script.get("/api/me").status_code == 200


def test_a_revoked_token_is_refused_at_once(api: Any, django_assert_num_queries: Any) -> None:
    token = make(api)
    script = client_of(token)
    assert script.get("/api/notes").status_code == 200
    assert api.delete(f"{TOKENS}/{token['id']}").json() == {"success": True}
    refused = script.get("/api/notes")
    assert (refused.status_code, refused.json()["code"]) == (401, "token_invalid")
    assert api.get(TOKENS).json() == []


def test_an_expired_token_is_refused_though_it_was_cached(api: Any) -> None:
    token = make(api, expires_at=(timezone.now() + timedelta(seconds=1)).isoformat())
    script = client_of(token)
    assert script.get("/api/me").status_code == 200
    AccessToken.objects.update(expires_at=timezone.now() - timedelta(days=1))
    get_redis_connection("default").flushdb()
    refused = script.get("/api/me")
    assert (refused.status_code, refused.json()["code"]) == (401, "token_expired")


def test_a_year_unless_another_time_or_none_is_asked_for(api: Any) -> None:
    year = timezone.now() + timedelta(days=365)
    make(api)
    kept = AccessToken.objects.get().expires_at
    assert kept is not None
    assert abs(kept - year) < timedelta(minutes=1)
    assert make(api, expires_at=None)["expires_at"] is None
    assert make(api, expires_at="2099-01-01T00:00:00Z")["expires_at"] == "2099-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"scope": "admin"}, "scope"),
        ({"name": ""}, "name"),
        ({"name": "n" * 101}, "name"),
        ({"expires_at": "2001-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "soon"}, "expires_at"),
        ({"secret": "mine"}, "secret"),
    ],
)
def test_a_token_without_sense_is_refused(api: Any, fields: Any, named: str) -> None:
    response = api.post(TOKENS, {"name": "script", "scope": "read", **fields})
    assert (response.status_code, list(response.json()["errors"])) == (400, [named])


def test_an_account_has_so_many_tokens_and_no_more(api: Any, owner: User) -> None:
    AccessToken.objects.bulk_create(
        AccessToken(owner=owner, name=str(number), scope="read", digest=str(number))
        for number in range(50)
    )
    response = api.post(TOKENS, {"name": "one more", "scope": "read"})
    assert (response.status_code, response.json()["used"]) == (409, 50)


def test_a_repeated_call_makes_no_second_token_and_shows_no_secret(api: Any) -> None:
    headers = {"Idempotency-Key": "k1"}
    asked = {"name": "script", "scope": "read"}
    assert api.post(TOKENS, asked, headers=headers).status_code == 201
    again = api.post(TOKENS, asked, headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "made_already")
    assert AccessToken.objects.count() == 1


def test_a_use_is_written_down_once_a_minute(api: Any, django_assert_num_queries: Any) -> None:
    script = client_of(make(api))
    script.get("/api/trash")
    first = AccessToken.objects.get().last_used_at
    assert first is not None
    script.get("/api/trash")
    assert AccessToken.objects.get().last_used_at == first
    AccessToken.objects.update(last_used_at=first - timedelta(minutes=2))
    get_redis_connection("default").flushdb()
    script.get("/api/trash")
    assert AccessToken.objects.get().last_used_at > first


@pytest.mark.parametrize("cached", [True, False])
def test_without_redis_a_use_is_written_once_a_minute_too(
    api: Any, settings: Any, cached: bool
) -> None:
    script = client_of(make(api))
    settings.ENABLE_REDIS_CACHE = cached
    times = set()
    for _ in range(3):
        assert script.get("/api/me").status_code == 200
        times.add(AccessToken.objects.get().last_used_at)
    assert len(times) == 1


def test_a_token_of_a_closed_account_is_refused(api: Any, owner: User) -> None:
    script = client_of(make(api))
    owner.is_active = False
    owner.save()
    assert script.get("/api/me").status_code == 401


def test_nobody_sees_or_revokes_anyone_elses_tokens(api: Any, stranger_api: Any) -> None:
    token = make(api)
    assert stranger_api.get(TOKENS).json() == []
    assert stranger_api.delete(f"{TOKENS}/{token['id']}").status_code == 404
    assert client_of(token).get("/api/me").status_code == 200


def test_a_secret_that_names_another_owner_is_refused(api: Any, stranger: User) -> None:
    make(api)
    forged = {"secret": make_secret(stranger.pk)}
    assert client_of(forged).get("/api/me").status_code == 401


@given(st.uuids())
def test_a_secret_tells_its_owner_and_a_slip_of_the_pen(owner_id: Any) -> None:
    secret = make_secret(owner_id)
    assert read_owner(secret) == str(owner_id)
    assert len(secret) == access_tokens.LENGTH
    slip = secret[:20] + ("a" if secret[20] != "a" else "b") + secret[21:]
    for wrong in (slip, secret + "0", secret[:-1], secret.replace("lai", "lay")):
        with pytest.raises(IdentityError):
            read_owner(wrong)


@pytest.mark.parametrize("end", ["", "é" * 60, "-" * 60, "z" * 60, "0" * 60, "\x00" * 60])
def test_what_only_begins_like_a_secret_is_401(db: None, end: str) -> None:
    client = Client(headers={"Authorization": f"Bearer lai_pat_{end}"})
    assert client.get("/api/me").status_code == 401


def test_the_admin_lists_and_revokes_without_the_secret(api: Any) -> None:
    token = make(api, name="Anki plugin")
    operator = Client()
    operator.force_login(User.objects.create_superuser("operator", password="a long password"))
    page = operator.get("/admin/accounts/accesstoken/")
    assert b"Anki plugin" in page.content
    assert token["secret"].encode() not in page.content
    assert operator.get(f"/admin/accounts/accesstoken/{token['id']}/change/").status_code == 200
    asked = {"action": "revoke", "_selected_action": [token["id"]]}
    assert operator.post("/admin/accounts/accesstoken/", asked).status_code == 302
    assert client_of(token).get("/api/me").status_code == 401
