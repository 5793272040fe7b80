"""`manage.py worker`: processes uploads and the other jobs."""

import logging
import os
import secrets
import signal
import time
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from redis import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from learningaier.conf.stores import redis_client
from learningaier.jobs.health_server import HealthServer
from learningaier.jobs.queues import QUEUES
from learningaier.jobs.warm_worker import WORKER_SECONDS, WarmWorker
from learningaier.jobs.warming import warm_up
from learningaier.observability import tracing

logger = logging.getLogger(__name__)

RESTART_SECONDS = 1.0


class Command(BaseCommand):
    """Runs jobs until SIGTERM, which lets the current one finish."""

    help = "Run an RQ worker for uploads and other jobs."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--burst` ends when the queues are empty."""
        parser.add_argument("--burst", action="store_true", help="end when the queues are empty")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work, and begin anew when RQ gives up because Redis went away in between two jobs."""
        self.check(databases=["default"])
        tracing.load()
        warm_up()
        if settings.WORKER_PORT:
            HealthServer(settings.WORKER_PORT, WarmWorker.pulse)
        while not _work(is_burst=options["burst"]):
            WarmWorker.pulse.beat()
            logger.warning("worker_restarts")
            time.sleep(RESTART_SECONDS)


def _work(*, is_burst: bool) -> bool:
    """Run one worker. Returns: whether that was all, as it was told to end or found no more."""
    connection = redis_client(settings.QUEUE_REDIS_URL)
    queues = [Queue(name, connection=connection, serializer=JSONSerializer) for name in QUEUES]
    with suppress(RedisError):
        # A worker that is killed leaves its job to the scheduler's sweep, which the rows' own
        # heartbeats steer; RQ's registry only has to forget it. Until then the name is taken.
        worker = WarmWorker(
            queues,
            name=f"{os.uname().nodename}.{os.getpid()}.{secrets.token_hex(4)}",
            connection=connection,
            serializer=JSONSerializer,
            worker_ttl=WORKER_SECONDS,
        )
        with suppress(RedisError):
            worker.work(burst=is_burst, logging_level="WARNING")
        if is_burst or worker.is_ending:
            return True
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # RQ's handler would ask Redis
        worker.unsubscribe()  # type: ignore[no-untyped-call]  # RQ's
    return False
