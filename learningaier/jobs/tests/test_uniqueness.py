"""One waiting job a row and task, be its worker stopped, at work, or dead."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone
from rq.job import Job, JobStatus

from documents.sweeping import sweep_documents
from learningaier.jobs.queues import QUEUES, enqueue, get_queue
from learningaier.jobs.uniqueness import MAX_IDS, job_ids
from notes.jobs import enqueue_pending_notes

ROW, OTHER = "0d8f6cf4-5b04-4f3c-9d0e-1f5e7f0b8a11", "1e9f6cf4-5b04-4f3c-9d0e-1f5e7f0b8a22"
_done: list[str] = []
_again: list[bool] = []


def work(row: str) -> None:
    """A job of these tests."""
    _done.append(row)


def work_and_change(row: str) -> None:
    """The row changes while its job runs."""
    if not _done:
        _again.append(enqueue(work_and_change, row))
    _done.append(row)


def fail(row: str) -> None:
    """A job that fails."""
    _done.append(row)
    raise ValueError(row)


@pytest.fixture(autouse=True)
def clean_record() -> None:
    """What jobs have done, of this test alone."""
    _done.clear()
    _again.clear()


def waiting() -> list[str]:
    return list(get_queue().job_ids)


def set_state(number: int, state: str) -> None:
    Job.fetch(
        job_ids(work, [ROW])[number],
        connection=get_queue().connection,
        serializer=get_queue().serializer,
    ).set_status(JobStatus(state))


def test_ten_calls_are_one_job_a_row_and_task(run_jobs: Callable[[], int]) -> None:
    for _ in range(10):
        assert enqueue(work, ROW)
        assert enqueue(work, OTHER)
        assert enqueue(work_and_change, ROW)

    assert len(waiting()) == 3
    assert run_jobs() == 3
    assert sorted(_done) == [ROW, ROW, OTHER]


def test_the_age_of_a_job_is_that_of_its_first_call() -> None:
    enqueue(work, ROW)
    before = get_queue().fetch_job(waiting()[0]).enqueued_at
    enqueue(work, ROW)

    assert get_queue().fetch_job(waiting()[0]).enqueued_at == before


def test_a_job_that_is_done_may_come_again(run_jobs: Callable[[], int]) -> None:
    for _ in range(3):
        assert enqueue(work, ROW)
        assert run_jobs() == 1

    assert _done == [ROW] * 3


def test_a_row_that_changes_while_its_job_runs_gets_another_run(
    run_jobs: Callable[[], int],
) -> None:
    enqueue(work_and_change, ROW)
    run_jobs()

    assert _again == [True]
    assert _done == [ROW, ROW]


def test_a_failed_job_may_be_tried_again(run_jobs: Callable[[], int]) -> None:
    for _ in range(2):
        assert enqueue(fail, ROW)
        assert run_jobs() == 1

    assert _done == [ROW, ROW]
    assert get_queue().failed_job_registry.count == 1


def test_jobs_of_dead_workers_do_not_block_the_row() -> None:
    for number in range(MAX_IDS):
        assert enqueue(work, ROW)
        assert enqueue(work, ROW)
        assert len(waiting()) == 1
        get_queue().connection.delete(get_queue().key)  # a worker takes it, and dies
        set_state(number, "started")

    assert not enqueue(work, ROW)
    set_state(1, "failed")  # RQ has found out
    assert enqueue(work, ROW)
    assert waiting() == [job_ids(work, [ROW])[1]]


def test_a_queue_that_lost_its_jobs_is_filled_again() -> None:
    for _ in range(2 * MAX_IDS):
        assert enqueue(work, ROW)
        assert len(waiting()) == 1
        get_queue().connection.delete(get_queue().key)


def test_a_waiting_job_counts_whichever_of_its_ids_it_has() -> None:
    enqueue(work, ROW)
    get_queue().connection.delete(get_queue().key)
    set_state(0, "started")
    enqueue(work, ROW)
    set_state(0, "finished")

    assert enqueue(work, ROW)
    assert waiting() == [job_ids(work, [ROW])[1]]


def test_what_is_left_of_a_job_that_is_gone_blocks_nothing() -> None:
    connection = get_queue().connection
    connection.hset(Job.key_for(job_ids(work, [ROW])[0]), "last_heartbeat", "2026-01-01")

    assert enqueue(work, ROW)
    assert len(waiting()) == 1


@pytest.mark.parametrize("args", [["a b"], ["é"], ["a", "b"], [""], ["x" * 500], ["a/../b:c"]])
def test_any_text_makes_an_id(args: list[str]) -> None:
    assert enqueue(work, *args)
    assert enqueue(work, *args)
    assert len(waiting()) == 1


def test_ten_sweeps_with_a_stopped_worker_count_one_job_a_document_and_note(
    db: None, owner: Any
) -> None:
    long_ago = timezone.now() - timedelta(minutes=10)
    notes, documents = apps.get_model("notes.Note"), apps.get_model("documents.Document")
    for number in range(25):
        notes.objects.create(owner=owner, title="Long", index_status="pending")
        documents.objects.create(
            owner=owner, title="A", filename="a.txt", content_type="text/plain", size=1,
            sha256=str(number), enqueued_at=long_ago,
        )  # fmt: skip
    for _ in range(10):
        notes.objects.update(updated_at=long_ago)
        documents.objects.update(enqueued_at=long_ago)
        sweep_documents()
        enqueue_pending_notes()

    assert sum(get_queue(name).count for name in QUEUES) == 50
