"""Passwords can't be tried without end, whatever the addresses; the owner at home is let in."""

from typing import Any

import pytest
from django.test import Client

from learningaier.accounts.models import User

RIGHT, WRONG = "a long password", "another password"


@pytest.fixture(autouse=True)
def proxy(settings: Any) -> None:
    """So that a test can come from any address."""
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    settings.RATE_LIMIT_SIGN_IN_ACCOUNT = 5


def sign_in(address: str, password: str, name: str = "owner") -> Any:
    return Client().post(
        "/api/auth/token",
        {"username": name, "password": password},
        content_type="application/json",
        headers={"X-Forwarded-For": address},
    )


def test_guesses_from_many_addresses_are_slowed(owner: User) -> None:
    tried = [sign_in(f"198.51.100.{number}", WRONG) for number in range(12)]

    assert [answer.status_code for answer in tried] == [401] * 5 + [429] * 7
    assert int(tried[-1].headers["Retry-After"]) > 0


def test_the_owner_is_let_in_where_he_has_signed_in_before(owner: User) -> None:
    assert sign_in("203.0.113.7", RIGHT).status_code == 200
    for number in range(12):
        sign_in(f"198.51.100.{number}", WRONG)

    assert sign_in("203.0.113.7", RIGHT).status_code == 200
    assert sign_in("203.0.113.8", RIGHT).status_code == 429


def test_what_hashing_costs_has_a_bound_for_all_accounts_together(db: None, settings: Any) -> None:
    settings.RATE_LIMIT_SIGN_IN_ALL = 5

    tried = [sign_in(f"198.51.100.{n}", WRONG, f"nobody{n}").status_code for n in range(8)]

    assert tried == [401] * 5 + [429] * 3


def test_the_admins_login_is_counted_too(owner: User) -> None:
    form = {"username": "owner", "password": WRONG}

    tried = [
        Client()
        .post("/admin/login/", form, headers={"X-Forwarded-For": f"198.51.100.{number}"})
        .status_code
        for number in range(7)
    ]

    assert tried == [200] * 5 + [429] * 2


def test_a_class_behind_one_address_signs_in(db: None) -> None:
    pupils = [User.objects.create_user(f"pupil{n}", "", RIGHT) for n in range(15)]

    tried = [sign_in("203.0.113.7", RIGHT, pupil.username).status_code for pupil in pupils]

    assert tried == [200] * 15


def test_a_class_of_30_behind_one_address_signs_in_with_typing_errors_and_works(db: None) -> None:
    for number in range(30):
        User.objects.create_user(username=f"pupil{number}", password=RIGHT)

    tried = [sign_in("203.0.113.7", WRONG, f"pupil{number}").status_code for number in range(30)]
    answers = [sign_in("203.0.113.7", RIGHT, f"pupil{number}") for number in range(30)]

    assert tried == [401] * 30
    assert [answer.status_code for answer in answers] == [200] * 30
    for answer in answers:
        headers = {
            "X-Forwarded-For": "203.0.113.7",
            "Authorization": f"Bearer {answer.json()['token']}",
        }
        pupil = Client(headers=headers)
        assert [pupil.get("/api/notes").status_code for _ in range(3)] == [200] * 3
