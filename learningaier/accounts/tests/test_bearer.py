"""The Authorization header and local tokens."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client, override_settings

from learningaier.accounts.models import User
from learningaier.accounts.tokens import SALT, issue_token

pytestmark = pytest.mark.django_db


def get_me(authorization: str) -> Any:
    return Client().get("/api/me", headers={"Authorization": authorization})


def assert_refused(response: Any, code: str) -> None:
    assert response.status_code == 401
    assert response.json()["code"] == code
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER ", "Bearer  ", " Bearer "])
def test_the_scheme_is_read_without_regard_to_case_and_spaces(owner: User, scheme: str) -> None:
    if scheme.startswith(" "):
        assert_refused(get_me(scheme + issue_token(owner)), "authentication_failed")
    else:
        assert get_me(scheme + issue_token(owner)).status_code == 200


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer",
        "Bearer ",
        "Bearer   ",
        "Basic b3duZXI6cGFzc3dvcmQ=",
        "Token x",
        "Bearer " + "a" * 9000,
    ],
    ids=["no token", "empty token", "spaces", "Basic", "Token", "9,000 characters"],
)
def test_a_header_that_is_no_bearer_token_is_refused(authorization: str) -> None:
    assert_refused(get_me(authorization), "authentication_failed")


@pytest.mark.parametrize(
    "token", ["x", "a:b:c", "é", "日本", "\ud800", "a b", "\x00", ":::", ".e30:1:x", "=" * 8000]
)
def test_a_token_that_is_none_of_ours_is_refused(token: str) -> None:
    assert_refused(get_me(f"Bearer {token}"), "token_invalid")


def test_a_visitor_is_told_to_sign_in(visitor_api: Any) -> None:
    assert_refused(visitor_api.get("/api/me"), "not_authenticated")


def test_a_token_of_another_key_is_refused(owner: User) -> None:
    with override_settings(SECRET_KEY="another key of another service"):
        forged = issue_token(owner)

    assert_refused(get_me(f"Bearer {forged}"), "token_invalid")


def test_a_token_of_an_earlier_key_is_good_as_long_as_the_key_is_named(
    owner: User, settings: Any
) -> None:
    token = issue_token(owner)
    earlier, settings.SECRET_KEY = settings.SECRET_KEY, "the key that has come after the other"

    settings.SECRET_KEY_FALLBACKS = [earlier]
    assert get_me(f"Bearer {token}").status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert_refused(get_me(f"Bearer {token}"), "token_invalid")


def test_a_signature_made_for_another_purpose_is_refused(owner: User) -> None:
    token = signing.dumps([str(owner.pk), owner.token_fingerprint()], salt="another")

    assert_refused(get_me(f"Bearer {token}"), "token_invalid")


@pytest.mark.parametrize("payload", [[], ["x", "y"], {"a": 1}, "text", 5, None, [None, None]])
def test_a_signed_token_of_another_shape_is_refused(payload: Any) -> None:
    assert_refused(get_me(f"Bearer {signing.dumps(payload, salt=SALT)}"), "token_invalid")


def test_a_changed_token_is_refused(owner: User) -> None:
    token = issue_token(owner)

    assert_refused(
        get_me(f"Bearer {token[:-1]}{'a' if token[-1] != 'a' else 'b'}"), "token_invalid"
    )


def test_a_token_ends_with_its_time(owner: User, settings: Any) -> None:
    token = issue_token(owner)
    settings.LOCAL_TOKEN_DAYS = -timedelta.resolution / timedelta(days=1)

    assert_refused(get_me(f"Bearer {token}"), "token_expired")


def test_a_new_password_ends_every_token(owner: User) -> None:
    token = issue_token(owner)
    owner.set_password("another long password")
    owner.save()

    assert_refused(get_me(f"Bearer {token}"), "token_revoked")
    assert get_me(f"Bearer {issue_token(owner)}").status_code == 200


def test_a_closed_or_deleted_account_ends_its_tokens(owner: User) -> None:
    token = issue_token(owner)

    User.objects.update(is_active=False)
    assert_refused(get_me(f"Bearer {token}"), "token_invalid")
    owner.delete()
    assert_refused(get_me(f"Bearer {token}"), "token_invalid")
