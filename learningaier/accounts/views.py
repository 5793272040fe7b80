"""Signing in, and the caller's own account."""

from django.conf import settings
from django.contrib.auth import authenticate
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.generics import RetrieveUpdateAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from learningaier.accounts import services
from learningaier.accounts.current_user import current_user
from learningaier.accounts.models import User
from learningaier.accounts.serializers import (
    CredentialsSerializer,
    ProfileSerializer,
    TokenSerializer,
)
from learningaier.accounts.sign_in import limit_guesses, remember_address
from learningaier.accounts.tokens import issue_token
from learningaier.api.clients import limit_sign_in
from learningaier.api.views import StrictView
from learningaier.core.errors import NotFound


class TokenView(StrictView):
    """Exchanges a local account's password for a token; not there where Firebase signs in."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(
        summary="Sign in with a local account",
        description=(
            "Exchanges user name and password for a bearer token that lasts LOCAL_TOKEN_DAYS days. "
            "Where Firebase signs people in, this answers 404."
        ),
        request=CredentialsSerializer,
        responses=TokenSerializer,
    )
    @method_decorator(limit_sign_in(group="sign_in"))
    def post(self, request: Request) -> Response:
        """A token for LOCAL_TOKEN_DAYS days, or 401."""
        if settings.FIREBASE_PROJECT_ID:
            raise NotFound("Sign in with Firebase here.")
        credentials = CredentialsSerializer(data=request.data)
        credentials.is_valid(raise_exception=True)
        seen, name = request._request, credentials.validated_data["username"]  # noqa: SLF001
        limit_guesses(seen, name)
        user = authenticate(seen, **credentials.validated_data)
        if not isinstance(user, User):
            raise AuthenticationFailed("The user name or the password is wrong.")
        remember_address(seen, name)
        return Response({"token": issue_token(user), "user": ProfileSerializer(user).data})

    def get_authenticate_header(self, request: Request) -> str:
        """A wrong password is a 401 like a wrong token."""
        return "Bearer"


@extend_schema_view(
    get=extend_schema(
        summary="Read your profile",
        description="The account that the token speaks for, and the model tokens it used today.",
    ),
    patch=extend_schema(
        summary="Change your profile",
        description="Sets the fields that are sent and leaves the others. Answers the profile.",
    ),
)
class ProfileView(StrictView, RetrieveUpdateAPIView[User]):
    """Shows and changes the caller's own account."""

    serializer_class = ProfileSerializer
    http_method_names = ["get", "patch", "head", "options"]

    def get_object(self) -> User:
        """The account that the token speaks for."""
        return current_user(self.request)

    def perform_update(self, serializer: BaseSerializer[User]) -> None:
        """Store the fields of the profile that were sent."""
        services.update_profile(user=current_user(self.request), **serializer.validated_data)
