"""One waiting job a row and task, however often it is asked for.

A job's id is made of its task and the ids it is given, and RQ refuses an id that is taken. But RQ
keeps an id for as long as it knows the job: while it runs, and for days after it has failed. A row
that has changed since its job began needs another run, and one whose job failed may be tried again.
So a job has a few ids, of which at most one waits:

1. One of them waits: nothing is to be done.
2. Otherwise the first is taken that no job has, or whose job has ended.
3. All run, or were taken off the queue by workers that died: one that is on no queue is taken over.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from rq import Queue
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import JOB_ID_PATTERN, Job, JobStatus

MAX_IDS = 4  # of one row and task: as many runs may be under way when workers die one by one
ENDED = frozenset({JobStatus.FINISHED, JobStatus.FAILED, JobStatus.STOPPED, JobStatus.CANCELED})


def enqueue_once(
    queue: Queue, task: Callable[..., object], args: Sequence[str], **options: Any
) -> bool:
    """Have a job wait on the queue, unless one for the same task and ids waits already.

    `options`: RQ's. Returns: False while as many run as may; the row's own state must lead to
    another try then. Raises: RedisError.
    """
    ids = job_ids(task, args)
    states = _read_states(queue, ids)
    queued = [name for name, state in states.items() if state == JobStatus.QUEUED]
    waiting = _find_on_queue(queue, queued)
    if waiting:
        return True
    lost = [name for name in queued if name not in waiting]
    free = [name for name in ids if states[name] is None or states[name] in ENDED]
    for name in (*free, *lost):
        if states[name] is not None:
            _forget(queue, name)
        try:
            queue.enqueue(task, args=args, job_id=name, unique=True, **options)
        except DuplicateJobError:
            if _read_states(queue, [name])[name] is None:
                continue  # what a dying worker wrote of a job that is gone
        return True  # else somebody was first, just now, with the same job
    return False


def job_ids(task: Callable[..., object], args: Sequence[str]) -> list[str]:
    """The ids that a job of this task may have, the first of them first."""
    given = "-".join(args)
    if not JOB_ID_PATTERN.fullmatch(given):
        given = hashlib.sha256("\x1f".join(args).encode()).hexdigest()[:32]
    name = f"{task.__module__}.{task.__name__}".replace(".", "_") + f"-{given}"
    return [name, *(f"{name}-{number}" for number in range(2, MAX_IDS + 1))]


def _read_states(queue: Queue, ids: Sequence[str]) -> dict[str, JobStatus | None]:
    asked = queue.connection.pipeline(transaction=False)
    for name in ids:
        asked.hget(Job.key_for(name), "status")
    found = [None if state is None else JobStatus(state.decode()) for state in asked.execute()]
    return dict(zip(ids, found, strict=True))


def _find_on_queue(queue: Queue, ids: Sequence[str]) -> list[str]:
    """Those that wait; a job that a worker has just taken off is still called queued."""
    if not ids:
        return []
    asked = queue.connection.pipeline(transaction=False)
    for name in ids:
        asked.lpos(queue.key, name)
    places = asked.execute()
    return [name for name, place in zip(ids, places, strict=True) if place is not None]


def _forget(queue: Queue, name: str) -> None:
    """Take out what RQ keeps of a job that has ended."""
    try:
        job = Job.fetch(name, connection=queue.connection, serializer=queue.serializer)
        job.delete(remove_from_queue=False)
    except NoSuchJobError:
        pass
