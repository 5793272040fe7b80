from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """What a learner uploads."""

    name = "documents"
