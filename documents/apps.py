from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """What a learner uploads."""

    name = "documents"

    def ready(self) -> None:
        """Have uploads whose worker or job got lost processed."""
        from documents.sweeping import (  # noqa: PLC0415  apps must be loaded first
            remove_orphans,
            sweep_documents,
        )
        from learningaier.jobs import schedule  # noqa: PLC0415

        schedule.every(5, sweep_documents)
        schedule.every(3600, remove_orphans)
