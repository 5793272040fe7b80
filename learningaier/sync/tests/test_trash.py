"""The trash: what is deleted is gone at once, and can be restored for 30 days."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.utils import timezone

from learningaier.sync.models import TRASH_AGE, TrashEntry
from learningaier.sync.services import forget_expired

NOTE = {"title": "Osmosis", "content": "Water moves through a membrane by osmosis."}


def make_deleted(api: Any) -> str:
    pk: str = api.post("/api/notes", NOTE).json()["id"]
    assert api.delete(f"/api/notes/{pk}").json() == {"success": True}
    return pk


def test_a_deleted_note_is_out_of_lists_search_answers_and_counts_at_once(api: Any) -> None:
    pk = make_deleted(api)

    assert api.get("/api/notes").json() == []
    assert api.get("/api/notes")["X-Total-Count"] == "0"
    assert api.get(f"/api/notes/{pk}").status_code == 404
    assert api.patch(f"/api/notes/{pk}", {"title": "x"}).status_code == 404
    assert api.get("/api/search?q=osmosis").json() == []
    asked = api.post("/api/notes/ai-qa", {"question": "What moves through a membrane?"})
    assert asked.json()["status"] == "not_found"
    assert api.get("/api/me").json()["usage"]["notes"] == 0
    assert api.get("/api/analytics/overview").json()["overview"]["total_notes"] == 0


def test_the_trash_lists_it(api: Any, stranger_api: Any) -> None:
    pk = make_deleted(api)

    (entry,) = api.get("/api/trash").json()

    assert entry["id"] == pk
    assert (entry["kind"], entry["title"]) == ("note", "Osmosis")
    assert entry["deleted_at"]
    assert stranger_api.get("/api/trash").json() == []


def test_a_restored_note_is_as_it_was_and_found_again(api: Any) -> None:
    pk = make_deleted(api)

    assert api.post(f"/api/trash/{pk}/restore").json() == {"success": True}

    assert api.get(f"/api/notes/{pk}").json()["content"] == NOTE["content"]
    assert [hit["note_id"] for hit in api.get("/api/search?q=osmosis").json()] == [pk]
    assert api.get("/api/trash").json() == []
    assert api.post(f"/api/trash/{pk}/restore").status_code == 404


def test_a_restored_note_has_its_cards_again(api: Any) -> None:
    pk = api.post("/api/notes", NOTE).json()["id"]
    card = {"term": "Osmosis", "definition": "Diffusion of water", "note_id": pk}
    address = f"/api/flashcards/{api.post('/api/flashcards', card).json()['id']}"

    api.delete(f"/api/notes/{pk}")
    assert api.get(address).json()["note_id"] is None
    api.post(f"/api/trash/{pk}/restore")

    assert api.get(address).json()["note_id"] == pk


def test_a_client_that_syncs_hears_of_the_deletion_and_of_the_return(api: Any) -> None:
    pk = make_deleted(api)
    (tombstone,) = api.get("/api/notes?include_deleted=true").json()
    api.post(f"/api/trash/{pk}/restore")
    (note,) = api.get("/api/notes?include_deleted=true").json()

    assert set(tombstone) == {"id", "deleted_at"}
    assert (note["id"], note["title"]) == (pk, "Osmosis")


def test_after_30_days_it_is_gone_for_good(api: Any) -> None:
    kept, gone = make_deleted(api), make_deleted(api)
    old = timezone.now() - TRASH_AGE - timedelta(seconds=1)
    TrashEntry.objects.filter(pk=gone).update(created_at=old)

    forget_expired()

    notes = apps.get_model("notes.Note").everything
    assert [str(pk) for pk in notes.values_list("pk", flat=True)] == [kept]
    assert [entry["id"] for entry in api.get("/api/trash").json()] == [kept]
    assert api.post(f"/api/trash/{gone}/restore").status_code == 404
