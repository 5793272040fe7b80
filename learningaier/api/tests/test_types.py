"""A value of another JSON type is refused, not turned into one that is right."""

import re
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from conftest import ApiClient
from learningaier.api.tests.test_strangers import api_routes

NOTES, CARDS, DECKS = "/api/notes/", "/api/flashcards/", "/api/decks/"
SETTINGS = f"{CARDS}settings"
SOMEONE = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (NOTES, {"title": 0}, "title"),
        (NOTES, {"title": True}, "title"),
        (NOTES, {"title": "t", "tags": [0]}, "tags"),
        (NOTES, {"title": "t", "tags": "biology"}, "tags"),
        (CARDS, {"term": "t", "definition": "d", "note_id": ""}, "note_id"),
        (CARDS, {"term": "t", "definition": "d", "note_id": 7}, "note_id"),
        (DECKS, {"name": "d", "new_per_day": "5"}, "new_per_day"),
        (DECKS, {"name": "d", "new_per_day": True}, "new_per_day"),
        (DECKS, {"name": "d", "new_per_day": 5.5}, "new_per_day"),
        (DECKS, {"name": "d", "desired_retention": "0.9"}, "desired_retention"),
        (DECKS, {"name": "d", "leech_suspends": 0}, "leech_suspends"),
        (DECKS, {"name": "d", "leech_suspends": "true"}, "leech_suspends"),
        (f"{CARDS}review", {"flashcard_id": SOMEONE, "rating": True}, "rating"),
        (f"{CARDS}review", {"flashcard_id": SOMEONE, "rating": "3"}, "rating"),
        (f"{CARDS}review", {"flashcard_id": 5, "rating": 3}, "flashcard_id"),
        (f"{CARDS}cram", {"reschedule": 0}, "reschedule"),
        ("/api/notes/ai-qa", {"question": 1}, "question"),
        ("/api/notes/ai-qa", {"question": "Who?", "top_k": "5"}, "top_k"),
    ],
)
def test_another_type_is_refused(
    api: ApiClient, path: str, body: dict[str, Any], field: str
) -> None:
    response = api.post(path, body)

    assert response.status_code == 400, response.content
    assert list(response.json()["errors"]) == [field]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (DECKS, {"name": "d", "new_per_day": 5.0, "desired_retention": 0.9}),
        (DECKS, {"name": "e", "leech_suspends": True}),
        (CARDS, {"term": "t", "definition": "d", "note_id": None, "tags": ["a"]}),
    ],
)
def test_the_right_types_are_taken(api: ApiClient, path: str, body: dict[str, Any]) -> None:
    assert api.post(path, body).status_code == 201


@pytest.mark.parametrize("query", ["due=true&flag=1", "due=1", f"note_id={SOMEONE}"])
def test_in_a_query_all_is_text(api: ApiClient, query: str) -> None:
    assert api.get(f"{CARDS}?{query}").status_code == 200


@pytest.mark.parametrize("route", api_routes())
def test_a_method_that_is_not_served_is_405_whatever_it_carries(api: ApiClient, route: str) -> None:
    path = "/" + re.sub("<(uuid|id):pk>", SOMEONE, route).replace("<int:number>", "1")

    assert api.generic("TRACE", f"{path}?limit=1&x=2").status_code == 405


def test_the_description_says_what_a_deletion_answers_and_that_lists_hold_tombstones() -> None:
    described = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]

    for path, operations in described["paths"].items():
        assert "204" not in operations.get("delete", {"responses": {}})["responses"], path
    shape = described["components"]["schemas"]["PaginatedNoteList"]
    assert shape["items"]["anyOf"][1]["required"] == ["id", "deleted_at"]
    assert not described["components"]["schemas"]["NoteRequest"]["additionalProperties"]


@pytest.mark.parametrize("path", ["/api/trash", f"{CARDS}reviews"])
def test_a_list_without_an_order_of_changes_has_no_parameters_for_it(
    api: ApiClient, path: str
) -> None:
    response = api.get(f"{path}?include_deleted=true")

    assert response.status_code == 400
    assert list(response.json()["errors"]) == ["include_deleted"]


@pytest.mark.parametrize("path", [NOTES, CARDS, DECKS])
def test_an_empty_cursor_is_the_beginning_of_a_list_and_of_its_changes(
    api: ApiClient, path: str
) -> None:
    for query in ("cursor=", "cursor=&include_deleted=true"):
        assert api.get(f"{path}?{query}").status_code == 200
