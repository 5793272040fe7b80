"""What models have cost, in the admin."""

from django.contrib import admin

from learningaier.ai.models import TokenUsage
from learningaier.core.admin import ReadOnlyAdmin


@admin.register(TokenUsage)
class TokenUsageAdmin(ReadOnlyAdmin[TokenUsage]):
    """What language models have cost, by user and day."""

    list_display = ["day", "owner", "model", "calls", "prompt", "completion"]
    list_filter = ["model", "day"]
    search_fields = ["owner__username", "owner__email"]
    list_select_related = ["owner"]
    date_hierarchy = "day"
    ordering = ["-day"]
