"""Views over the caller's own rows that clients keep copies of; and the trash."""

from http import HTTPStatus
from typing import Any, Generic, TypeVar

from django.db import models
from drf_spectacular.utils import extend_schema
from rest_framework.generics import (
    ListAPIView,
    ListCreateAPIView,
    RetrieveUpdateDestroyAPIView,
)
from rest_framework.request import Request
from rest_framework.response import Response

from learningaier.api.pagination import LinkPagination
from learningaier.api.schema import SuccessSerializer, also_answers
from learningaier.api.views import OwnedView
from learningaier.core.errors import PreconditionFailed
from learningaier.sync import trash
from learningaier.sync.etags import claim_version, is_known, is_match, make_etag
from learningaier.sync.idempotency import idempotent
from learningaier.sync.models import TrashEntry
from learningaier.sync.serializers import TrashEntrySerializer

Row = TypeVar("Row", bound=models.Model)


class DeletableView(OwnedView[Row], Generic[Row]):
    """A row of the caller that can be deleted."""

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Delete the row, unless `If-Match` names another state."""
        instance = self.get_object()
        self.check_precondition(instance)
        self.perform_destroy(instance)  # type: ignore[attr-defined]  # of DRF's mixin
        return Response({"success": True})

    def check_precondition(self, instance: Row) -> None:
        """Nothing is asked of a row without an ETag."""


class CreatableView(OwnedView[Row], ListCreateAPIView[Row], Generic[Row]):
    """The caller's rows of one kind; new ones have an ETag, and an `Idempotency-Key` counts."""

    @idempotent()
    @also_answers(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make a row, once for an idempotency key."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        self.perform_create(serializer)
        headers = {"ETag": make_etag(serializer.instance, serializer.data)}
        return Response(serializer.data, status=HTTPStatus.CREATED, headers=headers)


class TaggedView(OwnedView[Row], Generic[Row]):
    """A row of the caller with an ETag: `If-Match` refuses a change of what has changed."""

    def check_precondition(self, instance: Row) -> None:
        """Raises: PreconditionFailed (412), with the row as it is, unless `If-Match` fits."""
        header = self.request.headers.get("If-Match")
        if header is None or (is_match(header, instance) and claim_version(instance)):
            return
        current = self.respond(self.get_object())
        raise PreconditionFailed(current.data, current["ETag"])

    def respond(self, instance: Any) -> Response:
        """The row as it is, with its ETag."""
        data = self.get_serializer(instance).data
        return Response(data, headers={"ETag": make_etag(instance, data)})


class EditableView(
    TaggedView[Row], DeletableView[Row], RetrieveUpdateDestroyAPIView[Row], Generic[Row]
):
    """One row of the caller, with an ETag: `If-Match` refuses a change of what has changed."""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The row; 304 where the client has it as it is."""
        response = self.respond(self.get_object())
        if is_known(request.headers.get("If-None-Match", ""), response["ETag"]):
            return Response(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": response["ETag"]})
        return response

    @also_answers(HTTPStatus.PRECONDITION_FAILED)
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Set every field of the row."""
        return self.update(request, *args, **kwargs)

    @also_answers(HTTPStatus.PRECONDITION_FAILED)
    def patch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Set the fields that are sent."""
        return self.update(request, *args, partial=True, **kwargs)

    @also_answers(HTTPStatus.PRECONDITION_FAILED)
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Delete the row, unless `If-Match` names another state."""
        return super().delete(request, *args, **kwargs)

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change the row, once what was sent is found right."""
        instance = self.get_object()
        partial = kwargs.pop("partial", False)
        serializer = self.get_serializer(instance, data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        self.check_precondition(instance)
        self.perform_update(serializer)
        return self.respond(serializer.instance)


@extend_schema(
    summary="List the trash",
    description="What you have deleted within 30 days and can restore, the latest first.",
)
class TrashView(OwnedView[TrashEntry], ListAPIView[TrashEntry]):
    """What the caller has deleted within 30 days, the latest first."""

    queryset = TrashEntry.objects.all()
    serializer_class = TrashEntrySerializer
    pagination_class = LinkPagination


class RestoreView(OwnedView[TrashEntry]):
    """Taking something out of the trash."""

    bodiless_methods = frozenset({"post"})
    queryset = TrashEntry.objects.all()
    serializer_class = TrashEntrySerializer

    @extend_schema(
        summary="Restore from the trash",
        description="The note, document or deck is back as it was, in search and answers too.",
        request=None,
        responses=SuccessSerializer,
    )
    @also_answers(HTTPStatus.CONFLICT)
    def post(self, request: Request, pk: str) -> Response:
        """Restore a note, a document or a deck as it was."""
        trash.restore(entry=self.get_object())
        return Response({"success": True})
