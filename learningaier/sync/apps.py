from django.apps import AppConfig


class SyncConfig(AppConfig):
    """What lets clients be offline: the order of changes, ETags, idempotency keys, trash."""

    name = "learningaier.sync"
    label = "sync"

    def ready(self) -> None:
        """Forget what has been kept long enough."""
        from learningaier.jobs import schedule  # noqa: PLC0415  apps must be loaded first
        from learningaier.sync.services import forget_expired  # noqa: PLC0415

        schedule.every(3600, forget_expired)
