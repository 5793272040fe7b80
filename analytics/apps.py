from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """How the learning goes."""

    name = "analytics"

    def ready(self) -> None:
        """Connect the receivers."""
        from analytics import signals  # noqa: F401, PLC0415  apps must be loaded first
