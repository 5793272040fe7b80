"""Folders, and the order of the notes in them."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from learningaier.accounts.current_user import current_user
from learningaier.api.schema import SuccessSerializer, also_answers
from learningaier.api.views import StrictView
from learningaier.sync.views import CreatableView, EditableView
from notes.models import Folder
from notes.serializers.folders import (
    FolderSerializer,
    MoveToSerializer,
    OrderSerializer,
    PlaceSerializer,
)
from notes.services import folders as services
from notes.services.order import MAX_PLACES, place_notes


@extend_schema_view(
    get=extend_schema(
        summary="List folders",
        description="Your folders as a flat list, newest first; `parent_id` makes the tree.",
    ),
    post=extend_schema(
        summary="Make a folder",
        description="Names are unique within a parent, whatever their case; at most 20 levels.",
    ),
)
class FoldersView(CreatableView[Folder]):
    """The caller's folders, newest first."""

    queryset = Folder.objects.with_counts()
    serializer_class = FolderSerializer

    def perform_create(self, serializer: BaseSerializer[Folder]) -> None:
        """Store the folder."""
        serializer.instance = services.create_folder(
            owner=current_user(self.request), **serializer.validated_data
        )


@extend_schema_view(
    get=extend_schema(summary="Read a folder", description="One folder with its count of notes."),
    patch=extend_schema(
        summary="Rename or move a folder",
        description="What is in it goes with it: notes have their new path, scopes follow.",
    ),
    delete=extend_schema(
        summary="Delete a folder",
        description=(
            "Only an empty one, else 409; with `move_to` its notes and folders go there before."
        ),
    ),
)
class FolderView(EditableView[Folder]):
    """One folder of the caller."""

    queryset = Folder.objects.with_counts()
    serializer_class = FolderSerializer
    query_serializers = {"delete": MoveToSerializer}
    http_method_names = ["get", "patch", "delete", "head", "options"]

    @also_answers(HTTPStatus.PRECONDITION_FAILED, HTTPStatus.CONFLICT)
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Delete the folder, unless something is in it."""
        return super().delete(request, *args, **kwargs)

    def perform_update(self, serializer: BaseSerializer[Folder]) -> None:
        """Rename or move the folder, with all that is in it."""
        assert serializer.instance is not None
        folder, fields = serializer.instance, serializer.validated_data
        serializer.instance = services.update_folder(folder=folder, **fields)

    def perform_destroy(self, instance: Folder) -> None:
        """Delete the folder once nothing is in it."""
        asked = self.read_query().validated_data
        target, is_moved = asked.get("move_to"), "move_to" in asked
        services.delete_folder(folder=instance, target=target, is_moved=is_moved)


class OrderView(StrictView):
    """Sorts and moves many notes."""

    @extend_schema(
        summary="Sort and move notes",
        description=f"Up to {MAX_PLACES} notes, all or none. Their texts and times stay.",
        request=PlaceSerializer(many=True),
        responses=SuccessSerializer,
    )
    def patch(self, request: Request) -> Response:
        """Give each note its place."""
        place_notes(owner=current_user(request), places=_read_places(request))
        return Response({"success": True})


def _read_places(request: Request) -> list[Any]:
    """The places that were sent. Raises: ValidationError (400), with the place and the field."""
    data: Any = request.data
    if isinstance(data, dict):
        whole = OrderSerializer(data=data)
        whole.is_valid(raise_exception=True)
        data = whole.validated_data["notes"]
    if not isinstance(data, list) or not 1 <= len(data) <= MAX_PLACES:
        raise ValidationError({"non_field_errors": [f"Send an array of 1 to {MAX_PLACES} notes."]})
    asked = [PlaceSerializer(data=one, context={"request": request}) for one in data]
    errors = {
        f"{place}.{name}": messages
        for place, one in enumerate(asked)
        if not one.is_valid()
        for name, messages in one.errors.items()
    }
    if errors:
        raise ValidationError(errors)
    return [one.validated_data for one in asked]
