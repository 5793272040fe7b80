"""GET and PATCH /api/me."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from learningaier.accounts.models import User


def test_the_profile_has_the_fields_of_the_contract(api: Any, owner: User) -> None:
    response = api.get("/api/me")

    assert response.status_code == 200
    profile = response.json()
    assert set(profile) == {
        "id", "email", "display_name", "timezone", "day_starts_at", "study_language",
        "preferred_language", "llm_model", "llm_models", "usage",
    }  # fmt: skip
    assert profile["id"] == str(owner.pk)
    assert profile["email"] == "owner@example.org"
    assert profile["timezone"] == "UTC"
    assert profile["study_language"] == "en"


def test_usage_counts_the_callers_own_rows(api: Any, stranger_api: Any) -> None:
    for client in (api, api, stranger_api):
        client.post("/api/notes", {"title": "Osmosis"})

    assert api.get("/api/me").json()["usage"]["notes"] == 2
    assert stranger_api.get("/api/me").json()["usage"]["notes"] == 1


def test_a_visitor_has_no_profile(visitor_api: Any) -> None:
    for method in (visitor_api.get, visitor_api.patch):
        response = method("/api/me")
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("display_name", "Ada 🦉 Lovelace", "Ada 🦉 Lovelace"),
        ("display_name", "", ""),
        ("display_name", "n" * 150, "n" * 150),
        ("timezone", "Asia/Kathmandu", "Asia/Kathmandu"),
        ("study_language", "de", "de"),
        ("study_language", "DE", "de"),
        ("study_language", "pt-BR", "pt-BR"),
        ("study_language", "zh-Hant-TW", "zh-Hant-TW"),
        ("study_language", "yue", "yue"),
        ("preferred_language", "ZH", "zh"),
        ("llm_model", "", ""),
    ],
)
def test_a_profile_can_be_changed(
    api: Any, owner: User, field: str, value: str, stored: str
) -> None:
    response = api.patch("/api/me", {field: value}, content_type="application/json")

    assert response.status_code == 200
    assert response.json()[field] == stored
    owner.refresh_from_db()
    assert getattr(owner, field) == stored


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("timezone", "Mars/Olympus"),
        ("timezone", "../../etc/passwd"),
        ("timezone", ""),
        ("timezone", None),
        ("timezone", 5),
        ("study_language", ""),
        ("study_language", "english"),
        ("study_language", "e"),
        ("study_language", "en_US"),
        ("study_language", "en-"),
        ("study_language", "ен"),
        ("study_language", "en-a-bcdefgh-ijklmn"),
        ("display_name", "n" * 151),
        ("display_name", "a\x00b"),
        ("display_name", ["Ada"]),
    ],
)
def test_what_is_not_valid_is_refused_by_field(
    api: Any, owner: User, field: str, value: Any
) -> None:
    response = api.patch("/api/me", {field: value}, content_type="application/json")
    kept = User.objects.get(pk=owner.pk)

    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]
    assert getattr(kept, field) == getattr(owner, field)


def test_what_is_read_only_stays(api: Any, owner: User) -> None:
    data = {
        "id": "00000000-0000-0000-0000-000000000000",
        "email": "other@example.org",
        "usage": {},
    }
    response = api.patch("/api/me", data, content_type="application/json")

    assert response.status_code == 200
    assert response.json()["id"] == str(owner.pk)
    assert User.objects.get(pk=owner.pk).email == "owner@example.org"


@pytest.mark.parametrize("field", ["is_staff", "is_superuser", "password", "firebase_uid"])
def test_what_the_profile_does_not_tell_can_not_be_set(api: Any, owner: User, field: str) -> None:
    before = User.objects.values().get(pk=owner.pk)
    response = api.patch("/api/me", {field: "1"}, content_type="application/json")

    assert (response.status_code, list(response.json()["errors"])) == (400, [field])
    assert User.objects.values().get(pk=owner.pk) == before


def test_a_change_writes_only_its_own_columns(api: Any) -> None:
    """Else it would open again an account that an operator closes meanwhile."""
    with CaptureQueriesContext(connection) as queries:
        api.patch("/api/me", {"display_name": "Ada"}, content_type="application/json")

    updates = [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    assert len(updates) == 1
    assert "display_name" in updates[0]
    assert "is_active" not in updates[0]


@pytest.mark.parametrize("data", [[], [{"display_name": "Ada"}], "Ada", 5, None])
def test_a_body_that_is_no_object_is_400(api: Any, data: Any) -> None:
    response = api.patch("/api/me", json.dumps(data), content_type="application/json")

    assert response.status_code == 400
    assert response.json()["code"] == "invalid"


@pytest.mark.parametrize("method", ["post", "put"])
def test_a_profile_is_neither_made_nor_replaced(api: Any, method: str) -> None:
    response = getattr(api, method)("/api/me", {}, content_type="application/json")

    assert response.status_code == 405
    assert response.json()["code"] == "method_not_allowed"
