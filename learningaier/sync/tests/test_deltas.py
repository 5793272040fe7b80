"""Delta sync: what has changed since, in an order in which nothing is missed."""

import re
import threading
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.urls import get_resolver
from django.utils import timezone

from learningaier.sync.models import TOMBSTONE_AGE, Change
from learningaier.sync.services import forget_expired

NOTES = "/api/notes"


def link(response: Any, relation: str) -> str | None:
    found = re.search(rf'<([^>]+)>; rel="{relation}"', response.get("Link", ""))
    return found.group(1) if found else None


def read_all(api: Any, url: str) -> tuple[list[Any], str]:
    """Every item of the changes from here on, and where to go on from."""
    items = []
    while True:
        response = api.get(url)
        assert response.status_code == 200, response.content
        items += response.json()
        following = link(response, "next")
        if following is None:
            return items, link(response, "delta")
        url = following


def make_note(api: Any, title: str = "A note") -> str:
    return api.post(NOTES, {"title": title}).json()["id"]


def test_changes_come_in_their_order_with_what_was_deleted(api: Any) -> None:
    first, second, third = (make_note(api, title) for title in ("one", "two", "three"))
    api.patch(f"{NOTES}/{first}", {"title": "one again"})
    api.delete(f"{NOTES}/{second}")

    items, _ = read_all(api, f"{NOTES}?include_deleted=true&limit=1")

    assert [item["id"] for item in items] == [third, first, second]
    assert items[1]["title"] == "one again"
    assert set(items[2]) == {"id", "deleted_at"}
    assert items[2]["deleted_at"]


def test_the_last_page_says_where_later_changes_begin(api: Any) -> None:
    make_note(api)
    _, delta = read_all(api, f"{NOTES}?include_deleted=true")
    assert api.get(delta).json() == []

    later = make_note(api)

    items, delta = read_all(api, delta)
    assert [item["id"] for item in items] == [later]
    assert read_all(api, delta)[0] == []


@pytest.mark.django_db(transaction=True)
def test_a_time_leaves_out_what_is_older(api: Any) -> None:
    make_note(api)
    since = timezone.now().isoformat()
    later = make_note(api)

    response = api.get(NOTES, {"updated_since": since})

    assert [item["id"] for item in response.json()] == [later]
    assert response["X-Total-Count"] == "1"


def test_tombstones_are_shown_only_when_asked_for(api: Any) -> None:
    since = timezone.now().isoformat()
    api.delete(f"{NOTES}/{make_note(api)}")

    assert api.get(NOTES, {"updated_since": since}).json() == []
    assert len(api.get(NOTES, {"updated_since": since, "include_deleted": "true"}).json()) == 1


def test_nobody_sees_the_changes_of_someone_else(api: Any, stranger_api: Any) -> None:
    api.delete(f"{NOTES}/{make_note(api)}")
    make_note(api)

    assert stranger_api.get(f"{NOTES}?include_deleted=true").json() == []


def test_tombstones_go_after_90_days(api: Any, owner: Any) -> None:
    api.delete(f"{NOTES}/{make_note(api)}")
    api.get(f"{NOTES}?include_deleted=true")
    tombstones = Change.objects.filter(owner=owner, kind="notes_note")
    tombstones.update(deleted_at=timezone.now() - TOMBSTONE_AGE)

    forget_expired()

    assert api.get(f"{NOTES}?include_deleted=true").json() == []


@pytest.mark.parametrize(
    "query",
    [
        {"updated_since": "yesterday"},
        {"updated_since": "2026-13-01T00:00:00Z"},
        {"updated_since": ""},
        {"include_deleted": "perhaps"},
        {"include_deleted": "true", "cursor": "-1"},
        {"include_deleted": "true", "cursor": "9" * 30},
        {"include_deleted": "true", "cursor": "cD0x"},
    ],
)
def test_what_is_no_time_and_no_place_is_400(api: Any, query: dict[str, str]) -> None:
    response = api.get(NOTES, query)

    assert response.status_code == 400
    assert set(response.json()["errors"]) <= set(query)


@pytest.mark.parametrize("text", ["2026-01-31T12:00:00+01:00", "2026-01-31T12:00:00.5Z"])
def test_a_time_may_be_written_in_each_usual_way(api: Any, text: str) -> None:
    assert api.get(f"{NOTES}?updated_since={text}").status_code == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/decks", {"name": "Biology"}),
        ("/api/flashcards", {"term": "Osmosis", "definition": "Diffusion of water"}),
        ("/api/chat/conversations", None),
    ],
)
def test_cards_decks_and_conversations_are_synced_too(api: Any, path: str, body: Any) -> None:
    made = api.post(path, body) if body else api.post("/api/chat/start", {})
    pk = made.json().get("id") or made.json()["conversation_id"]
    address = f"{path}/{pk}" if body else f"/api/chat/{pk}"

    before = api.get(f"{path}?include_deleted=true").json()
    api.delete(address)
    after = api.get(f"{path}?include_deleted=true").json()

    assert [item["id"] for item in before] == [pk]
    assert [set(item) for item in after] == [{"id", "deleted_at"}]


def test_every_list_of_rows_is_recorded(db: None) -> None:
    """Whoever adds a list has its table recorded: `SELECT track_changes(…)` in a migration.

    Of the lists of flashcards these are cards and decks; others refuse to be synced.
    """
    tables = {
        view.queryset.model._meta.db_table
        for view in list_views(get_resolver().url_patterns)
        if view.queryset is not None and view.queryset.model._meta.app_label != "flashcards"
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'record_change'"
        )
        recorded = {name for (name,) in cursor.fetchall()}

    assert "notes_note" in tables
    assert tables <= recorded


def list_views(patterns: Any) -> Any:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from list_views(pattern.url_patterns)
        elif hasattr(view := getattr(pattern.callback, "view_class", None), "list"):
            yield view


@pytest.mark.django_db(transaction=True)
def test_no_change_is_missed_between_two_pages_while_others_write(owner: Any, api: Any) -> None:
    """Four writers, some of whose transactions stay open while later ones commit."""
    notes = apps.get_model("notes.Note").objects
    written: set[str] = set()
    start = threading.Barrier(5)

    def write(number: int) -> None:
        start.wait()
        for count in range(25):
            with transaction.atomic():
                made = notes.create(owner=owner, title=f"{number}.{count}")
                written.add(str(made.pk))
                if count % 5 == number:
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT pg_sleep(0.01)")
        connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    start.wait()
    seen: set[str] = set()
    url = f"{NOTES}?include_deleted=true&limit=3"
    while any(thread.is_alive() for thread in threads):
        items, url = read_all(api, url)
        seen |= {item["id"] for item in items}
    for thread in threads:
        thread.join()
    seen |= {item["id"] for item in read_all(api, url)[0]}

    assert len(written) == 100
    assert seen == written
