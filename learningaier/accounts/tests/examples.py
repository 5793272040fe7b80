"""The API of accounts, one request an operation."""

from learningaier.api.tests.steps import Step

STEPS = [
    Step(
        "auth_token_create",
        "POST",
        "/api/auth/token",
        {"username": "owner", "password": "a long password"},
    ),
    Step(
        "auth_register_create",
        "POST",
        "/api/auth/register",
        {"username": "ada", "password": "the analytical engine", "email": "ada@example.org"},
    ),
    Step(
        "auth_password_create",
        "POST",
        "/api/auth/password",
        {"current_password": "a long password", "new_password": "a longer password"},
        ends_tokens=True,
    ),
    Step("auth_logout_everywhere_create", "POST", "/api/auth/logout-everywhere", ends_tokens=True),
    Step(
        "tokens_create",
        "POST",
        "/api/tokens",
        {"name": "Anki plugin", "scope": "review", "expires_at": "2099-01-01T00:00:00Z"},
        keep={"access_token": "id"},
    ),
    Step("tokens_list", "GET", "/api/tokens"),
    Step("tokens_destroy", "DELETE", "/api/tokens/{access_token}"),
    Step("me_retrieve", "GET", "/api/me", keep={"me": "id"}),
    Step("me_partial_update", "PATCH", "/api/me", {"timezone": "Europe/Vienna"}),
]
