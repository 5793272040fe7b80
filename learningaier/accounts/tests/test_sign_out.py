"""POST /api/auth/password and /api/auth/logout-everywhere."""

import time
from typing import Any

import pytest
from django.test import Client

from learningaier.accounts.models import User
from learningaier.accounts.tests.google import Google
from learningaier.accounts.tokens import issue_token

PASSWORD, EVERYWHERE = "/api/auth/password", "/api/auth/logout-everywhere"
NEW = "correct horse battery"


def bearer(token: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {token}"})


def change(client: Any, current: str = "a long password", new: str = NEW) -> Any:
    asked = {"current_password": current, "new_password": new}
    return client.post(PASSWORD, asked, content_type="application/json")


def test_a_new_password_ends_all_tokens_but_the_one_it_answers(
    api: Any, visitor_api: Any, owner: User
) -> None:
    other = bearer(issue_token(owner))
    answer = change(api)
    assert answer.status_code == 200
    assert bearer(answer.json()["token"]).get("/api/me").status_code == 200
    for ended in (api, other):
        refused = ended.get("/api/me")
        assert (refused.status_code, refused.json()["code"]) == (401, "token_revoked")
    tries = [
        visitor_api.post("/api/auth/token", {"username": "owner", "password": password})
        for password in ("a long password", NEW)
    ]
    assert [one.status_code for one in tries] == [401, 200]


@pytest.mark.parametrize(
    ("current", "new", "named"),
    [
        ("wrong", NEW, "current_password"),
        ("a long password", "short", "new_password"),
        ("a long password", "owner@example.org", "new_password"),
        ("a long password", "1234567890", "new_password"),
    ],
)
def test_a_wrong_or_poor_password_changes_nothing(
    api: Any, current: str, new: str, named: str
) -> None:
    response = change(api, current, new)
    assert (response.status_code, list(response.json()["errors"])) == (400, [named])
    assert api.get("/api/me").status_code == 200


def test_guesses_of_the_present_password_are_limited(api: Any, settings: Any) -> None:
    settings.RATE_LIMIT_SIGN_IN_ACCOUNT = 2
    assert [change(api, "wrong").status_code for _ in range(3)] == [400, 400, 429]


def test_signing_out_everywhere_ends_every_token_and_session(api: Any, owner: User) -> None:
    other = bearer(issue_token(owner))
    secret = api.post("/api/tokens", {"name": "script", "scope": "read"}).json()["secret"]
    owner.is_staff = owner.is_superuser = True
    owner.save()
    session = Client()
    session.force_login(owner)
    assert session.get("/admin/").status_code == 200

    assert api.post(EVERYWHERE).json() == {"success": True}

    for ended in (api, other, bearer(secret)):
        assert ended.get("/api/me").status_code == 401
    assert session.get("/admin/").status_code == 302
    owner.refresh_from_db()
    assert bearer(issue_token(owner)).get("/api/me").status_code == 200
    assert api.get("/api/tokens").status_code == 401


def test_a_session_outlives_a_change_of_the_secret_key(owner: User, settings: Any) -> None:
    owner.is_staff = True
    owner.save()
    session = Client()
    session.force_login(owner)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "new" * 20
    assert session.get("/admin/").status_code == 200


def test_an_operator_ends_the_sessions_of_others(api: Any, owner: User) -> None:
    operator = Client()
    operator.force_login(User.objects.create_superuser("operator", password="a long password"))
    asked = {"action": "sign_out", "_selected_action": [str(owner.pk)]}
    assert operator.post("/admin/accounts/user/", asked).status_code == 302
    assert api.get("/api/me").status_code == 401


@pytest.mark.django_db
def test_with_firebase_the_next_sign_in_counts_and_no_earlier_one(google: Google) -> None:
    now = int(time.time())
    client = bearer(google.signer.token())
    assert client.get("/api/me").status_code == 200
    assert client.post(EVERYWHERE, content_type="application/json").status_code == 200
    refreshed = bearer(google.signer.token(iat=now - 1))  # of the same sign-in, a minute ago
    for ended in (client, refreshed):
        refused = ended.get("/api/me")
        assert (refused.status_code, refused.json()["code"]) == (401, "token_revoked")
    later = google.signer.token(auth_time=now + 3, iat=now + 3)
    assert bearer(later).get("/api/me").status_code == 200
    assert change(bearer(later)).status_code == 404
