"""POST /api/auth/register: off by default, and it tells nobody who is here."""

from typing import Any

import pytest

from learningaier.accounts.models import User
from learningaier.accounts.tests.hashers import CountingHasher

REGISTER = "/api/auth/register"
PASSWORD = "the analytical engine"


@pytest.fixture
def sign_up(visitor_api: Any, settings: Any) -> Any:
    settings.SIGN_UP = True

    def ask(username: str = "ada", password: str = PASSWORD, **fields: Any) -> Any:
        return visitor_api.post(REGISTER, {"username": username, "password": password, **fields})

    return ask


def test_nobody_signs_up_unless_the_operator_lets_them(visitor_api: Any, settings: Any) -> None:
    asked = {"username": "ada", "password": PASSWORD}
    assert visitor_api.post(REGISTER, asked).status_code == 404
    settings.SIGN_UP, settings.FIREBASE_PROJECT_ID = True, "learningaier-test"
    assert visitor_api.post(REGISTER, asked).status_code == 404
    assert not User.objects.exists()


def test_a_new_account_can_sign_in(visitor_api: Any, sign_up: Any) -> None:
    answer = sign_up(email="ada@example.org", display_name="Ada")
    assert (answer.status_code, answer.json()["success"]) == (202, True)
    signed_in = visitor_api.post(
        "/api/auth/token", {"username": "ada", "password": PASSWORD}
    ).json()
    assert signed_in["user"]["display_name"] == "Ada"
    assert signed_in["user"]["email"] == "ada@example.org"


@pytest.mark.parametrize("name", ["owner", "OWNER"])
def test_a_taken_name_answers_the_same_and_changes_nothing(
    sign_up: Any, owner: User, name: str, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = ["learningaier.accounts.tests.hashers.CountingHasher"]
    CountingHasher.count = 0
    free = sign_up()
    once = CountingHasher.count
    taken = sign_up(name, email="other@example.org")
    assert (taken.status_code, taken.content) == (free.status_code, free.content)
    assert CountingHasher.count == 2 * once > 0
    kept = User.objects.get(pk=owner.pk)
    assert (kept.email, kept.password) == (owner.email, owner.password)
    assert User.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"password": "short"}, "password"),
        ({"password": "password1"}, "password"),
        ({"password": "73519482650"}, "password"),
        ({"username": "lovelace", "password": "lovelace1"}, "password"),
        ({"username": "a b"}, "username"),
        ({"username": "a" * 151}, "username"),
        ({"email": "nowhere"}, "email"),
        ({"is_staff": True}, "is_staff"),
    ],
)
def test_what_makes_no_account_is_named(sign_up: Any, fields: Any, named: str) -> None:
    response = sign_up(**fields)
    assert (response.status_code, list(response.json()["errors"])) == (400, [named])
    assert not User.objects.exists()


def test_sign_ups_are_counted_by_address(sign_up: Any, settings: Any) -> None:
    settings.RATE_LIMIT_SIGN_UP = 2
    statuses = [sign_up(f"ada{number}").status_code for number in range(3)]
    assert statuses == [202, 202, 429]
