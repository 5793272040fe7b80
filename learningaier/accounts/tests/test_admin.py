"""Accounts in the admin."""

from typing import Any

import pytest
from django.test import Client

from learningaier.accounts.identity import Identity
from learningaier.accounts.models import User
from learningaier.accounts.services import find_or_create_firebase_user
from learningaier.accounts.tokens import issue_token

pytestmark = pytest.mark.django_db
USERS = "/admin/accounts/user/"


@pytest.fixture
def operator() -> Client:
    """An operator, signed in at the admin."""
    client = Client()
    client.force_login(User.objects.create_superuser("operator", password="a long password"))
    return client


def test_accounts_can_be_found(operator: Client, owner: User, stranger: User) -> None:
    page = operator.get(USERS, {"q": "owner@example.org"})

    assert page.status_code == 200
    assert b"owner@example.org" in page.content
    assert b"stranger@example.org" not in page.content


def test_an_account_made_here_can_sign_in(operator: Client, visitor_api: Any) -> None:
    password = "correct horse battery"
    data = {
        "username": "ada",
        "usable_password": "true",
        "password1": password,
        "password2": password,
    }
    response = operator.post(f"{USERS}add/", data)

    assert response.status_code == 302
    credentials = {"username": "ada", "password": password}
    assert visitor_api.post("/api/auth/token", credentials).status_code == 200


def test_closing_an_account_here_ends_its_tokens(operator: Client, owner: User) -> None:
    page = f"{USERS}{owner.pk}/change/"
    assert operator.get(page).status_code == 200
    data = {"username": "owner", "email": owner.email, "timezone": "UTC"}
    data |= {"study_language": "en", "preferred_language": "en"}

    assert operator.post(page, data).status_code == 302

    headers = {"Authorization": f"Bearer {issue_token(owner)}"}
    assert Client().get("/api/me", headers=headers).status_code == 401


def test_a_firebase_account_can_be_closed_but_its_uid_not_edited(operator: Client) -> None:
    user = find_or_create_firebase_user(identity=Identity("line:U|1 é", "a@example.org"))
    data = {
        "username": user.username, "firebase_uid": "uid-2",
        "timezone": "UTC", "study_language": "en", "preferred_language": "en",
    }  # fmt: skip

    response = operator.post(f"{USERS}{user.pk}/change/", data)

    user.refresh_from_db()
    assert response.status_code == 302
    assert not user.is_active
    assert user.firebase_uid == "line:U|1 é"


def test_a_learner_has_no_way_in(owner: User) -> None:
    client = Client()
    client.force_login(owner)

    assert client.get(USERS).status_code == 302
