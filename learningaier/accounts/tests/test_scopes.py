"""What a personal access token may do, by its scope: every operation described is tried."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from learningaier.accounts.models import User
from learningaier.accounts.services import create_access_token

MISSING = "11111111-1111-4111-8111-111111111111"
SCOPES = ["read", "review", "write"]

# Operations that need something else than their method says: reading for GET, writing for others.
SIGNED_IN = {
    "POST /api/auth/password",
    "POST /api/auth/logout-everywhere",
    "GET /api/tokens",
    "POST /api/tokens",
    "DELETE /api/tokens/{id}",
    "PATCH /api/me",
}
READ = {
    "POST /api/notes/ai-qa",
    "POST /api/flashcards/recommend-next",
    "POST /api/flashcards/cram",
}
REVIEW = {
    "POST /api/flashcards/review",
    "POST /api/flashcards/reviews",
    "POST /api/flashcards/undo",
    "POST /api/flashcards/queue/more",
    *(
        f"POST /api/flashcards/{{id}}/{action}"
        for action in ("suspend", "unsuspend", "bury", "unbury", "flag", "forget", "set-due")
    ),
}


def operations() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    schema: Any = SchemaGenerator().get_schema(request=None, public=True)
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            if any(operation.get("security", [])):
                yield f"{method.upper()} {path}", method.upper(), path, operation


OPERATIONS = list(operations())


def needed(name: str, method: str) -> str:
    if name in SIGNED_IN:
        return "signed_in"
    if name in READ or (method == "GET" and name not in REVIEW):
        return "read"
    return "review" if name in REVIEW else "write"


@pytest.fixture
def clients(owner: User, settings: Any) -> dict[str, Client]:
    settings.RATELIMIT_ENABLE = False
    made = {}
    for scope in SCOPES:
        _, secret = create_access_token(owner=owner, name=scope, scope=scope, expires_at=None)
        made[scope] = Client(headers={"Authorization": f"Bearer {secret}"})
    return made


@pytest.mark.parametrize(
    ("name", "method", "path", "operation"), OPERATIONS, ids=[name for name, *_ in OPERATIONS]
)
def test_each_operation_is_refused_below_its_scope_and_not_above(
    clients: dict[str, Client], name: str, method: str, path: str, operation: Any
) -> None:
    scope = needed(name, method)
    assert operation["x-scope"] == scope
    assert "403" in operation["responses"]
    allowed = SCOPES[SCOPES.index(scope) :] if scope in SCOPES else []
    for own, client in clients.items():
        address = path.replace("{id}", MISSING).replace("{number}", "1").replace("{n}", "1")
        body = json.dumps({}) if method in ("POST", "PUT", "PATCH") else ""
        response = client.generic(method, address, body, "application/json")
        refused = response.status_code == 403
        assert refused == (own not in allowed), f"{own}: {response.status_code}"
        if refused:
            assert response.json()["code"] == "insufficient_scope"
            assert f'scope="{scope}"' in response["WWW-Authenticate"]


def test_who_has_signed_in_needs_no_scope(api: Any) -> None:
    assert api.get("/api/tokens").status_code == 200
    assert api.post("/api/notes", {"title": "Mine"}).status_code == 201
