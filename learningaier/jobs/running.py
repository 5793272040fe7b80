"""Starting jobs that a client can follow, and running them to an end.

A job is a function `work(attempt, **arguments)` at the top level of a module. It takes ids, reads
the rows again, tells `attempt.advance(40)` how far it is, and returns what JSON can hold. Running
it twice must change nothing. It raises a ServiceError for what the learner is to be told.
"""

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.module_loading import import_string

from learningaier.core.errors import Conflict, ServiceError
from learningaier.jobs.heartbeat import Heartbeat
from learningaier.jobs.models import Job, JobAttempt, JobEnded
from learningaier.jobs.queues import enqueue, enqueue_after_commit

logger = logging.getLogger(__name__)

BATCH = 1000  # jobs a sweep
INTERNAL = {"code": "internal", "message": "The work failed on our side. Try again later."}


def start_job(*, owner_id: UUID, work: Callable[..., Any], **arguments: Any) -> Job:
    """Have a worker do something for a learner. `arguments`: what JSON can hold."""
    path = f"{work.__module__}.{work.__qualname__}"
    job = Job.objects.create(owner_id=owner_id, work=path, arguments=arguments)
    enqueue_after_commit(run_job, str(job.pk))
    return job


def cancel_job(*, job: Job) -> Job:
    """Stop a job; its worker notices at its next progress. Raises: Conflict (409) once it ended."""
    is_cancelled = bool(Job.objects.filter(pk=job.pk).cancel())
    job.refresh_from_db()
    if not is_cancelled and job.status != Job.Status.CANCELLED:
        raise Conflict("This job has already ended.")
    return job


def run_job(job_id: str) -> None:
    """Do the work of a job; one that is gone, done or in other hands needs nothing."""
    row = Job.objects.filter(pk=job_id)
    for number in row.values_list("attempts", flat=True):
        if row.filter(attempts=number).claim():
            _run(Job.objects.get(pk=job_id))


def _run(job: Job) -> None:
    attempt = JobAttempt(job)
    facts = {"work": job.work, "job_id": str(job.pk)}
    try:
        with Heartbeat(attempt.held):
            result = import_string(job.work)(attempt, **job.arguments)
        attempt.held.finish(status=Job.Status.DONE, progress=100, result=result)
    except JobEnded:
        logger.info("job_left", extra=facts)
    except ServiceError as error:
        told = {"code": error.code, "message": error.detail}
        attempt.held.finish(status=Job.Status.FAILED, error=told)
    except Exception:
        logger.exception("job_failed", extra=facts)
        attempt.held.finish(status=Job.Status.FAILED, error=INTERNAL)


def sweep_jobs() -> None:
    """Give jobs to the queue again whose worker died; end those over which several have died."""
    Job.objects.given_up().finish(status=Job.Status.FAILED, error=INTERNAL)
    for pk in Job.objects.waiting().values_list("pk", flat=True)[:BATCH]:
        enqueue(run_job, str(pk))
    Job.objects.forgettable().delete()
