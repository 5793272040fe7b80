from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Work that outlives a request: queues, the worker, the scheduler."""

    name = "learningaier.jobs"
    label = "jobs"
