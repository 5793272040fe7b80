"""What a caller may do: everything of one's own, or what a personal access token's scope says."""

from http import HTTPStatus
from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from learningaier.accounts.access_tokens import Grant
from learningaier.api.scopes import SIGNED_IN, find_needed_scope
from learningaier.core.errors import ServiceError


class ScopeMissing(ServiceError):
    """The token's scope does not include this call."""

    status = HTTPStatus.FORBIDDEN
    code = "insufficient_scope"

    def __init__(self, needed: str) -> None:
        sentence = f"This call needs a token of the scope “{needed}”."
        if needed == SIGNED_IN:
            sentence = "Sign in for this; a personal access token does not do."
        super().__init__(sentence)
        self.headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{needed}"'


class HasScope(BasePermission):
    """Whether a personal access token may make this call; who has signed in may make all."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Raises: ScopeMissing (403)."""
        needed = find_needed_scope(view, (request.method or "").lower())
        if isinstance(request.auth, Grant) and not request.auth.scope.includes(needed):
            raise ScopeMissing(needed)
        return True
