from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """Figures of how the learning goes, computed from the other apps."""

    name = "analytics"

    def ready(self) -> None:
        """Connect the receivers that renew a learner's figures."""
        from analytics import signals  # noqa: F401, PLC0415  apps must be loaded first
