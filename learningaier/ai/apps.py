from django.apps import AppConfig

from learningaier.ai.embedders import E5


class AiConfig(AppConfig):
    """Ports to language models and embedders, their adapters, and what they cost."""

    name = "learningaier.ai"
    label = "ai"

    def ready(self) -> None:
        """Show which models are not asked, and have workers load an embedder of their own once."""
        from django.conf import settings  # noqa: PLC0415  apps must be loaded first

        from learningaier.ai import providers  # noqa: PLC0415  settings first
        from learningaier.ai.breaker import BreakerCollector  # noqa: PLC0415  settings first
        from learningaier.jobs.warming import load_before_jobs  # noqa: PLC0415
        from learningaier.observability.metrics import collect_when_asked  # noqa: PLC0415

        collect_when_asked(BreakerCollector())
        if settings.EMBEDDINGS_PROVIDER == E5:
            load_before_jobs(providers.get_embedder)
