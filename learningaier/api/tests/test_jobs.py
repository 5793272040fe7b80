"""Jobs: what takes longer than a request, seen by the one who waits for it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from learningaier.core.errors import Conflict
from learningaier.jobs.models import MAX_ATTEMPTS, Job, JobAttempt
from learningaier.jobs.queues import get_queue
from learningaier.jobs.running import cancel_job, run_job, start_job, sweep_jobs


def add(attempt: JobAttempt, *, numbers: list[int]) -> dict[str, int]:
    """Work that ends well."""
    attempt.advance(50)
    return {"sum": sum(numbers)}


def refuse(attempt: JobAttempt) -> None:
    """Work that is refused, with a sentence for the learner."""
    raise Conflict("There is nothing to do.")


def break_down(attempt: JobAttempt) -> None:
    """Work with a fault of ours."""
    raise ZeroDivisionError


def be_cancelled(attempt: JobAttempt) -> str:
    """Work that somebody stops in the middle."""
    cancel_job(job=Job.objects.get(pk=attempt.job_id))
    attempt.advance(60)
    return "never"


def start(owner: Any, work: Any, **arguments: Any) -> Job:
    return start_job(owner_id=owner.pk, work=work, **arguments)


def show(api: Any, job: Job) -> dict[str, Any]:
    return api.get(f"/api/jobs/{job.pk}").json()


def test_a_job_goes_from_queued_to_done(api: Any, owner: Any, run_jobs: Any) -> None:
    job = start(owner, add, numbers=[1, 2, 3])
    before = show(api, job)
    run_job(str(job.pk))
    after = show(api, job)

    assert (before["status"], before["progress"], before["result"]) == ("queued", 0, None)
    assert before["job_id"] == str(job.pk)
    assert (after["status"], after["progress"]) == ("done", 100)
    assert after["result"] == {"sum": 6}
    assert after["error"] is None
    assert after["finished_at"]


def test_a_finished_job_is_not_run_again(api: Any, owner: Any) -> None:
    job = start(owner, add, numbers=[1])
    run_job(str(job.pk))
    Job.objects.update(result={"sum": 0})

    run_job(str(job.pk))

    assert show(api, job)["result"] == {"sum": 0}


@pytest.mark.parametrize(
    ("work", "code", "message"),
    [(refuse, "conflict", "There is nothing to do."), (break_down, "internal", "on our side")],
)
def test_a_failure_is_told(api: Any, owner: Any, work: Any, code: str, message: str) -> None:
    job = start(owner, work)
    run_job(str(job.pk))

    failed = show(api, job)

    assert failed["status"] == "failed"
    assert failed["error"]["code"] == code
    assert message in failed["error"]["message"]


def test_a_job_can_be_cancelled_before_it_runs(api: Any, owner: Any) -> None:
    job = start(owner, add, numbers=[1])

    assert api.post(f"/api/jobs/{job.pk}/cancel").json()["status"] == "cancelled"
    run_job(str(job.pk))
    assert show(api, job)["status"] == "cancelled"
    assert api.post(f"/api/jobs/{job.pk}/cancel").status_code == 200


def test_a_job_that_is_cancelled_meanwhile_has_no_result(api: Any, owner: Any) -> None:
    job = start(owner, be_cancelled)
    run_job(str(job.pk))

    assert (show(api, job)["status"], show(api, job)["result"]) == ("cancelled", None)


def test_a_job_that_has_ended_can_not_be_cancelled(api: Any, owner: Any) -> None:
    job = start(owner, add, numbers=[1])
    run_job(str(job.pk))

    assert api.post(f"/api/jobs/{job.pk}/cancel").status_code == 409


def test_its_events_end_with_the_job(api: Any, owner: Any) -> None:
    job = start(owner, add, numbers=[1, 2])
    run_job(str(job.pk))

    response = api.get(f"/api/jobs/{job.pk}/events")
    events = b"".join(response.streaming_content).decode()

    assert response["Content-Type"] == "text/event-stream"
    assert '"status":"done"' in events
    assert '"result":{"sum":3}' in events


def test_a_job_whose_worker_died_is_done_by_another(api: Any, owner: Any, run_jobs: Any) -> None:
    job = start(owner, add, numbers=[1, 2])
    silent = timezone.now() - timedelta(minutes=1)
    Job.objects.update(status=Job.Status.RUNNING, attempts=1, heartbeat_at=silent)

    sweep_jobs()
    run_jobs()

    assert show(api, job)["result"] == {"sum": 3}


def test_a_job_over_which_workers_die_is_given_up(api: Any, owner: Any) -> None:
    job = start(owner, add, numbers=[1])
    silent = timezone.now() - timedelta(minutes=1)
    Job.objects.update(status=Job.Status.RUNNING, attempts=MAX_ATTEMPTS, heartbeat_at=silent)

    sweep_jobs()

    assert show(api, job)["status"] == "failed"


def test_an_old_worker_writes_nothing_after_another_took_over(api: Any, owner: Any) -> None:
    job = start(owner, add, numbers=[1])
    Job.objects.update(status=Job.Status.RUNNING, attempts=2, heartbeat_at=timezone.now())
    job.attempts = 1

    assert JobAttempt(job).held.finish(status=Job.Status.DONE, result="old") == 0


def test_ended_jobs_are_forgotten_after_a_week(owner: Any) -> None:
    start(owner, add, numbers=[1])
    Job.objects.update(status=Job.Status.DONE, finished_at=timezone.now() - timedelta(days=8))

    sweep_jobs()

    assert not Job.objects.exists()


def test_a_job_of_someone_else_is_not_there(stranger_api: Any, owner: Any) -> None:
    job = start(owner, add, numbers=[1])

    for path in (f"/api/jobs/{job.pk}", f"/api/jobs/{job.pk}/events"):
        assert stranger_api.get(path).status_code == 404
    assert stranger_api.post(f"/api/jobs/{job.pk}/cancel").status_code == 404
    assert get_queue().count == 0
