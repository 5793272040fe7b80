from django.apps import AppConfig


class FlashcardsConfig(AppConfig):
    """What a learner remembers by."""

    name = "flashcards"
