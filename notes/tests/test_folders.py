"""Folders: a tree of names in which notes lie."""

import threading
import uuid
from typing import Any

import pytest
from django.db import connections

from conftest import ApiClient
from notes.models import MAX_DEPTH, Folder

FOLDERS = "/api/folders"


def make(api: Any, name: str, parent: Any = None) -> Any:
    response = api.post(f"{FOLDERS}/", {"name": name, "parent_id": parent and parent["id"]})
    assert response.status_code == 201, response.content
    return response.json()


def write(api: Any, folder: str = "", **fields: Any) -> Any:
    return api.post("/api/notes", {"title": "Cells", "folder": folder} | fields).json()


def read(api: Any, note: Any) -> Any:
    return api.get(f"/api/notes/{note['id']}").json()


@pytest.fixture
def tree(api: Any) -> dict[str, Any]:
    """Biology with Plants and Animals in it."""
    biology = make(api, "Biology")
    return {
        "biology": biology,
        "plants": make(api, "Plants", biology),
        "animals": make(api, "Animals", biology),
    }


def test_a_folder_has_the_fields_of_the_contract(api: Any) -> None:
    folder = make(api, "  Biology ")

    assert folder["name"] == "Biology"
    assert (folder["parent_id"], folder["sort_order"], folder["note_count"]) == (None, 0.0, 0)
    assert set(folder) >= {"id", "created_at", "updated_at"}


def test_a_path_makes_its_folders_and_a_folder_shows_its_path(api: Any) -> None:
    note = write(api, "Biology/Plants")
    folders = {folder["name"]: folder for folder in api.get(FOLDERS).json()}

    assert note["folder"] == "Biology/Plants"
    assert note["folder_id"] == folders["Plants"]["id"]
    assert folders["Plants"]["parent_id"] == folders["Biology"]["id"]
    assert (folders["Plants"]["note_count"], folders["Biology"]["note_count"]) == (1, 0)
    assert write(api, " biology / PLANTS/")["folder_id"] == note["folder_id"]


def test_a_note_is_moved_by_either_name_of_its_folder(api: Any, tree: Any) -> None:
    note = write(api, folder_id=tree["plants"]["id"])
    assert note["folder"] == "Biology/Plants"
    path = f"/api/notes/{note['id']}"

    moved = api.patch(path, {**note, "folder": "Biology/Animals"}).json()
    assert moved["folder_id"] == tree["animals"]["id"]
    back = api.patch(path, {**moved, "folder_id": note["folder_id"]}).json()
    assert back["folder"] == "Biology/Plants"
    out = api.patch(path, {"folder_id": None}).json()
    assert (out["folder"], out["folder_id"]) == ("", None)


def test_two_folders_for_one_note_are_400(api: Any, tree: Any) -> None:
    body = {"title": "Cells", "folder": "History", "folder_id": tree["plants"]["id"]}

    response = api.post("/api/notes", body)

    assert (response.status_code, list(response.json()["errors"])) == (400, ["folder"])
    assert api.get("/api/notes").json() == []


def test_a_renamed_folder_renames_the_paths_of_all_that_is_in_it(api: Any, tree: Any) -> None:
    note = write(api, "Biology/Plants/Trees")

    api.patch(f"{FOLDERS}/{tree['biology']['id']}", {"name": "Life"})

    assert read(api, note)["folder"] == "Life/Plants/Trees"
    assert read(api, note)["updated_at"] > note["updated_at"]


def test_a_moved_folder_takes_everything_along(api: Any, tree: Any) -> None:
    note = write(api, "Biology/Plants", content="Chlorophyll is green.")
    school = make(api, "School")

    api.patch(f"{FOLDERS}/{tree['plants']['id']}", {"parent_id": school["id"]})

    assert read(api, note)["folder"] == "School/Plants"
    assert api.get("/api/search?q=chlorophyll&folder=School").json()
    assert api.get("/api/search?q=chlorophyll&folder=Biology").json() == []


def test_a_folder_never_lies_within_itself(api: Any, tree: Any) -> None:
    below = make(api, "Trees", tree["plants"])

    for target in (tree["biology"], tree["plants"], below):
        response = api.patch(f"{FOLDERS}/{tree['biology']['id']}", {"parent_id": target["id"]})
        assert (response.status_code, list(response.json()["errors"])) == (400, ["parent_id"])


def test_folders_are_at_most_20_deep(api: Any) -> None:
    path = "/".join(str(number) for number in range(MAX_DEPTH))
    deepest = {"id": write(api, path)["folder_id"]}

    assert api.post("/api/notes", {"title": "x", "folder": f"{path}/x"}).status_code == 400
    body = {"name": "x", "parent_id": deepest["id"]}
    assert api.post(FOLDERS, body).status_code == 400
    top = make(api, "top")
    second = Folder.objects.get(name="0")
    refused = api.patch(f"{FOLDERS}/{second.pk}", {"parent_id": top["id"]})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["parent_id"])


@pytest.mark.parametrize("name", ["biology", "BIOLOGY", " Biology  "])
def test_a_name_is_unique_among_siblings(api: Any, tree: Any, name: str) -> None:
    response = api.post(FOLDERS, {"name": name})
    assert (response.status_code, list(response.json()["errors"])) == (400, ["name"])

    assert make(api, name, tree["plants"])["parent_id"] == tree["plants"]["id"]
    renamed = api.patch(f"{FOLDERS}/{tree['plants']['id']}", {"name": "ANIMALS"})
    assert renamed.status_code == 400


@pytest.mark.parametrize("name", ["", " ", "a/b", "a\u0000b", "a\nb\u0007", "x" * 101, None, 5])
def test_a_name_that_no_path_can_hold_is_400(api: Any, name: Any) -> None:
    response = api.post(FOLDERS, {"name": name})

    assert (response.status_code, list(response.json()["errors"])) == (400, ["name"])


def test_only_an_empty_folder_is_deleted(api: Any, tree: Any) -> None:
    note = write(api, "Biology/Plants")
    for name in ("biology", "plants"):
        refused = api.delete(f"{FOLDERS}/{tree[name]['id']}")
        assert (refused.status_code, refused.json()["code"]) == (409, "not_empty")

    assert api.delete(f"{FOLDERS}/{tree['animals']['id']}").json() == {"success": True}
    api.delete(f"/api/notes/{note['id']}")
    assert api.delete(f"{FOLDERS}/{tree['plants']['id']}").status_code == 200


def test_a_note_from_the_trash_has_its_folder_again_though_that_was_deleted(api: Any) -> None:
    note = write(api, "Biology/Plants")
    api.delete(f"/api/notes/{note['id']}")
    api.delete(f"{FOLDERS}/{note['folder_id']}")

    api.post(f"/api/trash/{note['id']}/restore")

    assert read(api, note)["folder"] == "Biology/Plants"


@pytest.mark.parametrize("target", ["school", ""])
def test_what_is_in_a_folder_goes_elsewhere_before_it_is_deleted(
    api: Any, tree: Any, target: str
) -> None:
    note = write(api, "Biology", content="Chlorophyll is green.")
    deeper = write(api, "Biology/Plants")
    school = make(api, "School")
    move_to = school["id"] if target else ""

    gone = api.delete(f"{FOLDERS}/{tree['biology']['id']}?move_to={move_to}")

    assert gone.status_code == 200, gone.content
    path = "School" if target else ""
    assert read(api, note)["folder"] == path
    assert read(api, deeper)["folder"] == f"{path}/Plants".lstrip("/")
    hits = api.get("/api/search?q=chlorophyll&folder=School").json()
    assert bool(hits) is bool(target)


def test_the_content_of_a_folder_can_not_go_into_itself(api: Any, tree: Any) -> None:
    response = api.delete(f"{FOLDERS}/{tree['biology']['id']}?move_to={tree['plants']['id']}")

    assert (response.status_code, list(response.json()["errors"])) == (400, ["move_to"])
    assert Folder.objects.count() == 3


def test_someone_elses_folder_is_404_by_its_field(api: Any, stranger_api: Any, tree: Any) -> None:
    pk = tree["plants"]["id"]
    for path, field in [(FOLDERS, "parent_id"), ("/api/notes", "folder_id")]:
        response = stranger_api.post(path, {"name": "x", "title": "x", field: pk})
        assert response.status_code in (400, 404)
        body = {"name": "x", field: pk} if path == FOLDERS else {"title": "x", field: pk}
        response = stranger_api.post(path, body)
        assert (response.status_code, list(response.json()["errors"])) == (404, [field])
    assert stranger_api.get(f"/api/search?q=x&folder={pk}").status_code == 404
    scope = {"scope": {"type": "folder", "ids": [pk]}}
    assert stranger_api.post("/api/chat/start", scope).status_code == 404
    own = make(stranger_api, "Own")
    assert stranger_api.delete(f"{FOLDERS}/{own['id']}?move_to={pk}").status_code == 404


@pytest.mark.parametrize("called", ["Plants", "Biology/Plants", "Biology", "id", "parent"])
def test_a_scope_takes_a_folder_by_id_name_or_path_with_all_below_it(
    api: Any, tree: Any, called: str
) -> None:
    names = {"id": tree["plants"]["id"], "parent": tree["biology"]["id"]}
    name = names.get(called, called)
    write(api, "Biology/Plants", content="Chlorophyll makes leaves green.")
    question = "What makes leaves green?"

    asked = api.post("/api/notes/ai-qa", {"question": question, "folder": name}).json()
    scope = {"type": "folder", "ids": [name]}
    chat = api.post("/api/chat/start", {"scope": scope}).json()["conversation_id"]
    told = api.post(f"/api/chat/{chat}/message", {"message": question}).json()
    elsewhere = {"question": question, "folder": tree["animals"]["id"]}

    assert (asked["status"], told["status"]) == ("answered", "answered")
    assert api.post("/api/notes/ai-qa", elsewhere).json()["status"] == "not_found"


def test_answers_over_a_folder_follow_a_note_that_moves(api: Any, tree: Any) -> None:
    note = write(api, "Biology/Plants", content="Chlorophyll makes leaves green.")
    question = {"question": "What makes leaves green?", "folder": "Plants"}
    assert api.post("/api/notes/ai-qa", question).json()["status"] == "answered"

    order = [{"id": note["id"], "sort_order": 1, "folder_id": tree["animals"]["id"]}]
    api.patch("/api/notes/order", order)

    assert api.post("/api/notes/ai-qa", question).json()["status"] == "not_found"


def test_an_old_etag_is_412_with_the_folder_as_it_is(api: Any, tree: Any) -> None:
    path = f"{FOLDERS}/{tree['plants']['id']}"
    old = api.get(path)["ETag"]
    api.patch(path, {"name": "Trees"})

    late = {"headers": {"If-Match": old}}
    for refused in (api.patch(path, {"name": "Flowers"}, **late), api.delete(path, **late)):
        assert refused.status_code == 412
        assert refused.json()["current"]["name"] == "Trees"
    current = api.get(path)["ETag"]
    assert api.patch(path, {"name": "Flowers"}, headers={"If-Match": current}).status_code == 200


def test_folders_are_made_once_for_a_key_and_synced(api: Any) -> None:
    key = {"Idempotency-Key": "one"}
    first = api.post(FOLDERS, {"name": "Biology"}, headers=key)
    again = api.post(FOLDERS, {"name": "Biology"}, headers=key)
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert api.post(FOLDERS, {"name": "Other"}, headers=key).status_code == 422

    api.delete(f"{FOLDERS}/{first.json()['id']}")

    (tombstone,) = api.get(f"{FOLDERS}?include_deleted=true").json()
    assert set(tombstone) == {"id", "deleted_at"}


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_make_no_circle(owner: Any) -> None:
    """A under B and B under A: one of them is refused."""
    api = ApiClient(owner)
    a, b = make(api, "A"), make(api, "B")
    start, statuses = threading.Barrier(2), []

    def move(folder: Any, parent: Any) -> None:
        start.wait()
        body = {"parent_id": parent["id"]}
        statuses.append(ApiClient(owner).patch(f"{FOLDERS}/{folder['id']}", body).status_code)
        connections.close_all()

    threads = [threading.Thread(target=move, args=pair) for pair in ((a, b), (b, a))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200, 400]


@pytest.mark.django_db(transaction=True)
def test_one_path_written_by_many_at_once_makes_its_folders_once(owner: Any) -> None:
    start, statuses = threading.Barrier(4), []

    def run() -> None:
        start.wait()
        body = {"title": "x", "folder": "Biology/Plants"}
        statuses.append(ApiClient(owner).post("/api/notes", body).status_code)
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [201] * 4
    assert Folder.objects.count() == 2


def test_a_missing_folder_is_404(api: Any) -> None:
    response = api.patch(f"{FOLDERS}/{uuid.uuid4()}", {"name": "x"})

    assert response.status_code == 404
