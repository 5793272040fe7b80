from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Conversations in which the library answers, with citations."""

    name = "chat"
