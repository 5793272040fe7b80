"""Notes in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from notes.models import Note
from notes.services import notes as services

READ_ONLY = [
    "id",
    "folder",
    "primary_language",
    "word_count",
    "index_status",
    "version",
    "created_at",
    "updated_at",
]


@admin.register(Note)
class NoteAdmin(admin.ModelAdmin[Note]):
    """Notes; saving or deleting one here keeps the index right, as through the API."""

    list_display = ["title", "owner", "folder", "word_count", "index_status", "updated_at"]
    fields = ["owner", "title", "content", "tags", *READ_ONLY]
    list_filter = ["index_status", "created_at", "updated_at"]
    search_fields = ["=id", "title", "owner__username", "owner__email"]
    list_select_related = ["owner"]
    raw_id_fields = ["owner"]
    readonly_fields = READ_ONLY

    def get_readonly_fields(self, request: HttpRequest, obj: Note | None = None) -> list[str]:
        """A note stays its owner's."""
        return self.readonly_fields if obj is None else ["owner", *self.readonly_fields]

    def save_model(self, request: HttpRequest, obj: Note, form: Any, change: bool) -> None:
        """Save through the service, which indexes, what the form has changed."""
        data = form.cleaned_data
        if change:
            services.update_note(note=obj, **{name: data[name] for name in form.changed_data})
        else:
            obj.pk = services.create_note(**data).pk

    def delete_model(self, request: HttpRequest, obj: Note) -> None:
        """Delete through the service, which clears the index."""
        services.delete_note(note=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Note]) -> None:
        """Delete one by one, each through the service."""
        for note in queryset:
            services.delete_note(note=note)
