"""Signing in, up and out, and the caller's own account."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth import authenticate
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.exceptions import AuthenticationFailed, ValidationError
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
    NewPasswordSerializer,
    ProfileSerializer,
    RegisteredSerializer,
    RegistrationSerializer,
    TokenSerializer,
)
from learningaier.accounts.sign_in import limit_guesses, remember_address
from learningaier.accounts.tokens import issue_token
from learningaier.api.clients import limit_sign_in
from learningaier.api.schema import SuccessSerializer
from learningaier.api.scopes import SIGNED_IN, needs_scope
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


class RegisterView(StrictView):
    """Makes a local account; not there unless SIGN_UP is on."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(
        summary="Sign up with a local account",
        description=(
            "Answers 202 whether the name was free or taken, so that it tells nobody who is here; "
            "sign in to see. The password needs 8 characters, must not be common, all digits, or "
            "like the name. 404 unless the operator has set SIGN_UP=true."
        ),
        request=RegistrationSerializer,
        responses={202: RegisteredSerializer},
    )
    @method_decorator(limit_sign_in(group="sign_up", setting="RATE_LIMIT_SIGN_UP"))
    def post(self, request: Request) -> Response:
        """The same answer whether the name was free or taken; 400 for a poor password."""
        asked = RegistrationSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        if settings.FIREBASE_PROJECT_ID or not settings.SIGN_UP:
            raise NotFound("Nobody can sign up here.")
        limit_guesses(request._request, asked.validated_data["username"])  # noqa: SLF001
        services.register_user(**asked.validated_data)
        detail = "Sign in with this name and password. If that fails, the name is taken."
        return Response({"success": True, "detail": detail}, status=HTTPStatus.ACCEPTED)

    def get_authenticate_header(self, request: Request) -> str:
        """As where one signs in."""
        return "Bearer"


class PasswordView(StrictView):
    """Changes a local account's password."""

    @extend_schema(
        summary="Change your password",
        description=(
            "Ends all tokens of signing in but the one that it answers, and all sessions of the "
            "admin. Personal access tokens stay. Where Firebase signs people in, this answers 404."
        ),
        request=NewPasswordSerializer,
        responses=TokenSerializer,
    )
    @needs_scope(SIGNED_IN)
    @method_decorator(limit_sign_in(group="password"))
    def post(self, request: Request) -> Response:
        """A fresh token; 400 for a wrong present password or a poor new one."""
        if settings.FIREBASE_PROJECT_ID:
            raise NotFound("Change your password with Firebase.")
        asked = NewPasswordSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        user = current_user(request)
        limit_guesses(request._request, user.username)  # noqa: SLF001
        if not user.check_password(asked.validated_data["current_password"]):
            raise ValidationError({"current_password": ["This is not your password."]})
        services.change_password(user=user, password=asked.validated_data["new_password"])
        return Response({"token": issue_token(user), "user": ProfileSerializer(user).data})


class SignOutEverywhereView(StrictView):
    """Ends everything that speaks for the caller."""

    bodiless_methods = frozenset({"post"})

    @extend_schema(
        summary="Sign out everywhere",
        description=(
            "Ends all tokens of this account, the one of this call and personal access tokens "
            "included, and all sessions of the admin, at once and on every process. With Firebase, "
            "ID tokens count again after the next sign-in."
        ),
        request=None,
        responses=SuccessSerializer,
    )
    @needs_scope(SIGNED_IN)
    def post(self, request: Request) -> Response:
        """End all tokens and sessions of the caller."""
        services.sign_out_everywhere(user=current_user(request))
        return Response({"success": True})


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

    @needs_scope(SIGNED_IN)
    def patch(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Set the fields that are sent."""
        return super().patch(request, *args, **kwargs)

    def get_object(self) -> User:
        """The account that the token speaks for."""
        return current_user(self.request)

    def perform_update(self, serializer: BaseSerializer[User]) -> None:
        """Store the fields of the profile that were sent."""
        services.update_profile(user=current_user(self.request), **serializer.validated_data)
