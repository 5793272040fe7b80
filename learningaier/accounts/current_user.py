"""Whom a request speaks for."""

from rest_framework.request import Request

from learningaier.accounts.models import User


def current_user(request: Request) -> User:
    """The signed-in user of an endpoint that admits nobody else."""
    assert isinstance(request.user, User)
    return request.user
