"""`manage.py worker`: processes uploads and the other jobs."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections
from redis import Redis
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from learningaier.jobs.queues import QUEUES


class ForkingWorker(Worker):
    """RQ's worker, whose child opens its own database connection instead of sharing a socket."""

    def fork_work_horse(self, *args: Any, **kwargs: Any) -> None:
        """Close the parent's connections before the fork."""
        connections.close_all()
        super().fork_work_horse(*args, **kwargs)


class Command(BaseCommand):
    """Runs jobs until SIGTERM, which lets the current one finish."""

    help = "Run an RQ worker for uploads and other jobs."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--burst` ends when the queues are empty."""
        parser.add_argument("--burst", action="store_true", help="end when the queues are empty")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work."""
        connection = Redis.from_url(settings.QUEUE_REDIS_URL)
        queues = [Queue(name, connection=connection, serializer=JSONSerializer) for name in QUEUES]
        # A worker that is killed leaves its job to the scheduler's sweep, which the rows' own
        # heartbeats steer; RQ's registry only has to forget it.
        worker = ForkingWorker(
            queues,
            name=f"{os.uname().nodename}.{os.getpid()}",
            connection=connection,
            serializer=JSONSerializer,
            worker_ttl=60,
        )
        worker.work(burst=options["burst"], logging_level=settings.LOG_LEVEL)
