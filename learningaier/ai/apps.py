from django.apps import AppConfig


class AiConfig(AppConfig):
    """Ports to language models and embedders, their adapters, and what they cost."""

    name = "learningaier.ai"
    label = "ai"
