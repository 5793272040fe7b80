"""RQ's worker, whose jobs run in a child process that serves many of them."""

import logging
import os
import random
import time
from typing import Any

from django.db import connections
from rq import Queue
from rq.exceptions import NoSuchJobError
from rq.executions import Execution
from rq.job import Job
from rq.worker import RoundRobinWorker

from learningaier.jobs.health_server import Pulse
from learningaier.jobs.metrics import JOB_SECONDS, JOB_WAIT_SECONDS, JOBS_KILLED
from learningaier.jobs.warm_child import WarmChild
from learningaier.observability import logs, metrics, tracing

logger = logging.getLogger(__name__)

WORKER_SECONDS = 60  # after which a silent worker counts as dead in Redis
PULSE_SECONDS = 3 * WORKER_SECONDS


class WarmWorker(RoundRobinWorker):
    """RQ's worker with a child that stays warm.

    `is_ending`: a signal has asked it to end.
    """

    max_connection_wait_time = 5.0
    is_ending = False
    _child: WarmChild | None = None
    pulse = Pulse(PULSE_SECONDS)  # of this process: one worker follows another when Redis returns

    def handle_warm_shutdown_request(self) -> None:
        """Tell an end that was asked for from one that a lost Redis has caused."""
        self.is_ending = True
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]  # RQ's

    def heartbeat(self, *args: Any, **kwargs: Any) -> None:
        """Show that the loop goes round, be there a job or not."""
        self.pulse.beat()
        super().heartbeat(*args, **kwargs)

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        """Give the job to the child that is there, or to a new one."""
        request = [job.id, queue.name, self.execution.id if self.execution else ""]
        while self._child is None or not self._child.is_free or not self._child.give(request):
            self._end_child()
            connections.close_all()  # the child opens its own instead of sharing a socket
            self._child = WarmChild(self._serve, self._settle_in)
        self._horse_pid = self._child.pid

    def wait_for_horse(self) -> tuple[int | None, int | None, Any]:
        """Wait until the child has done its job, or has died over it."""
        if self._child is None:
            return None, None, None
        ended = self._child.wait()
        if ended[1]:
            self._child = None
        return ended

    def teardown(self) -> None:
        """Let the child go with its worker."""
        self._end_child()
        super().teardown()  # type: ignore[no-untyped-call]  # RQ's

    def _end_child(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None

    def _settle_in(self) -> None:
        """What a new child does first: it goes on with the figures of the one before."""
        random.seed()
        self.setup_work_horse_signals()  # type: ignore[no-untyped-call]  # RQ's
        self._is_horse = True
        metrics.go_on_as(f"{os.getppid()}-jobs")

    def _serve(self, request: list[str]) -> bool:
        """Run a job in the child. Returns: whether it went well."""
        name, queue_name, execution_id = request
        for connection in connections.all(initialized_only=True):
            connection.close_if_unusable_or_obsolete()
        try:
            job = Job.fetch(name, connection=self.connection, serializer=self.serializer)
            execution = Execution.fetch(execution_id, name, self.connection)
        except (NoSuchJobError, ValueError):
            return True  # it was deleted before it began
        queue = next(one for one in self.queues if one.name == queue_name)
        return self.perform_job(job, queue, execution)

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
        tracing.flush()
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
