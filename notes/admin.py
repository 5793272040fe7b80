"""Notes in the admin."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from notes import services
from notes.models import Note


@admin.register(Note)
class NoteAdmin(admin.ModelAdmin[Note]):
    """Notes; saving or deleting one here keeps the index right, as through the API."""

    list_display = ["title", "owner", "folder", "word_count", "index_status", "updated_at"]
    list_filter = ["index_status", "created_at", "updated_at"]
    search_fields = ["=id", "title", "owner__username", "owner__email"]
    list_select_related = ["owner"]
    raw_id_fields = ["owner"]
    readonly_fields = ["id", "word_count", "index_status", "created_at", "updated_at"]

    def save_model(self, request: HttpRequest, obj: Note, form: object, change: bool) -> None:
        """Save through the service, which indexes."""
        services.update_note(note=obj)

    def delete_model(self, request: HttpRequest, obj: Note) -> None:
        """Delete through the service, which clears the index."""
        services.delete_note(note=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Note]) -> None:
        """Delete one by one, each through the service."""
        for note in queryset:
            services.delete_note(note=note)
