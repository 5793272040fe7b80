"""What came from another program is reached by the id that it had there."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conftest import ApiClient

EXTERNAL = "Zx8Lm2Qp0aB4cD6eF8gH"  # as Firestore makes them
CARD = {"term": "Osmosis", "definition": "Diffusion of water"}
KINDS: dict[str, tuple[str, Any, str]] = {
    "note": ("/api/notes", {"title": "Osmosis"}, "/api/notes"),
    "folder": ("/api/folders", {"name": "Biology"}, "/api/folders"),
    "card": ("/api/flashcards", CARD, "/api/flashcards"),
    "deck": ("/api/decks", {"name": "Biology"}, "/api/decks"),
    "conversation": ("/api/chat/start", {}, "/api/chat"),
    "document": ("/api/documents/upload", None, "/api/documents"),
}
LISTS = {"conversation": "/api/chat/conversations", "document": "/api/documents"}


def make(api: ApiClient, kind: str, external_id: str = EXTERNAL, text: str = "Osmosis.") -> Any:
    path, body, _ = KINDS[kind]
    if body is None:
        file = SimpleUploadedFile("a.txt", text.encode())
        return api.upload(path, file=file, external_id=external_id)
    return api.post(path, body | {"external_id": external_id})


def id_of(response: Any) -> str:
    assert response.status_code in (200, 201, 202), response.content
    found = response.json()
    return found.get("id") or found["conversation_id"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_is_reached_by_its_external_id_by_its_owner_alone(
    api: ApiClient, stranger_api: ApiClient, kind: str
) -> None:
    pk = id_of(make(api, kind))
    path = KINDS[kind][2]

    found = api.get(f"{path}/{EXTERNAL}").json()
    assert (found["id"], found["external_id"]) == (pk, EXTERNAL)
    assert stranger_api.get(f"{path}/{EXTERNAL}").status_code == 404
    assert api.get(f"{path}/{EXTERNAL[:-1]}").status_code == 404
    assert id_of(make(stranger_api, kind)) != pk


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_is_narrowed_to_it(api: ApiClient, kind: str) -> None:
    pk = id_of(make(api, kind))
    path = LISTS.get(kind, KINDS[kind][2])

    assert [row["id"] for row in api.get(f"{path}?external_id={EXTERNAL}").json()] == [pk]
    assert api.get(f"{path}?external_id=another").json() == []


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_one_of_an_owner(api: ApiClient, kind: str) -> None:
    id_of(make(api, kind))
    if kind in ("folder", "deck"):  # whose names are unique too
        renamed = KINDS[kind][1] | {"name": "Another", "external_id": EXTERNAL}
        again = api.post(KINDS[kind][0], renamed)
    else:
        again = make(api, kind, text="Another text.")

    assert (again.status_code, again.json()["code"]) == (409, "external_id_taken")


@pytest.mark.parametrize("kind", ["note", "folder", "card", "deck", "document"])
def test_who_has_none_may_say_so_again(api: ApiClient, kind: str) -> None:
    path = f"{KINDS[kind][2]}/{id_of(make(api, kind, external_id=''))}"

    changed = api.patch(path, {"external_id": ""})

    assert (changed.status_code, changed.json()["external_id"]) == (200, "")


@pytest.mark.parametrize("kind", ["note", "folder", "card", "deck", "document"])
def test_it_is_told_once_and_kept(api: ApiClient, kind: str) -> None:
    path = f"{KINDS[kind][2]}/{id_of(make(api, kind))}"

    assert api.patch(path, {"external_id": EXTERNAL}).status_code == 200
    for other in ("another", ""):
        refused = api.patch(path, {"external_id": other})
        assert (refused.status_code, list(refused.json()["errors"])) == (400, ["external_id"])
    assert api.get(path).json()["external_id"] == EXTERNAL
    assert api.delete(f"{KINDS[kind][2]}/{EXTERNAL}").json() == {"success": True}


@pytest.mark.parametrize(
    "text", ["0b29e2b2-5f2e-4fd7-8a0e-8ac0f4a5a5a5", "a/b", "a b", "x", "x" * 129, 5, "\u00e9"]
)
def test_what_no_path_can_hold_is_400(api: ApiClient, text: Any) -> None:
    refused = api.post("/api/notes", {"title": "x", "external_id": text})

    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["external_id"])


def test_rows_without_one_are_many(api: ApiClient) -> None:
    for title in ("a", "b"):
        assert api.post("/api/notes", {"title": title}).json()["external_id"] == ""


def test_bodies_and_queries_take_it_too(api: ApiClient) -> None:
    content = {"content": "Chlorophyll makes leaves green.", "title": "Plants"}
    folder = id_of(make(api, "folder"))
    body = content | {"external_id": "the-note", "folder_id": EXTERNAL}
    note = api.post("/api/notes", body).json()
    make(api, "deck", "the-deck")
    card = api.post("/api/flashcards", CARD | {"note_id": "the-note", "deck": "the-deck"}).json()
    question = {"question": "What makes leaves green?"}

    assert (note["folder_id"], card["note_id"], card["deck"]) == (folder, note["id"], "Biology")
    for narrowed in ({"note_id": "the-note"}, {"folder": EXTERNAL}):
        asked = api.post("/api/notes/ai-qa", question | narrowed)
        assert asked.json()["status"] == "answered", asked.content
    assert api.get("/api/search?q=green&note_id=the-note").json()
    assert api.get("/api/flashcards?deck=the-deck&note_id=the-note").json()[0]["id"] == card["id"]
    order = [{"id": "the-note", "sort_order": 2, "folder_id": EXTERNAL}]
    assert api.patch("/api/notes/order", order).status_code == 200
    for scope in ({"type": "doc", "ids": ["the-note"]}, {"type": "folder", "ids": [EXTERNAL]}):
        chat = api.post("/api/chat/start", {"scope": scope}).json()["conversation_id"]
        told = api.post(f"/api/chat/{chat}/message", {"message": question["question"]})
        assert told.json()["status"] == "answered"


def test_a_card_is_reviewed_by_it(api: ApiClient) -> None:
    pk = id_of(make(api, "card"))

    reviewed = api.post("/api/flashcards/review", {"flashcard_id": EXTERNAL, "rating": 3})

    assert reviewed.json()["flashcard_id"] == pk, reviewed.content
    assert len(api.get(f"/api/flashcards/reviews?card={EXTERNAL}").json()) == 1
    assert api.post(f"/api/flashcards/{EXTERNAL}/suspend").json()["is_suspended"] is True


def test_someone_elses_in_a_body_is_no_id(api: ApiClient, stranger_api: ApiClient) -> None:
    make(api, "note")
    make(api, "card")

    for path, body, field in [
        ("/api/flashcards", CARD | {"note_id": EXTERNAL}, "note_id"),
        ("/api/notes/ai-qa", {"question": "x?", "note_id": EXTERNAL}, "note_id"),
        ("/api/flashcards/review", {"flashcard_id": EXTERNAL, "rating": 3}, "flashcard_id"),
    ]:
        refused = stranger_api.post(path, body)
        assert (refused.status_code, list(refused.json()["errors"])) == (400, [field])
