from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    """Text to chunks, hybrid search, cited answers."""

    name = "learningaier.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        """Check the stored vectors, have lost ones delivered and outdated texts analysed again."""
        from django.conf import settings  # noqa: PLC0415  apps must be loaded first

        from learningaier.jobs import schedule  # noqa: PLC0415
        from learningaier.knowledge import checks  # noqa: F401, PLC0415
        from learningaier.knowledge.index import jobs, reanalysis  # noqa: PLC0415

        schedule.every(15, reanalysis.enqueue_reanalysis)
        if settings.PINECONE_API_KEY:
            schedule.every(15, jobs.enqueue_waiting_vectors)
