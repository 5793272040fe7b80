"""Questions to the library: cited answers, honest refusals, the cache, the limit."""

import time
from typing import Any

import pytest
from django_redis import get_redis_connection

from conftest import ApiClient
from notes.models import Note

PLANTS = """# Photosynthesis

The light reaction produces ATP and NADPH. It takes place in the thylakoid membranes.

## The Calvin cycle

The Calvin cycle fixes carbon dioxide into sugar."""
HISTORY = "Napoleon was crowned emperor in Notre-Dame in December 1804."
QUESTION = {"question": "What does the light reaction produce?"}


@pytest.fixture
def plants(api: ApiClient) -> dict[str, Any]:
    return api.post("/api/notes", {"title": "Plants", "content": PLANTS}).json()


@pytest.fixture
def history(api: ApiClient) -> dict[str, Any]:
    return api.post("/api/notes", {"title": "History", "content": HISTORY}).json()


def ask(client: ApiClient, question: str, **fields: Any) -> dict[str, Any]:
    response = client.post("/api/notes/ai-qa", {"question": question, **fields})
    assert response.status_code == 200, response.content
    return response.json()


def test_an_answer_quotes_the_note_word_for_word(api: ApiClient, plants: dict[str, Any]) -> None:
    answer = ask(api, "What does the light reaction produce?")

    assert answer["status"] == "answered"
    assert answer["cached"] is False
    assert answer["degraded"] is False
    assert "ATP and NADPH" in answer["answer"]
    source = answer["sources"][0]
    assert source["note_id"] == plants["id"]
    assert source["document_id"] is None
    assert source["title"] == "Plants"
    assert source["quote"] == "The light reaction produces ATP and NADPH."
    for cited in answer["sources"]:
        assert PLANTS[cited["start"] : cited["end"]] == cited["quote"]


@pytest.mark.parametrize(
    "question",
    ["Who won the 1998 football world cup?", "What is the capital of Mongolia?", "???"],
)
def test_what_the_library_does_not_hold_is_not_found(
    api: ApiClient, plants: dict[str, Any], history: dict[str, Any], question: str
) -> None:
    answer = ask(api, question)

    assert answer["status"] == "not_found"
    assert answer["sources"] == []


def test_an_empty_library_answers_not_found(api: ApiClient) -> None:
    assert ask(api, "What does the light reaction produce?")["status"] == "not_found"


def test_a_question_to_one_note_sees_only_that_note(
    api: ApiClient, plants: dict[str, Any], history: dict[str, Any]
) -> None:
    question = "When was Napoleon crowned emperor?"

    assert ask(api, question, note_id=history["id"])["status"] == "answered"
    assert ask(api, question, note_id=plants["id"])["status"] == "not_found"
    assert ask(api, question)["sources"][0]["note_id"] == history["id"]


def test_the_second_time_comes_from_the_cache(api: ApiClient, plants: dict[str, Any]) -> None:
    first = ask(api, "What does the light reaction produce?")
    second = ask(api, "  what does the LIGHT reaction produce? ")

    assert first["cached"] is False
    assert second == {**first, "cached": True}
    keys = get_redis_connection("default").keys(f"rag:{api.user.pk}:all:*")
    assert len([key for key in keys if not key.endswith(b":version")]) == 1


def test_a_changed_note_is_answered_from_its_new_text(
    api: ApiClient, plants: dict[str, Any]
) -> None:
    ask(api, "What does the light reaction produce?")
    api.patch(
        f"/api/notes/{plants['id']}",
        {"content": PLANTS.replace("ATP and NADPH", "oxygen")},
        content_type="application/json",
    )

    answer = ask(api, "What does the light reaction produce?")

    assert answer["cached"] is False
    assert "produces oxygen" in answer["answer"]


def test_another_notes_change_leaves_an_answer_over_one_note_cached(
    api: ApiClient, plants: dict[str, Any], history: dict[str, Any]
) -> None:
    ask(api, "What does the light reaction produce?", note_id=plants["id"])
    ask(api, "What does the light reaction produce?")
    api.delete(f"/api/notes/{history['id']}")

    assert ask(api, "What does the light reaction produce?", note_id=plants["id"])["cached"]
    assert not ask(api, "What does the light reaction produce?")["cached"]


def test_a_deleted_note_is_not_cited_any_more(api: ApiClient, plants: dict[str, Any]) -> None:
    ask(api, "What does the light reaction produce?")
    api.delete(f"/api/notes/{plants['id']}")

    assert ask(api, "What does the light reaction produce?")["status"] == "not_found"


def test_without_the_cache_every_answer_is_computed(
    api: ApiClient, plants: dict[str, Any], settings: Any
) -> None:
    settings.ENABLE_REDIS_CACHE = False

    answers = [ask(api, "What does the light reaction produce?") for _ in range(2)]

    assert [answer["cached"] for answer in answers] == [False, False]
    assert answers[0] == answers[1]


def test_a_stranger_can_neither_ask_a_note_nor_find_it(
    stranger_api: ApiClient, plants: dict[str, Any]
) -> None:
    body = {"question": "What does the light reaction produce?", "note_id": plants["id"]}

    assert stranger_api.post("/api/notes/ai-qa", body).status_code == 404
    assert ask(stranger_api, body["question"])["status"] == "not_found"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"question": ""},
        {"question": "  \n "},
        {"question": "x" * 1001},
        {"question": "x", "top_k": 0},
        {"question": "x", "top_k": 21},
        {"question": "x", "note_id": "not-a-uuid"},
        {"question": "nul \x00 byte"},
        {"question": ["a", "list"]},
    ],
)
def test_a_bad_question_is_a_clear_400(api: ApiClient, body: dict[str, Any]) -> None:
    response = api.post("/api/notes/ai-qa", body)

    assert response.status_code == 400
    assert response.json()["code"] == "invalid"


def test_the_21st_question_within_a_minute_is_refused_and_admitted_later(
    api: ApiClient, stranger_api: ApiClient, plants: dict[str, Any]
) -> None:
    answers = [api.post("/api/notes/ai-qa", QUESTION) for _ in range(21)]

    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    refused = answers[-1]
    assert refused.json()["code"] == "ratelimited"
    assert 59 <= int(refused["Retry-After"]) <= 60
    assert refused["RateLimit-Limit"] == "20"
    assert refused["RateLimit-Remaining"] == "0"
    assert answers[0]["RateLimit-Remaining"] == "19"
    assert stranger_api.post("/api/notes/ai-qa", QUESTION).status_code == 200

    age_calls(f"limit:ai_qa:{api.user.pk}", seconds=int(refused["Retry-After"]))
    assert api.post("/api/notes/ai-qa", QUESTION).status_code == 200


def age_calls(key: str, *, seconds: int) -> None:
    """Move the admitted calls into the past, which is moving the clock forward."""
    client = get_redis_connection("default")
    calls = client.zrange(key, 0, -1, withscores=True)
    client.zadd(key, {member: score - seconds * 1_000_000 for member, score in calls})


def test_reading_notes_is_not_limited(api: ApiClient, plants: dict[str, Any]) -> None:
    began = time.monotonic()

    assert {api.get("/api/notes").status_code for _ in range(40)} == {200}
    assert time.monotonic() - began < 60
    assert Note.objects.count() == 1
