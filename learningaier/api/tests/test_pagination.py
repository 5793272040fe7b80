"""Lists: plain arrays, newest first, page by page."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext


def notes() -> Any:
    """The table behind the list; looked up late, as the API's plumbing knows no app above it."""
    return apps.get_model("notes.Note").objects


def make_notes(owner: Any, count: int) -> list[str]:
    """Notes in the order of a list: the newest first."""
    made = [notes().create(owner=owner, title=f"Note {n}") for n in range(count)]
    return [str(note.pk) for note in reversed(made)]


def next_link(response: Any) -> str | None:
    found = re.search(r'<([^>]+)>; rel="next"', response.get("Link", ""))
    return found.group(1) if found else None


def walk(client: Any, url: str | None) -> list[list[str]]:
    pages = []
    while url:
        response = client.get(url)
        assert response.status_code == 200
        pages.append([row["id"] for row in response.json()])
        url = next_link(response)
    return pages


def test_an_empty_list_is_an_empty_array(api: Any) -> None:
    response = api.get("/api/notes")

    assert response.json() == []
    assert response["X-Total-Count"] == "0"
    assert "Link" not in response


def test_pages_hold_every_row_once_newest_first(api: Any, owner: Any) -> None:
    ids = make_notes(owner, 7)

    pages = walk(api, "/api/notes?limit=3")

    assert pages == [ids[:3], ids[3:6], ids[6:]]


def test_rows_of_one_instant_are_neither_lost_nor_repeated(api: Any, owner: Any) -> None:
    ids = make_notes(owner, 25)
    moment = notes().get(pk=ids[0]).created_at
    notes().update(created_at=moment)

    pages = walk(api, "/api/notes?limit=4")

    seen = [pk for page in pages for pk in page]
    assert sorted(seen) == sorted(ids)
    assert len(seen) == 25


def test_rows_that_come_meanwhile_do_not_shift_the_pages(api: Any, owner: Any) -> None:
    ids = make_notes(owner, 4)
    first = api.get("/api/notes?limit=2")
    make_notes(owner, 3)

    second = api.get(next_link(first))

    assert [row["id"] for row in second.json()] == ids[2:]


def test_a_page_goes_on_after_its_last_row_was_deleted(api: Any, owner: Any) -> None:
    ids = make_notes(owner, 4)
    first = api.get("/api/notes?limit=2")
    notes().filter(pk=ids[1]).delete()

    assert [row["id"] for row in api.get(next_link(first)).json()] == ids[2:]


def test_the_previous_page_can_be_had_again(api: Any, owner: Any) -> None:
    ids = make_notes(owner, 4)
    second = api.get(next_link(api.get("/api/notes?limit=2")))

    back = re.search(r'<([^>]+)>; rel="prev"', second["Link"]).group(1)

    assert [row["id"] for row in api.get(back).json()] == ids[:2]


def test_the_total_counts_the_callers_rows_on_every_page(
    api: Any, stranger_api: Any, owner: Any, stranger: Any
) -> None:
    make_notes(owner, 3)
    make_notes(stranger, 2)

    first = api.get("/api/notes?limit=2")

    assert first["X-Total-Count"] == "3"
    assert api.get(next_link(first))["X-Total-Count"] == "3"
    assert stranger_api.get("/api/notes")["X-Total-Count"] == "2"


def test_the_link_keeps_the_other_parameters(api: Any) -> None:
    for term in ("sea", "sky", "leaf"):
        card = {"term": term, "definition": "a colour", "tags": ["blue green"]}
        assert api.post("/api/flashcards/", card).status_code == 201

    link = next_link(api.get("/api/flashcards/?limit=2&tag=blue%20green"))

    assert "limit=2" in link
    assert len(api.get(link).json()) == 1


@pytest.mark.parametrize("limit", ["1", "100", "1000", "007"])
def test_a_limit_may_be_from_1_to_1000(api: Any, limit: str) -> None:
    assert api.get("/api/notes", {"limit": limit}).status_code == 200


@pytest.mark.parametrize(
    "limit",
    ["0", "-1", "1001", "1e2", "ten", "", " 5", "1.0", "9" * 5000, "0000000011001", "²", "5\x00"],
)
def test_another_limit_is_400(api: Any, limit: str) -> None:
    response = api.get("/api/notes", {"limit": limit})

    assert response.status_code == 400
    assert list(response.json()["errors"]) == ["limit"]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        "cD0yMDI2",
        "bz0tMQ==",
        "cD14eHg=",
        "cD0yMDI2LTAxLTAxJTAw",
        "/////w==",
        "a" * 20_001,
    ],
    ids=["x", "é", "p=2026", "o=-1", "p=xxx", "p with NUL", "no text", "long"],
)
def test_a_cursor_that_is_none_is_400(api: Any, owner: Any, cursor: str) -> None:
    make_notes(owner, 2)

    response = api.get("/api/notes", {"cursor": cursor})

    assert response.status_code == 400
    assert response.json()["code"] == "invalid"
    assert list(response.json()["errors"]) == ["cursor"]


def test_a_page_costs_the_same_number_of_queries_whatever_its_size(api: Any, owner: Any) -> None:
    counts = []
    api.get("/api/notes")  # from here on the account comes from the cache
    for count in (2, 30):
        make_notes(owner, count)
        with CaptureQueriesContext(connection) as queries:
            api.get("/api/notes")
        counts.append(len(queries))

    assert counts[0] == counts[1]
