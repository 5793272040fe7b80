"""Nobody reaches what belongs to someone else: every route with an object's id, walked."""

import contextlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
MISSING = "11111111-1111-4111-8111-111111111111"


def make(label: str, **fields: Any) -> Callable[[Any], Any]:
    """How to make a row of a model for its owner; looked up late, as the apps are siblings."""
    return lambda owner: apps.get_model(label).objects.create(owner=owner, **fields)


def make_note(owner: Any) -> Any:
    """A note with its first version."""
    note = make("notes.Note", title="Osmosis", version=1)(owner)
    versions = apps.get_model("notes.NoteVersion").objects
    held = '["Osmosis", "", "en", {}]'
    versions.create(
        owner=owner,
        note=note,
        number=1,
        title="Osmosis",
        reason="manual",
        created_at=timezone.now(),
        middle=held,
        size=len(held),
    )
    return note


def make_document(owner: Any) -> Any:
    """A processed document with its file and its text."""
    fields = {"filename": "osmosis.txt", "content_type": "text/plain", "sha256": "0" * 64}
    file = ContentFile(b"Osmosis", name="osmosis.txt")
    document = make(
        "documents.Document", title="Osmosis", size=7, file=file, status="ready", **fields
    )(owner)
    text = apps.get_model("documents.DocumentText")
    text.objects.create(document=document, text="Osmosis", pages=[[None, 0, 7]])
    return document


def make_card(owner: Any) -> Any:
    """A card with its fact."""
    fact = make("flashcards.Fact", term="Osmosis", definition="Diffusion of water")(owner)
    return make("flashcards.Flashcard", fact=fact)(owner)


def make_deleted_note(owner: Any) -> Any:
    """The trash's entry of a note."""
    note = make("notes.Note", title="Osmosis", deleted_at=timezone.now())(owner)
    return make("sync.TrashEntry", pk=note.pk, kind="note", title="Osmosis")(owner)


# The rows behind the ids, by the routes' first segment. A route with an id needs an entry.
ROWS: dict[str, Callable[[Any], Any]] = {
    "notes": make_note,
    "folders": make("notes.Folder", name="Biology"),
    "documents": make_document,
    "flashcards": make_card,
    "chat": make("chat.Conversation"),
    "jobs": make("jobs.Job", work="learningaier.jobs.running.run_job"),
    "trash": make_deleted_note,
    "tokens": make("accounts.AccessToken", name="script", scope="read"),
    "decks": make("flashcards.Deck", name="Biology"),
}


def all_routes(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every address's pattern as text, and its view."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from all_routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback


def api_routes() -> list[str]:
    routes = all_routes(get_resolver().url_patterns)
    return [route for route, _ in routes if route.startswith("api/")]


OPEN = {"api/auth/token", "api/auth/register", "api/schema", "api/docs"}
WITH_ID = [route for route in api_routes() if "<" in route]


def address(route: str, pk: Any) -> str:
    return "/" + re.sub("<(uuid|id):pk>", str(pk), route).replace("<int:number>", "1")


def ask(client: Any, method: str, path: str) -> Any:
    body = json.dumps({}) if method in ("POST", "PUT", "PATCH") else ""
    return client.generic(method, path, body, "application/json")


def test_every_id_is_a_uuid_of_a_known_kind_of_row() -> None:
    assert WITH_ID
    for route in WITH_ID:
        others = route.replace("<int:number>", "").count("<")
        assert others == 1, f"{route} has an id that this walk does not know"
        assert "<uuid:pk>" in route or "<id:pk>" in route, f"{route} names its id otherwise"
        assert route.split("/")[1] in ROWS, f"{route} needs an entry in ROWS"


@pytest.mark.parametrize("route", WITH_ID)
def test_a_stranger_sees_what_a_row_that_is_not_there_shows(
    route: str, api: Any, stranger_api: Any, owner: Any
) -> None:
    row = ROWS[route.split("/")[1]](owner)
    kept = type(row).objects.filter(pk=row.pk).values().get()

    served = 0
    for method in METHODS:
        foreign = ask(stranger_api, method, address(route, row.pk))
        absent = ask(stranger_api, method, address(route, MISSING))
        assert foreign.status_code in (404, 405), f"{method} {route}: {foreign.status_code}"
        assert foreign.content == absent.content
        served += foreign.status_code == 404

    assert served, f"{route} serves no method"
    assert type(row).objects.filter(pk=row.pk).values().get() == kept


@pytest.mark.parametrize("route", WITH_ID)
def test_the_owner_reaches_the_row(route: str, api: Any, owner: Any) -> None:
    """Else the walk above would prove nothing."""
    row = ROWS[route.split("/")[1]](owner)

    statuses = set()
    for method in METHODS:
        with contextlib.closing(ask(api, method, address(route, row.pk))) as response:
            statuses.add(response.status_code)

    assert statuses - {404, 405}, f"{route} answers {statuses}"


@pytest.mark.parametrize("route", [route for route in api_routes() if route not in OPEN])
def test_a_visitor_is_asked_to_sign_in(route: str, visitor_api: Any, owner: Any) -> None:
    pk = ROWS[route.split("/")[1]](owner).pk if "<" in route else MISSING

    for method in [*METHODS, "OPTIONS"]:
        response = ask(visitor_api, method, address(route, pk))
        assert response.status_code == 401, f"{method} {route}: {response.status_code}"
        assert response["WWW-Authenticate"] == "Bearer"
