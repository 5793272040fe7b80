"""The shapes of the trash in the API."""

from rest_framework import serializers

from learningaier.api.serializers import StrictModelSerializer
from learningaier.sync.models import TrashEntry


class TrashEntrySerializer(StrictModelSerializer[TrashEntry]):
    """Something deleted; `kind` is note, document or deck, `id` is its own id."""

    deleted_at = serializers.DateTimeField(source="created_at")

    class Meta:
        model = TrashEntry
        fields = ["id", "kind", "title", "deleted_at"]
