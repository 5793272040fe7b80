from django.apps import AppConfig


class NotesConfig(AppConfig):
    """The notes that a learner writes."""

    name = "notes"

    def ready(self) -> None:
        """Have notes that were left unindexed indexed."""
        from learningaier.jobs import schedule  # noqa: PLC0415  apps must be loaded first
        from notes.jobs import enqueue_pending_notes  # noqa: PLC0415

        schedule.every(15, enqueue_pending_notes)
