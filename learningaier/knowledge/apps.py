from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    """Text to chunks, hybrid search, cited answers."""

    name = "learningaier.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        """Check the stored vectors, and have those delivered whose job got lost."""
        from django.conf import settings  # noqa: PLC0415  apps must be loaded first

        from learningaier.jobs import schedule  # noqa: PLC0415
        from learningaier.knowledge import checks  # noqa: F401, PLC0415
        from learningaier.knowledge.index import jobs  # noqa: PLC0415

        if settings.PINECONE_API_KEY:
            schedule.every(15, jobs.enqueue_waiting_vectors)
