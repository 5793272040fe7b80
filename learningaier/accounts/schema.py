"""How the bearer tokens stand in the OpenAPI document."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The scheme `Authorization: Bearer <token>` in the document."""

    target_class = "learningaier.accounts.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The scheme's entry among the document's components."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": (
                "A Firebase ID token, the token of POST /api/auth/token, or a personal access "
                "token, whose scope must include the operation's `x-scope`."
            ),
        }
