from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """How the learning goes."""

    name = "analytics"
