"""The trash in the admin."""

from django.contrib import admin

from learningaier.core.admin import ReadOnlyAdmin
from learningaier.sync.models import TrashEntry


@admin.register(TrashEntry)
class TrashEntryAdmin(ReadOnlyAdmin[TrashEntry]):
    """Deleted things that can still be restored, by their owners."""

    list_display = ["id", "kind", "owner", "created_at"]
    list_filter = ["kind", "created_at"]
    search_fields = ["=id", "owner__username", "owner__email"]
    list_select_related = ["owner"]
    exclude = ["title", "payload"]
