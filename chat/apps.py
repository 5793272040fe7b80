from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Conversations with the library."""

    name = "chat"
