"""Signing in with Firebase ID tokens, by the real SDK against Google's protocol."""

import json
import socket
import time
from typing import Any

import pytest
from django.test import Client
from django_redis import get_redis_connection

from learningaier.accounts.models import User
from learningaier.accounts.tests.google import CERTIFICATES, PROJECT, Google, Signer, encode

pytestmark = pytest.mark.django_db


def get_me(token: str) -> Any:
    return Client(headers={"Authorization": f"Bearer {token}"}).get("/api/me")


def assert_refused(response: Any, code: str) -> None:
    assert response.status_code == 401
    assert response.json()["code"] == code
    assert response["WWW-Authenticate"] == "Bearer"
    assert not User.objects.exists()


def assert_unavailable(response: Any) -> None:
    assert response.status_code == 503
    assert response.json()["code"] == "unavailable"
    assert int(response["Retry-After"]) > 0
    assert "WWW-Authenticate" not in response


def test_a_first_token_makes_an_account(google: Google) -> None:
    response = get_me(google.signer.token(name="Ada Lovelace"))

    user = User.objects.get(firebase_uid="uid-1")
    assert response.status_code == 200
    assert response.json()["id"] == str(user.pk)
    assert response.json()["email"] == "uid-1@example.org"
    assert response.json()["display_name"] == "Ada Lovelace"
    assert not user.has_usable_password()


def test_a_later_token_finds_the_account_with_its_changes(google: Google) -> None:
    first = get_me(google.signer.token(name="Ada"))
    token = google.signer.token(name="Ada", iat=int(time.time()) - 5)
    client = Client(headers={"Authorization": f"Bearer {token}"})
    client.patch("/api/me", {"display_name": "Countess"}, content_type="application/json")

    assert client.get("/api/me").json()["id"] == first.json()["id"]
    assert client.get("/api/me").json()["display_name"] == "Countess"
    assert User.objects.count() == 1


def test_the_email_follows_firebase(google: Google) -> None:
    get_me(google.signer.token())

    later = google.signer.token(email="new@example.org", iat=int(time.time()) - 10)
    assert get_me(later).json()["email"] == "new@example.org"
    nameless = google.signer.token(email=None, iat=int(time.time()) - 20)
    assert get_me(nameless).json()["email"] == "new@example.org"


def test_two_people_get_two_accounts(google: Google) -> None:
    google.users["\ufb01"] = google.users["fi"] = {}  # one name after NFKC

    ids = {get_me(google.signer.token(uid)).json()["id"] for uid in ("\ufb01", "fi")}

    assert len(ids) == 2


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "a" * 300 + "@example.org"},
        {"email": {"address": 1}, "name": ["Ada"]},
        {"name": "n" * 1000},
        {"name": "Ada\x00\ud800"},
        {"email": None, "name": None},
    ],
    ids=["long email", "other types", "long name", "unstorable text", "anonymous"],
)
def test_odd_but_signed_claims_make_an_account_too(google: Google, claims: Any) -> None:
    assert get_me(google.signer.token(**claims)).status_code == 200
    assert User.objects.filter(firebase_uid="uid-1").exists()


def test_an_expired_token_is_refused(google: Google) -> None:
    now = int(time.time())
    assert_refused(get_me(google.signer.token(iat=now - 7200, exp=now - 3600)), "token_expired")


def test_a_token_of_another_project_is_refused(google: Google) -> None:
    assert_refused(get_me(google.signer.token(aud="another-project")), "token_invalid")


@pytest.mark.parametrize(
    "issuer",
    ["https://securetoken.google.com/another-project", "https://example.org", None, 5],
)
def test_a_token_of_another_issuer_is_refused(google: Google, issuer: Any) -> None:
    assert_refused(get_me(google.signer.token(iss=issuer)), "token_invalid")


def test_a_token_without_signature_is_refused(google: Google) -> None:
    header, payload, _ = google.signer.token(header={"alg": "none"}).split(".")
    assert_refused(get_me(f"{header}.{payload}."), "token_invalid")


def test_a_token_of_another_algorithm_is_refused(google: Google) -> None:
    assert_refused(get_me(google.signer.token(header={"alg": "HS256"})), "token_invalid")


def test_a_forged_signature_is_refused(google: Google) -> None:
    assert_refused(get_me(Signer(google.signer.kid).token()), "token_invalid")


def test_a_changed_payload_is_refused(google: Google) -> None:
    google.users["uid-2"] = {}
    header, _, signature = google.signer.token().split(".")
    payload = google.signer.token("uid-2").split(".")[1]
    assert_refused(get_me(f"{header}.{payload}.{signature}"), "token_invalid")


def test_a_key_that_google_does_not_know_is_refused(google: Google) -> None:
    assert_refused(get_me(Signer("key-2").token()), "token_invalid")


def test_a_custom_token_is_refused(google: Google) -> None:
    audience = (
        "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit"
    )
    assert_refused(get_me(google.signer.token(aud=audience)), "token_invalid")


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "a.b.c",
        "..",
        f"{encode(b'[]')}.{encode(b'[]')}.x",
        f"{encode(b'{}')}.{encode(b'5')}.x",
        f"{encode(b'{}')}.{encode(b'[' * 5000)}.x",
        f"{encode(b'{}')}.{encode(bytes([255, 254]))}.x",
        "e30.é.x",
    ],
)
def test_a_malformed_token_is_refused(google: Google, token: str) -> None:
    assert_refused(get_me(token), "token_invalid")
    assert not google.calls


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({"kid": ["key-1"]}, {}),
        ({"kid": {"a": 1}}, {}),
        ({"alg": ["RS256"]}, {}),
        ({"alg": "HS256", "kid": None}, {"v": 0, "d": 5}),
        ({}, {"sub": 5}),
        ({}, {"sub": ""}),
        ({}, {"sub": "u" * 129}),
        ({}, {"aud": [PROJECT]}),
        ({}, {"exp": "tomorrow"}),
        ({}, {"iat": int(time.time()) + 600}),
    ],
)
def test_claims_of_other_types_are_refused(google: Google, header: Any, claims: Any) -> None:
    assert_refused(get_me(google.signer.token(header=header, **claims)), "token_invalid")


def test_a_revoked_token_is_refused_and_a_newer_one_admitted(google: Google) -> None:
    now = int(time.time())
    google.users["uid-1"] = {"validSince": str(now - 30)}

    assert_refused(get_me(google.signer.token(iat=now - 60)), "token_revoked")
    assert get_me(google.signer.token(iat=now - 10)).status_code == 200


def test_a_disabled_user_is_refused(google: Google) -> None:
    google.users["uid-1"] = {"disabled": True}
    assert_refused(get_me(google.signer.token()), "account_closed")


def test_a_deleted_user_is_refused(google: Google) -> None:
    google.users.clear()
    assert_refused(get_me(google.signer.token()), "account_closed")


def test_an_account_that_an_operator_closed_is_refused(google: Google) -> None:
    get_me(google.signer.token())
    user = User.objects.get()
    user.is_active = False
    user.save()

    response = get_me(google.signer.token())

    assert response.status_code == 401
    assert response.json() == {"detail": "The account is closed.", "code": "account_closed"}
    assert response["WWW-Authenticate"] == "Bearer"


def test_certificates_and_access_token_are_fetched_once(google: Google) -> None:
    for age in range(3):
        token = google.signer.token(iat=int(time.time()) - 10 * age)
        assert get_me(token).status_code == 200

    assert google.calls.count(CERTIFICATES) == 1
    assert google.calls.count("/token") == 1
    assert len(google.calls) == 5


def test_a_token_is_confirmed_once_a_minute(google: Google) -> None:
    token = google.signer.token()
    assert get_me(token).status_code == 200
    asked = len(google.calls)

    assert get_me(token).status_code == 200
    assert len(google.calls) == asked

    client = get_redis_connection("default")
    kept = client.keys("auth:firebase:*")  # the identity, and the token for the fast path
    assert len(kept) == 2
    assert all(0 < client.ttl(key) <= 60 for key in kept)
    client.delete(*kept)  # a minute later
    assert get_me(token).status_code == 200
    assert len(google.calls) == asked + 1


def test_an_unreachable_firebase_is_503(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = f"http://127.0.0.1:{server.getsockname()[1]}"
    monkeypatch.setenv("HTTPS_PROXY", closed)

    assert_unavailable(get_me(google.signer.token()))


def test_firebase_gone_after_a_good_start_is_503_and_back_is_200(
    google: Google, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert get_me(google.signer.token()).status_code == 200
    google.answers["accounts:lookup"] = (500, {}, b"{}")

    assert_unavailable(get_me(google.signer.token(iat=int(time.time()) - 10)))

    google.answers.clear()
    assert get_me(google.signer.token()).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "headers", "body"),
    [
        (CERTIFICATES, 500, {}, b""),
        (CERTIFICATES, 200, {}, b"<html>Sign in to the network</html>"),
        (CERTIFICATES, 200, {}, b"\xff\xfe"),
        ("/token", 401, {}, b'{"error": "invalid_grant"}'),
        ("/token", 200, {}, b"{}"),
        ("accounts:lookup", 503, {"Retry-After": "3600"}, b""),
        ("accounts:lookup", 403, {}, b'{"error": {"message": "PERMISSION_DENIED"}}'),
        ("accounts:lookup", 429, {"Retry-After": "3600"}, b'{"error": "QUOTA"}'),
        ("accounts:lookup", 200, {}, b"<html></html>"),
    ],
)
def test_a_firebase_that_answers_wrongly_is_503(
    google: Google, path: str, status: int, headers: dict[str, str], body: bytes
) -> None:
    google.answers[path] = (status, headers, body)

    assert_unavailable(get_me(google.signer.token()))
    assert not User.objects.exists()


def test_a_firebase_that_never_answers_is_503(google: Google) -> None:
    google.holds.clear()

    assert_unavailable(get_me(google.signer.token()))


@pytest.mark.parametrize("content", [None, "", "{}", json.dumps({"type": "service_account"})])
def test_credentials_that_cannot_be_used_are_503(
    google: Google, tmp_path: Any, settings: Any, content: str | None
) -> None:
    path = tmp_path / "broken.json"
    if content is not None:
        path.write_text(content)
    settings.FIREBASE_CREDENTIALS = str(path)

    assert_unavailable(get_me(google.signer.token()))


def test_application_default_credentials_serve_where_none_are_named(
    google: Google, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FIREBASE_CREDENTIALS = ""
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(google.account_path))
    settings.FIREBASE_PROJECT_ID = PROJECT

    assert get_me(google.signer.token()).status_code == 200


def test_an_emulators_token_without_its_time_is_refused(
    google: Google, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9")

    assert_refused(get_me(google.signer.token(iat=None)), "token_invalid")


def test_a_local_token_is_refused_where_firebase_signs_in(
    google: Google, api: Any, owner: User
) -> None:
    response = api.get("/api/me")

    assert response.status_code == 401
    assert response.json()["code"] == "token_invalid"
    assert not google.calls
