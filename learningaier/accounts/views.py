"""Signing in, and the caller's own account."""

from django.conf import settings
from django.contrib.auth import authenticate
from django.utils.decorators import method_decorator
from django_ratelimit.decorators import ratelimit
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.generics import RetrieveUpdateAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from learningaier.accounts.models import User
from learningaier.accounts.serializers import (
    CredentialsSerializer,
    ProfileSerializer,
    TokenSerializer,
)
from learningaier.accounts.tokens import issue_token
from learningaier.api.clients import client_address, sign_in_rate
from learningaier.api.errors import NotFound


class TokenView(APIView):
    """Exchanges a local account's password for a token; not there where Firebase signs in."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(request=CredentialsSerializer, responses=TokenSerializer)
    @method_decorator(ratelimit(group="sign_in", key=client_address, rate=sign_in_rate))
    def post(self, request: Request) -> Response:
        """A token for 30 days, or 401."""
        if settings.FIREBASE_PROJECT_ID:
            raise NotFound("Sign in with Firebase here.")
        credentials = CredentialsSerializer(data=request.data)
        credentials.is_valid(raise_exception=True)
        user = authenticate(request._request, **credentials.validated_data)  # noqa: SLF001
        if not isinstance(user, User):
            raise AuthenticationFailed("The user name or the password is wrong.")
        return Response({"token": issue_token(user), "user": ProfileSerializer(user).data})

    def get_authenticate_header(self, request: Request) -> str:
        """A wrong password is a 401 like a wrong token."""
        return "Bearer"


class ProfileView(RetrieveUpdateAPIView[User]):
    """The caller's own account."""

    serializer_class = ProfileSerializer
    http_method_names = ["get", "patch", "head", "options"]

    def get_object(self) -> User:
        """The caller."""
        user = self.request.user
        assert isinstance(user, User)
        return user
