from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The accounts and the small library that a first run begins with."""

    name = "learningaier.demo"
    label = "demo"
