"""Notes by their owner, a stranger and a visitor."""

from typing import Any

import pytest

from conftest import ApiClient
from learningaier.knowledge.models import Chunk, Material, Posting
from notes.models import Note

CONTENT = "# Light\n\nThe light reaction produces ATP.\n\n# Dark\n\nThe Calvin cycle makes sugar."


@pytest.fixture
def note(api: ApiClient) -> dict[str, Any]:
    body = {"title": "Plants", "content": CONTENT, "folder": "Biology", "tags": ["exam"]}
    return api.post("/api/notes/", body).json()


def test_a_new_note_comes_back_whole_and_indexed(api: ApiClient) -> None:
    response = api.post("/api/notes/", {"title": "Plants", "content": CONTENT, "tags": ["exam"]})

    assert response.status_code == 201
    body = response.json()
    assert body["title"] == "Plants"
    assert body["content"] == CONTENT
    assert body["tags"] == ["exam"]
    assert body["folder"] == ""
    assert body["word_count"] == 14
    assert body["index_status"] == "indexed"
    assert body["created_at"].endswith("Z")
    assert Note.objects.get().owner == api.user


@pytest.mark.parametrize("path", ["/api/notes", "/api/notes/"])
def test_the_list_answers_with_and_without_a_trailing_slash(
    api: ApiClient, note: dict[str, Any], path: str
) -> None:
    response = api.get(path)

    assert response.status_code == 200
    assert [row["id"] for row in response.json()] == [note["id"]]
    assert response["X-Total-Count"] == "1"


def test_a_change_is_stored_and_searchable_at_once(api: ApiClient, note: dict[str, Any]) -> None:
    path = f"/api/notes/{note['id']}"
    response = api.patch(
        path, {"content": "Mitochondria burn sugar."}, content_type="application/json"
    )

    assert response.status_code == 200
    assert response.json()["title"] == "Plants"
    quotes = [source["quote"] for source in api.get("/api/search?q=mitochondria").json()]
    assert quotes == ["Mitochondria burn sugar."]


def test_put_replaces_the_note(api: ApiClient, note: dict[str, Any]) -> None:
    response = api.put(
        f"/api/notes/{note['id']}",
        {"title": "Cells", "content": "Cells divide."},
        content_type="application/json",
    )

    assert response.status_code == 200
    assert Note.objects.get().content == "Cells divide."


def test_a_deleted_note_leaves_nothing_in_the_index(api: ApiClient, note: dict[str, Any]) -> None:
    assert Posting.objects.exists()

    response = api.delete(f"/api/notes/{note['id']}")

    assert response.status_code == 200
    assert not Note.objects.exists()
    assert not Material.objects.exists()
    assert not Chunk.objects.exists()
    assert not Posting.objects.exists()


def test_a_stranger_sees_nothing_of_it(
    api: ApiClient, stranger_api: ApiClient, note: dict[str, Any]
) -> None:
    path = f"/api/notes/{note['id']}"

    assert stranger_api.get("/api/notes").json() == []
    assert stranger_api.get(path).status_code == 404
    assert stranger_api.delete(path).status_code == 404
    assert stranger_api.patch(path, {}, content_type="application/json").status_code == 404
    assert stranger_api.get("/api/search?q=light reaction").json() == []
    assert Note.objects.filter(pk=note["id"]).exists()


def test_a_visitor_is_asked_to_sign_in(visitor_api: ApiClient) -> None:
    response = visitor_api.get("/api/notes")

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response.json()["code"] == "not_authenticated"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"content": "no title"}, "title"),
        ({"title": ""}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"title": "x", "content": "x" * 1_000_001}, "content"),
        ({"title": "x", "tags": ["y" * 51]}, "tags"),
        ({"title": "x", "tags": [str(number) for number in range(51)]}, "tags"),
        ({"title": "x", "content": "nul \x00 byte"}, "content"),
    ],
)
def test_bad_input_names_the_field(api: ApiClient, body: dict[str, Any], field: str) -> None:
    response = api.post("/api/notes", body)

    assert response.status_code == 400
    assert response.json()["code"] == "invalid"
    assert list(response.json()["errors"]) == [field]
    assert not Note.objects.exists()


def test_a_long_note_is_indexed_by_a_worker(api: ApiClient, run_jobs: Any) -> None:
    content = "\n\n".join(f"Paragraph {number} is about whales." for number in range(3000))

    note = api.post("/api/notes", {"title": "Long", "content": content}).json()
    assert note["index_status"] == "pending"

    assert run_jobs() == 1
    assert api.get(f"/api/notes/{note['id']}").json()["index_status"] == "indexed"
    assert len(api.get("/api/search?q=whales").json()) == 10


def test_reindexing_by_force_writes_every_chunk_again(api: ApiClient, note: dict[str, Any]) -> None:
    before = set(Chunk.objects.values_list("pk", flat=True))

    lazy = api.post("/api/notes/reindex", {"note_id": note["id"]}).json()
    forced = api.post("/api/notes/reindex", {"note_id": note["id"], "force": True}).json()

    assert lazy == {"success": True, "chunks_created": 0, "note_id": note["id"]}
    assert forced["chunks_created"] == 2
    assert before.isdisjoint(Chunk.objects.values_list("pk", flat=True))


def test_only_the_changed_chunk_is_written_again(api: ApiClient, note: dict[str, Any]) -> None:
    before = {chunk.text: chunk.pk for chunk in Chunk.objects.all()}

    changed = CONTENT.replace("sugar", "glucose")
    api.patch(f"/api/notes/{note['id']}", {"content": changed}, content_type="application/json")

    after = {chunk.text: chunk.pk for chunk in Chunk.objects.all()}
    kept = set(before.items()) & set(after.items())
    assert [text.splitlines()[0] for text, _ in kept] == ["# Light"]
    assert len(after) == 2


def test_a_quote_stays_exact_when_only_a_headings_level_changes(
    api: ApiClient, note: dict[str, Any]
) -> None:
    changed = CONTENT.replace("# Light", "### Light")
    api.patch(f"/api/notes/{note['id']}", {"content": changed})

    source = api.get("/api/search?q=light reaction produces ATP").json()[0]

    assert source["quote"] == "The light reaction produces ATP."
    assert changed[source["start"] : source["end"]] == source["quote"]
