from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Work that outlives a request: queues, the worker, the scheduler."""

    name = "learningaier.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Show what is in the queues; bring back jobs whose worker died."""
        from learningaier.jobs import schedule  # noqa: PLC0415
        from learningaier.jobs.metrics import QueueCollector  # noqa: PLC0415  settings first
        from learningaier.jobs.running import sweep_jobs  # noqa: PLC0415
        from learningaier.observability.metrics import collect_when_asked  # noqa: PLC0415

        collect_when_asked(QueueCollector())
        schedule.every(15, sweep_jobs)
