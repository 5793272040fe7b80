from django.apps import AppConfig


class AiConfig(AppConfig):
    """Ports to language models and embedders, their adapters, and what they cost."""

    name = "learningaier.ai"
    label = "ai"

    def ready(self) -> None:
        """Show which models are not asked."""
        from learningaier.ai.breaker import BreakerCollector  # noqa: PLC0415  settings first
        from learningaier.observability.metrics import collect_when_asked  # noqa: PLC0415

        collect_when_asked(BreakerCollector())
