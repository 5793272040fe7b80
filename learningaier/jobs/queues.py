"""The RQ queues. Jobs are JSON: a pickle in a shared Redis would be code execution."""

import functools
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

from learningaier.conf.stores import redis_client
from learningaier.jobs.uniqueness import enqueue_once
from learningaier.observability import logs, tracing

logger = logging.getLogger(__name__)

QUEUES = ("default", "notes")  # a worker takes a job of each in turn
JOB_SECONDS = 3600
KEEP_FAILED_SECONDS = 24 * 3600


@functools.cache
def queue_connection() -> Any:
    """A client of QUEUE_REDIS_URL for a request: it fails fast rather than wait."""
    return redis_client(
        settings.QUEUE_REDIS_URL,
        socket_connect_timeout=0.2,
        socket_timeout=1,
        retry=Retry(NoBackoff(), 1, (RedisConnectionError,)),
    )


def get_queue(name: str = "default") -> Queue:
    """A queue to put jobs on."""
    return Queue(
        name,
        connection=queue_connection(),
        serializer=JSONSerializer,
        default_timeout=JOB_SECONDS,
    )


def enqueue(job: Callable[..., object], *args: str, queue: str = "default") -> bool:
    """Have a job wait on its queue from now on, unless the same one waits already.

    `args`: ids as text; the job reads the rows again.
    Returns: whether Redis took it. If not, the row's own state lets the scheduler try again.
    """
    with tracing.span(f"enqueue {job.__name__}", kind="producer"):
        try:
            return enqueue_once(
                get_queue(queue),
                job,
                args,
                result_ttl=0,
                failure_ttl=KEEP_FAILED_SECONDS,
                meta=_origin(),
            )
        except RedisError as error:
            facts = {"job": job.__name__, "error": type(error).__name__}
            logger.warning("enqueue_failed", extra=facts)
            return False


def _origin() -> dict[str, str]:
    """What the job's log lines and spans belong to."""
    ids = {"request_id": logs.request_id.get(), "user_id": logs.user_id.get()}
    return {**ids, **tracing.carry()}


def enqueue_after_commit(job: Callable[..., object], *args: str, queue: str = "default") -> None:
    """Put a job on its queue once the rows it will read are there."""
    transaction.on_commit(lambda: enqueue(job, *args, queue=queue))
