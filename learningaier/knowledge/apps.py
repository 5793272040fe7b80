from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    """Text to chunks, hybrid search, cited answers."""

    name = "learningaier.knowledge"
    label = "knowledge"
