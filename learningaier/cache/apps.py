from django.apps import AppConfig


class CacheConfig(AppConfig):
    """Values that carry the version of what they were computed from."""

    name = "learningaier.cache"
    label = "cache"

    def ready(self) -> None:
        """Have invalidations that were lost with Redis made good when it returns."""
        from learningaier.cache import connection, invalidation  # noqa: PLC0415  needs models
        from learningaier.jobs import schedule  # noqa: PLC0415

        connection.on_return(invalidation.replay_lost)
        schedule.every(1, invalidation.replay_if_back)
