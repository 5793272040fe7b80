from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """The files that a learner uploads, and their processing."""

    name = "documents"

    def ready(self) -> None:
        """Have uploads whose worker or job got lost processed, and show how many are where."""
        from documents import services  # noqa: PLC0415  apps must be loaded first
        from documents.indexing import reanalyse_document  # noqa: PLC0415
        from documents.metrics import DocumentCollector  # noqa: PLC0415
        from documents.models import Document  # noqa: PLC0415
        from documents.sweeping import remove_orphans, sweep_documents  # noqa: PLC0415
        from learningaier.ai.providers import get_sentence_embedder  # noqa: PLC0415
        from learningaier.jobs import schedule  # noqa: PLC0415
        from learningaier.jobs.warming import load_before_jobs  # noqa: PLC0415
        from learningaier.knowledge.index import reanalysis  # noqa: PLC0415
        from learningaier.knowledge.models import Material  # noqa: PLC0415
        from learningaier.knowledge.names import register_ids  # noqa: PLC0415
        from learningaier.observability.metrics import collect_when_asked  # noqa: PLC0415
        from learningaier.sync import trash  # noqa: PLC0415

        register_ids("document", Document)
        trash.register_kind(
            services.TRASH_KIND, restore=services.restore_document, purge=services.purge_document
        )
        schedule.every(5, sweep_documents)
        schedule.every(3600, remove_orphans)
        reanalysis.register_kind(Material.Kind.DOCUMENT, reanalyse_document)
        load_before_jobs(get_sentence_embedder)
        collect_when_asked(DocumentCollector())
