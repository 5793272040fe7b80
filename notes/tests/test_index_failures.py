"""A note that can't be indexed says so, and is not tried for ever."""

from collections.abc import Callable
from typing import Any

import pytest

from conftest import ApiClient
from notes.jobs import index_note_job
from notes.models import MAX_INDEX_ATTEMPTS, Note

LONG = "\n\n".join(f"Fact {number} is true." for number in range(4_000))


def test_a_note_that_takes_too_long_to_index_fails_with_a_code(
    api: ApiClient, run_jobs: Callable[[], int], settings: Any
) -> None:
    settings.INDEXING_TIMEOUT_SECONDS = 0
    created = api.post("/api/notes", {"title": "Long", "content": LONG}).json()
    run_jobs()

    shown = api.get(f"/api/notes/{created['id']}").json()

    assert shown["index_status"] == "failed"
    assert shown["index_error"]["code"] == "timeout"
    assert Note.objects.left_pending().count() == 0


def test_a_failed_note_is_indexed_when_it_is_changed(
    api: ApiClient, run_jobs: Callable[[], int], settings: Any
) -> None:
    settings.INDEXING_TIMEOUT_SECONDS = 0
    created = api.post("/api/notes", {"title": "Long", "content": LONG}).json()
    run_jobs()
    settings.INDEXING_TIMEOUT_SECONDS = 300

    changed = api.patch(f"/api/notes/{created['id']}", {"content": "Short now."}).json()

    assert (changed["index_status"], changed["index_error"]) == ("indexed", None)


def test_a_note_that_workers_die_over_is_given_up(
    api: ApiClient, run_jobs: Callable[[], int]
) -> None:
    created = api.post("/api/notes", {"title": "Long", "content": LONG}).json()
    Note.objects.filter(pk=created["id"]).update(index_attempts=MAX_INDEX_ATTEMPTS)

    index_note_job(created["id"])

    assert api.get(f"/api/notes/{created['id']}").json()["index_error"]["code"] == "index_failed"


@pytest.mark.parametrize(
    "content",
    ["0f" * 10_000, "ACGT" * 5_000, "ก" * 3_000, "# a\n" * 5_000, "a" + "\u0301\u0315" * 5_000]
)  # fmt: skip
def test_hostile_notes_are_searchable_when_the_answer_arrives(api: ApiClient, content: str) -> None:
    created = api.post("/api/notes", {"title": "Odd", "content": content})

    assert created.status_code == 201
    assert created.json()["index_status"] == "indexed"
