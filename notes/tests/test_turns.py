"""Learners take turns in the queue: one who writes much keeps nobody waiting."""

from collections.abc import Callable

from conftest import ApiClient
from notes.jobs import index_note_job
from notes.models import Note

LONG = "\n\n".join(f"Fact {number} is true." for number in range(4_000))


def indexed_of(client: ApiClient) -> int:
    return Note.objects.filter(owner=client.user, index_status="indexed").count()


def test_anothers_note_does_not_wait_for_all_of_the_first(
    api: ApiClient, stranger_api: ApiClient
) -> None:
    first = [api.post("/api/notes", {"title": str(n), "content": LONG}).json() for n in range(4)]
    stranger_api.post("/api/notes", {"title": "One", "content": LONG})

    for note in first[:2]:
        index_note_job(note["id"])

    assert (indexed_of(api), indexed_of(stranger_api)) == (1, 1)


def test_every_note_has_its_turn(
    api: ApiClient, stranger_api: ApiClient, run_jobs: Callable[[], int]
) -> None:
    for client, count in ((api, 3), (stranger_api, 2)):
        for number in range(count):
            client.post("/api/notes", {"title": str(number), "content": LONG})
    run_jobs()

    assert (indexed_of(api), indexed_of(stranger_api)) == (3, 2)
