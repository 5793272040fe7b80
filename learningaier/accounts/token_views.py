"""Personal access tokens: made, listed, revoked."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import DestroyAPIView, ListCreateAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from learningaier.accounts import services
from learningaier.accounts.current_user import current_user
from learningaier.accounts.models import AccessToken
from learningaier.accounts.serializers import AccessTokenSerializer, NewAccessTokenSerializer
from learningaier.api.schema import also_answers
from learningaier.api.scopes import SIGNED_IN, needs_scope
from learningaier.api.views import OwnedView
from learningaier.sync.idempotency import idempotent


@extend_schema_view(
    get=extend_schema(
        summary="List personal access tokens",
        description="Your tokens, newest first, without their secrets.",
    ),
    post=extend_schema(
        summary="Make a personal access token",
        description=(
            "For scripts and plugins. `scope`: `read`, `review` (rates cards too) or `write` (all "
            "but the account itself). `secret` is shown this once; send it as the bearer token."
        ),
        responses={201: NewAccessTokenSerializer},
    ),
)
class AccessTokensView(OwnedView[AccessToken], ListCreateAPIView[AccessToken]):
    """The caller's personal access tokens."""

    queryset = AccessToken.objects.all()
    serializer_class = AccessTokenSerializer

    @needs_scope(SIGNED_IN)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The tokens, newest first."""
        return super().get(request, *args, **kwargs)

    @needs_scope(SIGNED_IN)
    @idempotent(keeps_body=False)
    @also_answers(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A new token with its secret; a repeated call shows no secret again, but 409."""
        asked = AccessTokenSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        owner = current_user(request)
        token, secret = services.create_access_token(owner=owner, **asked.validated_data)
        shown = NewAccessTokenSerializer(token, context={"secret": secret})
        return Response(shown.data, status=HTTPStatus.CREATED)


class AccessTokenView(OwnedView[AccessToken], DestroyAPIView[AccessToken]):
    """One personal access token of the caller."""

    queryset = AccessToken.objects.all()
    serializer_class = AccessTokenSerializer

    @extend_schema(
        summary="Revoke a personal access token",
        description="The next call with it is 401, on every process.",
    )
    @needs_scope(SIGNED_IN)
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Delete the token; nobody believes it any more."""
        self.get_queryset().filter(pk=self.get_object().pk).revoke()
        return Response({"success": True})
