"""What the domains' admin pages have in common."""

from typing import TypeVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

Row = TypeVar("Row", bound=Model)


class ReadOnlyAdmin(admin.ModelAdmin[Row]):
    """Rows that a hand edit would break: they can be searched and read.

    They still go when what they belong to is deleted on its own page.
    """

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows are made by the service alone."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """Rows are changed by the service alone."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """Nobody deletes by hand; Django asks here for cascades too."""
        own_pages = f"/{self.opts.app_label}/{self.opts.model_name}/"
        return own_pages not in request.path
