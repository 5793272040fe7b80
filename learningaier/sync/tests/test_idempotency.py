"""Idempotency keys: what is sent again is not made again."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import get_resolver

from conftest import ApiClient
from learningaier.api.tests.test_strangers import all_routes
from learningaier.sync.models import KeptAnswer
from learningaier.sync.services import forget_expired

CREATING = {
    "/api/notes": {"title": "Osmosis"},
    "/api/decks": {"name": "Biology"},
    "/api/flashcards": {"term": "Osmosis", "definition": "Diffusion of water"},
    "/api/chat/start": {"scope": {"type": "all", "ids": []}},
}


@pytest.mark.parametrize("path", CREATING)
def test_the_same_key_and_body_give_the_first_answer_again(api: Any, path: str) -> None:
    headers = {"Idempotency-Key": "0c1f7a52-7d3b-4f61-9d0e-1f2a3b4c5d6e"}

    first = api.post(path, CREATING[path], headers=headers)
    again = api.post(path, CREATING[path], headers=headers)

    assert first.status_code in (200, 201)
    assert again.status_code == first.status_code
    assert again.json() == first.json()
    assert again.get("ETag") == first.get("ETag")
    assert again["Idempotency-Replayed"] == "true"


def test_nothing_is_made_twice(api: Any) -> None:
    for _ in range(3):
        api.post("/api/notes", {"title": "Osmosis"}, headers={"Idempotency-Key": "a"})

    assert len(api.get("/api/notes").json()) == 1


def test_the_order_of_the_fields_does_not_count(api: Any) -> None:
    headers = {"Idempotency-Key": "a"}
    first = api.post("/api/notes", {"title": "A", "content": "B"}, headers=headers)

    again = api.post("/api/notes", {"content": "B", "title": "A"}, headers=headers)

    assert again.json() == first.json()


@pytest.mark.parametrize(
    ("path", "body"), [("/api/notes", {"title": "B"}), ("/api/chat/start", {"title": "A"})]
)
def test_another_request_with_the_same_key_is_422(api: Any, path: str, body: Any) -> None:
    headers = {"Idempotency-Key": "a"}
    api.post("/api/notes", {"title": "A"}, headers=headers)

    refused = api.post(path, body, headers=headers)

    assert refused.status_code == 422
    assert refused.json()["code"] == "idempotency_key_reused"


def test_a_key_is_its_owners(api: Any, stranger_api: Any) -> None:
    headers = {"Idempotency-Key": "a"}
    mine = api.post("/api/notes", {"title": "A"}, headers=headers)

    theirs = stranger_api.post("/api/notes", {"title": "A"}, headers=headers)

    assert theirs.status_code == 201
    assert theirs.json()["id"] != mine.json()["id"]


def test_what_was_refused_may_be_tried_again(api: Any) -> None:
    headers = {"Idempotency-Key": "a"}

    assert api.post("/api/notes", {"title": ""}, headers=headers).status_code == 400
    assert api.post("/api/notes", {"title": "A"}, headers=headers).status_code == 201


@pytest.mark.parametrize("key", ["", " ", "a b", "ä", "x" * 201])
def test_what_is_no_key_is_400(api: Any, key: str) -> None:
    response = api.post("/api/notes", {"title": "A"}, headers={"Idempotency-Key": key})

    assert response.status_code == 400
    assert list(response.json()["errors"]) == ["Idempotency-Key"]


def test_a_key_is_forgotten_after_a_day(api: Any, owner: Any) -> None:
    headers = {"Idempotency-Key": "a"}
    first = api.post("/api/notes", {"title": "A"}, headers=headers)
    kept = KeptAnswer.objects.get(owner=owner)
    kept.created_at -= timedelta(days=1, seconds=1)
    kept.save()

    again = api.post("/api/notes", {"title": "A"}, headers=headers)

    assert again.json()["id"] != first.json()["id"]
    KeptAnswer.objects.update(created_at=kept.created_at)
    forget_expired()
    assert not KeptAnswer.objects.exists()


def test_an_upload_has_a_key_too(api: Any) -> None:
    def upload(text: bytes) -> Any:
        file = SimpleUploadedFile("osmosis.txt", text)
        return api.upload("/api/documents/upload", file=file, headers={"Idempotency-Key": "a"})

    first, again, other = upload(b"Osmosis"), upload(b"Osmosis"), upload(b"Diffusion")

    assert (first.status_code, again.status_code, other.status_code) == (202, 202, 422)
    assert first.json() == again.json()


def test_a_repeated_call_counts_once(api: Any, settings: Any) -> None:
    settings.RATE_LIMIT_RAG_CHAT = 1
    headers = {"Idempotency-Key": "a"}

    for _ in range(3):
        assert api.post("/api/chat/start", {}, headers=headers).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_makes_it(owner: Any) -> None:
    answers: list[Any] = []
    start = threading.Barrier(6)

    def make() -> None:
        client = ApiClient(owner)
        start.wait()
        answers.append(client.post("/api/notes", {"title": "A"}, headers={"Idempotency-Key": "a"}))
        connection.close()

    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    made = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    assert len(made) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len(ApiClient(owner).get("/api/notes").json()) == 1


# What makes nothing, or makes by itself no second one.
REPEATABLE = {
    "api/auth/token": "each token is another",
    "api/auth/register": "nobody is signed in; a name is used once",
    "api/auth/password": "the second finds the old password wrong",
    "api/auth/logout-everywhere": "makes nothing",
    "api/jobs/<uuid:pk>/cancel": "makes nothing",
    "api/trash/<uuid:pk>/restore": "makes nothing; the second is 404",
    "api/notes/ai-qa": "makes nothing",
    "api/notes/reindex": "makes nothing",
    "api/documents/<id:pk>/retry": "makes nothing; the second is 409",
    "api/documents/<id:pk>/cancel": "makes nothing",
    "api/flashcards/cram": "makes nothing",
    "api/flashcards/bulk": "sets states",
    "api/flashcards/reviews": "each review has its id",
    "api/flashcards/recommend-next": "makes nothing",
    "api/flashcards/plans/<uuid:pk>/apply": "a plan is applied once",
    "api/flashcards/fit": "one fit waits at a time",
    "api/chat/<id:pk>/stream": "a stream is not kept",
    **{
        f"api/flashcards/<id:pk>/{action}": "sets a state"
        for action in ("suspend", "unsuspend", "bury", "unbury", "flag", "forget", "set-due")
    },
}


def test_every_post_that_makes_something_takes_a_key() -> None:
    posts = {
        route: view.cls.post
        for route, view in all_routes(get_resolver().url_patterns)
        if route.startswith("api/") and hasattr(getattr(view, "cls", None), "post")
    }
    without = {route for route, post in posts.items() if not hasattr(post, "is_idempotent")}

    assert without == set(REPEATABLE)


def test_a_question_that_is_sent_again_is_answered_once(api: Any) -> None:
    chat = api.post("/api/chat/start", {}).json()["conversation_id"]
    path, key = f"/api/chat/{chat}/message", {"Idempotency-Key": "one"}

    first = api.post(path, {"message": "What is osmosis?"}, headers=key).json()
    again = api.post(path, {"message": "What is osmosis?"}, headers=key).json()

    assert again == first
    assert len(api.get(f"/api/chat/{chat}").json()["messages"]) == 2
