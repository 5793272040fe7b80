"""What Redis has missed, in the admin."""

from django.contrib import admin

from learningaier.cache.models import LostInvalidation
from learningaier.core.admin import ReadOnlyAdmin


@admin.register(LostInvalidation)
class LostInvalidationAdmin(ReadOnlyAdmin[LostInvalidation]):
    """Invalidations that wait for Redis. What stays here for minutes: look at the scheduler."""

    list_display = ["version_key", "created_at"]
    search_fields = ["version_key"]
