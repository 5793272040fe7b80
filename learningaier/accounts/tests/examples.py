"""The API of accounts, one request an operation."""

from learningaier.api.tests.steps import Step

STEPS = [
    Step(
        "auth_token_create",
        "POST",
        "/api/auth/token",
        {"username": "owner", "password": "a long password"},
    ),
    Step("me_retrieve", "GET", "/api/me"),
    Step("me_partial_update", "PATCH", "/api/me", {"timezone": "Europe/Vienna"}),
]
