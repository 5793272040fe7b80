from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The plumbing that every endpoint shares."""

    name = "learningaier.api"
    label = "api"
