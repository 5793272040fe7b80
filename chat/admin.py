"""Conversations in the admin: to see that they work, not to read what learners ask."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from chat.models import Conversation, Message
from learningaier.core.admin import ReadOnlyAdmin


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdmin[Conversation]):
    """Conversations, without their titles, which are questions."""

    list_display = ["id", "owner", "scope_type", "message_count", "created_at", "updated_at"]
    list_filter = ["scope_type", "created_at"]
    search_fields = ["=id", "owner__username", "owner__email"]
    list_select_related = ["owner"]
    exclude = ["title"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        """With the number of messages."""
        return Conversation.objects.with_counts()

    @admin.display(description="messages")
    def message_count(self, conversation: Conversation) -> int:
        """How many messages it has."""
        count: int = getattr(conversation, "message_count", 0)
        return count


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin[Message]):
    """Messages, without what they say."""

    list_display = ["id", "owner", "role", "status", "degraded", "model", "created_at"]
    list_filter = ["role", "status", "degraded", "model", "created_at"]
    search_fields = ["=id", "=conversation__id", "owner__username", "owner__email"]
    list_select_related = ["owner"]
    exclude = ["content", "sources"]
