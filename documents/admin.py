"""Documents in the admin."""

import contextlib
from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from documents import services
from documents.models import Document
from learningaier.core.errors import Conflict


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin[Document]):
    """Uploads; what is done here keeps index and storage right, as through the API."""

    list_display = [
        "title",
        "owner",
        "status",
        "stage",
        "progress",
        "pages",
        "chunks",
        "created_at",
    ]
    list_filter = ["status", "stage", "error_code", "content_type", "created_at"]
    search_fields = ["=id", "=sha256", "title", "filename", "owner__username", "owner__email"]
    list_select_related = ["owner"]
    show_full_result_count = False
    readonly_fields = [
        "id",
        "owner",
        "note",
        "filename",
        "content_type",
        "size",
        "sha256",
        "status",
        "stage",
        "progress",
        "pages",
        "chunks",
        "error_code",
        "error_message",
        "warning_lines",
        "claim_number",
        "attempts",
        "is_index_due",
        "created_at",
        "updated_at",
        "enqueued_at",
        "claimed_at",
        "heartbeat_at",
        "processed_at",
    ]
    fields = ["title", *readonly_fields]
    actions = ["retry", "cancel"]

    @admin.display(description="warnings")
    def warning_lines(self, document: Document) -> str:
        """What the text lacks or may have wrong, a line each."""
        return "\n".join(
            f"{found['code']} (page {found['page'] or 'any'}): {found['message']}"
            for found in document.warnings
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Documents come in by upload only."""
        return False

    def save_model(self, request: HttpRequest, obj: Document, form: object, change: bool) -> None:
        """Save through the service, which indexes."""
        services.update_document(document=obj, title=obj.title)

    def delete_model(self, request: HttpRequest, obj: Document) -> None:
        """Delete through the service, which clears index and storage."""
        services.delete_document(document=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        """Delete one by one, each through the service."""
        for document in Document.objects.filter(pk__in=queryset):
            services.delete_document(document=document)

    @admin.action(description="Process again what has failed or was cancelled")
    def retry(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        """Queue the chosen documents that allow it."""
        self._apply(request, queryset, services.retry_document)

    @admin.action(description="Cancel the processing")
    def cancel(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        """Cancel the chosen documents that allow it."""
        self._apply(request, queryset, services.cancel_document)

    def _apply(
        self,
        request: HttpRequest,
        queryset: QuerySet[Document],
        service: Callable[..., Document],
    ) -> None:
        done = 0
        for document in queryset:
            with contextlib.suppress(Conflict):
                service(document=document)
                done += 1
        messages.info(request, f"{done} of {len(queryset)} documents.")
