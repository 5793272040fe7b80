from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """The files that a learner uploads, and their processing."""

    name = "documents"

    def ready(self) -> None:
        """Have uploads whose worker or job got lost processed, and show how many are where."""
        from documents.metrics import DocumentCollector  # noqa: PLC0415  apps must be loaded first
        from documents.sweeping import remove_orphans, sweep_documents  # noqa: PLC0415
        from learningaier.jobs import schedule  # noqa: PLC0415
        from learningaier.observability.metrics import collect_when_asked  # noqa: PLC0415

        schedule.every(5, sweep_documents)
        schedule.every(3600, remove_orphans)
        collect_when_asked(DocumentCollector())
