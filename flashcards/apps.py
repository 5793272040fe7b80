from django.apps import AppConfig


class FlashcardsConfig(AppConfig):
    """What a learner remembers by."""

    name = "flashcards"

    def ready(self) -> None:
        """Have FSRS learn from each learner's reviews."""
        from flashcards.jobs import enqueue_fits  # noqa: PLC0415  apps must be loaded first
        from flashcards.services import decks  # noqa: PLC0415
        from learningaier.jobs import schedule  # noqa: PLC0415
        from learningaier.sync import trash  # noqa: PLC0415

        trash.register_kind(decks.TRASH_KIND, restore=decks.restore_deck, purge=decks.purge_deck)
        schedule.every(6 * 3600, enqueue_fits)
