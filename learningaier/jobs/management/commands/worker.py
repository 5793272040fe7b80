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
from django.db import connections
from redis import RedisError
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import RoundRobinWorker

from learningaier.conf.stores import redis_client
from learningaier.jobs.health_server import HealthServer, Pulse
from learningaier.jobs.metrics import JOB_SECONDS, JOB_WAIT_SECONDS, JOBS_KILLED
from learningaier.jobs.queues import QUEUES
from learningaier.jobs.warming import warm_up
from learningaier.observability import logs, metrics, tracing

logger = logging.getLogger(__name__)

RESTART_SECONDS = 1.0
WORKER_SECONDS = 60  # after which a silent worker counts as dead in Redis
PULSE_SECONDS = 3 * WORKER_SECONDS


class ForkingWorker(RoundRobinWorker):
    """RQ's worker, whose child opens its own database connection instead of sharing a socket.

    `is_ending`: a signal has asked it to end.
    """

    max_connection_wait_time = 5.0
    is_ending = False
    pulse = Pulse(PULSE_SECONDS)  # of this process: one worker follows another when Redis returns

    def handle_warm_shutdown_request(self) -> None:
        """Tell an end that was asked for from one that a lost Redis has caused."""
        self.is_ending = True
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]  # RQ's

    def heartbeat(self, *args: Any, **kwargs: Any) -> None:
        """Show that the loop goes round, be there a job or not."""
        self.pulse.beat()
        super().heartbeat(*args, **kwargs)

    def fork_work_horse(self, *args: Any, **kwargs: Any) -> None:
        """Close the parent's connections before the fork."""
        connections.close_all()
        super().fork_work_horse(*args, **kwargs)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Go on with the figures of the jobs before, in the child."""
        metrics.go_on_as(f"{os.getppid()}-jobs")
        super().main_work_horse(job, queue)

    def perform_job(self, job: Job, queue: Queue, *args: Any, **kwargs: Any) -> bool:
        """Run a job as a part of the request that asked for it, and count it."""
        logs.request_id.set(job.meta.get("request_id", ""))
        logs.user_id.set(job.meta.get("user_id", ""))
        name, began = (job.func_name or "").rpartition(".")[2], time.time()
        if job.enqueued_at is not None:
            JOB_WAIT_SECONDS.observe(max(0.0, began - job.enqueued_at.timestamp()))
        facts = {"messaging.system": "rq", "messaging.message.id": job.id}
        with tracing.span(name, kind="consumer", parent=job.meta, attributes=facts) as span:
            is_good = super().perform_job(job, queue, *args, **kwargs)
            if not is_good:
                tracing.fail(span, "failed")
            _record_job(name, job.id, "ok" if is_good else "failed", time.time() - began)
        tracing.finish()
        return is_good

    def handle_work_horse_killed(self, *args: Any) -> None:
        """Count what nobody else could."""
        JOBS_KILLED.inc()
        super().handle_work_horse_killed(*args)  # type: ignore[no-untyped-call]  # RQ's


def _record_job(name: str, job_id: str, result: str, seconds: float) -> None:
    """The job's line in the log, and its place in the metrics."""
    JOB_SECONDS.labels(name, result).observe(seconds)
    facts = {"job": name, "id": job_id, "result": result, "ms": round(seconds * 1000, 1)}
    logger.info("job", extra=facts)


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
            HealthServer(settings.WORKER_PORT, ForkingWorker.pulse)
        while not _work(is_burst=options["burst"]):
            ForkingWorker.pulse.beat()
            logger.warning("worker_restarts")
            time.sleep(RESTART_SECONDS)


def _work(*, is_burst: bool) -> bool:
    """Run one worker. Returns: whether that was all, as it was told to end or found no more."""
    connection = redis_client(settings.QUEUE_REDIS_URL)
    queues = [Queue(name, connection=connection, serializer=JSONSerializer) for name in QUEUES]
    with suppress(RedisError):
        # A worker that is killed leaves its job to the scheduler's sweep, which the rows' own
        # heartbeats steer; RQ's registry only has to forget it. Until then the name is taken.
        worker = ForkingWorker(
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
