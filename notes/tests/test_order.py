"""Sorting and moving many notes at once: all or none."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

ORDER = "/api/notes/order"


@pytest.fixture
def notes(api: Any) -> list[str]:
    return [api.post("/api/notes", {"title": str(number)}).json()["id"] for number in range(4)]


def orders(api: Any) -> list[float]:
    return [note["sort_order"] for note in reversed(api.get("/api/notes").json())]


def test_many_notes_are_sorted_and_moved(api: Any, notes: list[str]) -> None:
    folder = api.post("/api/folders", {"name": "Biology"}).json()
    body = [{"id": pk, "sort_order": 4 - place} for place, pk in enumerate(notes)]
    body[0]["folder_id"] = folder["id"]

    assert api.patch(ORDER, body).json() == {"success": True}

    assert orders(api) == [4, 3, 2, 1]
    assert api.get(f"/api/notes/{notes[0]}").json()["folder"] == "Biology"
    api.patch(ORDER, {"notes": [{"id": notes[0], "sort_order": 0.5, "folder_id": None}]})
    moved = api.get(f"/api/notes/{notes[0]}").json()
    assert (moved["folder_id"], moved["folder"], moved["sort_order"]) == (None, "", 0.5)


def test_a_note_that_stays_in_its_folder_needs_not_name_it(api: Any, notes: list[str]) -> None:
    api.patch(f"/api/notes/{notes[0]}", {"folder": "Biology"})

    api.patch(ORDER, [{"id": notes[0], "sort_order": 3}])

    assert api.get(f"/api/notes/{notes[0]}").json()["folder"] == "Biology"


def test_one_note_that_is_not_there_and_none_is_sorted(
    api: Any, stranger_api: Any, notes: list[str]
) -> None:
    foreign = stranger_api.post("/api/notes", {"title": "x"}).json()["id"]
    missing = str(uuid.uuid4())
    body = [{"id": pk, "sort_order": 9} for pk in [*notes, foreign, missing]]

    refused = api.patch(ORDER, body)

    assert (refused.status_code, list(refused.json()["errors"])) == (404, ["id"])
    assert foreign in refused.json()["detail"]
    assert missing in refused.json()["detail"]
    assert orders(api) == [0, 0, 0, 0]


def test_a_folder_that_is_not_ones_own_is_404(
    api: Any, stranger_api: Any, notes: list[str]
) -> None:
    folder = stranger_api.post("/api/folders", {"name": "x"}).json()["id"]

    refused = api.patch(ORDER, [{"id": notes[0], "sort_order": 9, "folder_id": folder}])

    assert (refused.status_code, list(refused.json()["errors"])) == (404, ["folder_id"])
    assert orders(api) == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sort_order": None}, "1.sort_order"),
        ({"sort_order": "first"}, "1.sort_order"),
        ({"id": "x"}, "1.id"),
        ({"id": None}, "1.id"),
        ({"title": "x"}, "1.title"),
        ({"folder_id": "x"}, "1.folder_id"),
    ],
)
def test_what_is_not_valid_is_named_by_its_place(
    api: Any, notes: list[str], change: dict[str, Any], field: str
) -> None:
    body = [{"id": notes[0], "sort_order": 9}, {"id": notes[1], "sort_order": 9} | change]

    refused = api.patch(ORDER, body)

    assert (refused.status_code, list(refused.json()["errors"])) == (400, [field])
    assert orders(api) == [0, 0, 0, 0]


def test_none_too_many_or_one_twice_is_400(api: Any, notes: list[str]) -> None:
    place = {"id": notes[0], "sort_order": 1}

    for body in ([], [place] * 2, [place] * 1001, "x", 5, [5]):
        assert api.patch(ORDER, body).status_code == 400
    assert orders(api) == [0, 0, 0, 0]


def test_sorting_makes_no_version_and_is_synced(api: Any, notes: list[str]) -> None:
    versions = f"/api/notes/{notes[0]}/versions"
    before = api.get(f"/api/notes/{notes[0]}")

    api.patch(ORDER, [{"id": notes[0], "sort_order": 3}])

    assert len(api.get(versions).json()) == 1
    assert api.get(f"/api/notes/{notes[0]}")["ETag"] != before["ETag"]
    assert api.get("/api/notes?include_deleted=true").json()[-1]["id"] == notes[0]


def test_many_cost_as_many_queries_as_few(api: Any, notes: list[str]) -> None:
    counts = []
    for chosen in (notes[:1], notes):
        with CaptureQueriesContext(connection) as queries:
            api.patch(ORDER, [{"id": pk, "sort_order": 2} for pk in chosen])
        counts.append(len(queries))

    assert counts[0] == counts[1]
