"""The trash: what is deleted is gone at once, and can be restored for 30 days."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
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


def upload(api: Any, run_jobs: Any, text: str = "Water moves by osmosis.") -> str:
    file = SimpleUploadedFile("osmosis.txt", text.encode())
    pk: str = api.upload("/api/documents/upload", file=file).json()["id"]
    run_jobs()
    return pk


def test_a_deleted_document_is_out_at_once_and_can_be_restored(api: Any, run_jobs: Any) -> None:
    pk = upload(api, run_jobs)
    address = f"/api/documents/{pk}"

    assert api.delete(address).json() == {"success": True}
    assert api.get(address).status_code == 404
    assert api.get(f"{address}/file").status_code == 404
    assert api.get("/api/documents").json() == []
    assert api.get("/api/search?q=osmosis").json() == []
    assert api.get("/api/me").json()["usage"]["documents"] == 0
    (tombstone,) = api.get("/api/documents?include_deleted=true").json()
    assert set(tombstone) == {"id", "deleted_at"}
    (entry,) = api.get("/api/trash").json()
    assert (entry["id"], entry["kind"], entry["title"]) == (pk, "document", "osmosis")

    assert api.post(f"/api/trash/{pk}/restore").json() == {"success": True}
    run_jobs()

    assert api.get(address).json()["status"] == "ready"
    assert [hit["document_id"] for hit in api.get("/api/search?q=osmosis").json()] == [pk]
    assert b"".join(api.get(f"{address}/file")) == b"Water moves by osmosis."


def test_a_document_that_was_not_processed_yet_is_processed_when_it_is_back(
    api: Any, run_jobs: Any
) -> None:
    file = SimpleUploadedFile("osmosis.txt", b"Water moves by osmosis.")
    pk = api.upload("/api/documents/upload", file=file).json()["id"]
    api.delete(f"/api/documents/{pk}")
    run_jobs()
    assert api.get("/api/search?q=osmosis").json() == []

    api.post(f"/api/trash/{pk}/restore")
    run_jobs()

    assert api.get(f"/api/documents/{pk}").json()["status"] == "ready"
    assert api.get("/api/search?q=osmosis").json()


def test_a_file_that_was_uploaded_again_is_not_there_twice(api: Any, run_jobs: Any) -> None:
    pk = upload(api, run_jobs)
    api.delete(f"/api/documents/{pk}")
    again = upload(api, run_jobs)

    refused = api.post(f"/api/trash/{pk}/restore")

    assert (refused.status_code, refused.json()["code"]) == (409, "uploaded_again")
    assert [entry["id"] for entry in api.get("/api/trash").json()] == [pk]
    api.delete(f"/api/documents/{again}")
    assert api.post(f"/api/trash/{pk}/restore").status_code == 200


def test_after_30_days_a_document_and_its_file_are_gone(
    api: Any, run_jobs: Any, django_capture_on_commit_callbacks: Any
) -> None:
    pk = upload(api, run_jobs)
    documents = apps.get_model("documents.Document").everything
    name = documents.get(pk=pk).file.name
    api.delete(f"/api/documents/{pk}")
    assert default_storage.exists(name)
    TrashEntry.objects.update(created_at=timezone.now() - TRASH_AGE - timedelta(seconds=1))

    with django_capture_on_commit_callbacks(execute=True):
        forget_expired()

    assert not documents.exists()
    assert not default_storage.exists(name)
    assert api.get("/api/trash").json() == []


def test_a_deleted_deck_comes_back_with_its_cards(api: Any) -> None:
    deck = api.post("/api/decks", {"name": "Biology", "new_per_day": 7}).json()["id"]
    card = {"term": "Osmosis", "definition": "Diffusion of water"}
    cards = [
        f"/api/flashcards/{api.post('/api/flashcards', card | {'deck': deck}).json()['id']}"
        for _ in range(2)
    ]

    api.delete(f"/api/decks/{deck}")
    assert [api.get(one).json()["deck"] for one in cards] == [None, None]
    assert api.get("/api/decks").json() == []
    assert api.get("/api/me").json()["usage"]["decks"] == 0
    assert [item["id"] for item in api.get("/api/decks?include_deleted=true").json()] == [deck]
    api.patch(cards[1], {"deck": "Other"})
    assert api.post(f"/api/trash/{deck}/restore").json() == {"success": True}

    restored = api.get(f"/api/decks/{deck}").json()
    assert (restored["name"], restored["new_per_day"], restored["total"]) == ("Biology", 7, 1)
    assert [api.get(one).json()["deck"] for one in cards] == ["Biology", "Other"]


def test_a_deck_whose_name_was_taken_waits_in_the_trash(api: Any) -> None:
    deck = api.post("/api/decks", {"name": "Biology"}).json()["id"]
    api.delete(f"/api/decks/{deck}")
    other = api.post("/api/decks", {"name": "biology"}).json()["id"]

    refused = api.post(f"/api/trash/{deck}/restore")
    assert (refused.status_code, refused.json()["code"]) == (409, "name_taken")

    api.patch(f"/api/decks/{other}", {"name": "Botany"})
    assert api.post(f"/api/trash/{deck}/restore").status_code == 200


def test_the_trash_has_pages(api: Any, run_jobs: Any) -> None:
    api.delete(f"/api/documents/{upload(api, run_jobs)}")
    make_deleted(api)
    deck = api.post("/api/decks", {"name": "Biology"}).json()["id"]
    api.delete(f"/api/decks/{deck}")

    page = api.get("/api/trash?limit=2")

    assert [entry["kind"] for entry in page.json()] == ["deck", "note"]
    assert page["X-Total-Count"] == "3"
    following = page["Link"].partition("<")[2].partition(">")[0]
    assert [entry["kind"] for entry in api.get(following).json()] == ["document"]
