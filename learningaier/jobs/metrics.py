"""The figures of jobs: how long they wait and run, and what is in the queues now."""

import time
from collections.abc import Iterable

from prometheus_client import Counter, Histogram
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from redis.exceptions import RedisError
from rq.job import Job
from rq.registry import FailedJobRegistry, StartedJobRegistry
from rq.utils import str_to_date
from rq.worker_registration import REDIS_WORKER_KEYS

from learningaier.jobs.queues import QUEUES, get_queue, queue_connection

JOB_SECONDS = Histogram(
    "learningaier_job_seconds",
    "Time that a job runs, by task and result (ok, failed).",
    ["task", "result"],
    buckets=(0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900),
)
JOB_WAIT_SECONDS = Histogram(
    "learningaier_job_wait_seconds",
    "Time that a job waits in its queue.",
    buckets=(0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600),
)
JOBS_KILLED = Counter("learningaier_jobs_killed_total", "Jobs whose process died below them.")
STATES = ("waiting", "running", "failed")


class QueueCollector:
    """What waits, runs and has failed, how old the oldest waiting job is, how many workers live."""

    def collect(self) -> Iterable[Metric]:
        """Ask Redis: two round trips, however long the queues are."""
        jobs = GaugeMetricFamily(
            "learningaier_queue_jobs", "Jobs by state.", labels=["queue", "state"]
        )
        ages = GaugeMetricFamily(
            "learningaier_queue_oldest_seconds",
            "Age of the job that waits longest; 0 if none does.",
            labels=["queue"],
        )
        workers = GaugeMetricFamily("learningaier_workers", "Workers that live.")
        try:
            self._ask(jobs, ages, workers)
        except RedisError:
            return []
        return [jobs, ages, workers]

    def _ask(
        self, jobs: GaugeMetricFamily, ages: GaugeMetricFamily, workers: GaugeMetricFamily
    ) -> None:
        queues = [get_queue(name) for name in QUEUES]
        asked, now = queue_connection().pipeline(transaction=False), time.time()
        for queue in queues:
            asked.llen(queue.key)
            for registry in (StartedJobRegistry, FailedJobRegistry):
                # Each entry's score is when it ends; RQ takes those that have ended out later.
                asked.zcount(registry(queue=queue).key, now, "+inf")
            asked.lindex(queue.key, 0)
        asked.smembers(REDIS_WORKER_KEYS)
        *found, names = asked.execute()
        for number, queue in enumerate(queues):
            for state, count in zip(STATES, found[4 * number :], strict=False):
                jobs.add_metric([queue.name, state], count)
            asked.hget(Job.key_for((found[4 * number + 3] or b"").decode()), "enqueued_at")
        asked.exists(*(names or ["none"]))
        *times, alive = asked.execute()
        workers.add_metric([], alive)
        for queue, since in zip(queues, times, strict=True):
            ages.add_metric([queue.name], now - str_to_date(since).timestamp() if since else 0)
