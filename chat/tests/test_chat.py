"""Conversations: start, ask, read, delete."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from chat.models import Conversation, Message
from conftest import ApiClient
from learningaier.accounts.models import User
from learningaier.ai.tests.servers import ModelServer

PLANTS = "The light reaction produces ATP and NADPH. The Calvin cycle fixes carbon dioxide."
HISTORY = "Napoleon was crowned emperor in Notre-Dame in December 1804."
QUESTION = "What does the light reaction produce?"


@pytest.fixture(autouse=True)
def many_calls(settings: Any) -> None:
    """No test about something else meets the limit."""
    settings.RATE_LIMIT_RAG_CHAT = 1000


@pytest.fixture
def plants(api: ApiClient) -> dict[str, Any]:
    note = {"title": "Plants", "content": PLANTS, "folder": "Biology", "tags": ["exam"]}
    return api.post("/api/notes", note).json()


@pytest.fixture
def history(api: ApiClient) -> dict[str, Any]:
    return api.post("/api/notes", {"title": "France", "content": HISTORY}).json()


def start(client: ApiClient, **fields: Any) -> str:
    response = client.post("/api/chat/start", fields)
    assert response.status_code == 200, response.content
    return response.json()["conversation_id"]


def ask(client: ApiClient, conversation: str, message: str = QUESTION) -> dict[str, Any]:
    response = client.post(f"/api/chat/{conversation}/message", {"message": message})
    assert response.status_code == 200, response.content
    return response.json()


def read(client: ApiClient, conversation: str) -> dict[str, Any]:
    return client.get(f"/api/chat/{conversation}").json()


def test_a_question_gets_a_cited_answer(api: ApiClient, plants: dict[str, Any]) -> None:
    answer = ask(api, start(api))

    assert (answer["status"], answer["degraded"]) == ("answered", False)
    source = answer["sources"][0]
    assert source["note_id"] == plants["id"]
    assert PLANTS[source["start"] : source["end"]] == source["quote"]
    assert "ATP and NADPH" in answer["answer"]


def test_what_the_library_does_not_hold_is_not_found(
    api: ApiClient, plants: dict[str, Any]
) -> None:
    answer = ask(api, start(api), "Who won the 1998 football world cup?")

    assert (answer["status"], answer["sources"]) == ("not_found", [])
    assert answer["answer"] == "This is not in your notes."


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        ({"type": "all", "ids": []}, "answered"),
        ({"type": "folder", "ids": ["Biology"]}, "answered"),
        ({"type": "folder", "ids": ["History", "Biology"]}, "answered"),
        ({"type": "folder", "ids": ["History"]}, "not_found"),
        ({"type": "tag", "ids": ["exam"]}, "answered"),
        ({"type": "tag", "ids": ["fun"]}, "not_found"),
    ],
)
def test_only_the_scope_is_searched(
    api: ApiClient, plants: dict[str, Any], scope: dict[str, Any], status: str
) -> None:
    assert ask(api, start(api, scope=scope))["status"] == status


def test_a_conversation_about_one_note_knows_no_other(
    api: ApiClient, plants: dict[str, Any], history: dict[str, Any]
) -> None:
    conversation = start(api, scope={"type": "doc", "ids": [history["id"]]})

    assert ask(api, conversation)["status"] == "not_found"
    assert ask(api, conversation, "When was Napoleon crowned?")["status"] == "answered"


@pytest.mark.parametrize(
    "scope",
    [
        {"type": "doc", "ids": []},
        {"type": "folder", "ids": []},
        {"type": "planet", "ids": ["x"]},
        {"type": "doc", "ids": ["no uuid"]},
        {"type": "doc", "ids": "x"},
        {"type": "folder", "ids": ["x" * 101]},
        {"type": "folder", "ids": ["x"] * 101},
        {"type": "folder", "ids": ["\x00"]},
        {"type": "folder", "ids": [{}]},
        "all",
        7,
    ],
)
def test_a_scope_that_makes_no_sense_is_400(api: ApiClient, scope: Any) -> None:
    response = api.post("/api/chat/start", {"scope": scope})

    assert response.status_code == 400
    assert "scope" in response.json()["errors"]


def test_a_note_that_is_not_there_or_not_the_callers_is_404(
    api: ApiClient, stranger_api: ApiClient, plants: dict[str, Any]
) -> None:
    for client, pk in [(api, str(uuid.uuid4())), (stranger_api, plants["id"])]:
        response = client.post("/api/chat/start", {"scope": {"type": "doc", "ids": [pk]}})
        assert response.status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"message": ""}, 400),
        ({"message": " \n\t "}, 400),
        ({"message": "x" * 5001}, 400),
        ({"message": "a\x00b"}, 400),
        ({"message": ["x"]}, 400),
        ({"message": None}, 400),
        ({}, 400),
        ([], 400),
        ("no object", 400),
        ({"message": "x" * 3_000_000}, 413),
    ],
)
@pytest.mark.parametrize("way", ["message", "stream"])
def test_a_message_that_makes_no_sense_is_refused_and_stores_nothing(
    api: ApiClient, body: Any, status: int, way: str
) -> None:
    response = api.post(f"/api/chat/{start(api)}/{way}", body)

    assert response.status_code == status
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"message": "\\ud800"}', "application/json", 400),
        (b'{"message": ', "application/json", 400),
        (b"message=x", "application/x-www-form-urlencoded", 415),
    ],
)
@pytest.mark.parametrize("way", ["message", "stream"])
def test_what_is_no_json_is_refused(
    api: ApiClient, body: bytes, kind: str, status: int, way: str
) -> None:
    response = api.post(f"/api/chat/{start(api)}/{way}", body, content_type=kind)

    assert response.status_code == status


def test_five_thousand_characters_and_control_characters_are_served(
    api: ApiClient, plants: dict[str, Any]
) -> None:
    assert ask(api, start(api), "é" * 5000)["status"] == "not_found"
    assert ask(api, start(api), f"\x07{QUESTION}\x1b")["status"] == "answered"


def test_the_title_is_made_from_the_first_question(api: ApiClient) -> None:
    conversation = start(api)
    long = "What does   the light reaction produce, where does it take place, and when does it?"
    ask(api, conversation, long)
    ask(api, conversation, "And why?")

    assert (
        read(api, conversation)["title"]
        == "What does the light reaction produce, where does it take…"
    )
    named = start(api, title="Mine")
    ask(api, named)
    assert read(api, named)["title"] == "Mine"


def test_a_conversation_is_called_after_its_scope_until_its_first_question(
    api: ApiClient, plants: dict[str, Any], history: dict[str, Any]
) -> None:
    scopes = [
        ({"type": "all"}, "Chat - all"),
        ({"type": "doc", "ids": [plants["id"]]}, "Chat - doc (1 item)"),
        ({"type": "doc", "ids": [plants["id"], history["id"]]}, "Chat - doc (2 items)"),
        ({"type": "folder", "ids": ["Biology"]}, "Chat - folder (1 item)"),
    ]
    for scope, title in scopes:
        conversation = start(api, scope=scope, title=None)
        assert read(api, conversation)["title"] == title
        assert api.get("/api/chat/conversations").json()[0]["title"] == title
        ask(api, conversation)
        assert read(api, conversation)["title"] == QUESTION


def test_the_history_shows_messages_in_order_with_their_sources(
    api: ApiClient, plants: dict[str, Any]
) -> None:
    conversation = start(api)
    answers = [ask(api, conversation), ask(api, conversation, "What does the Calvin cycle fix?")]

    messages = read(api, conversation)["messages"]

    assert [message["role"] for message in messages] == ["user", "assistant"] * 2
    assert messages[0]["content"] == QUESTION
    assert messages[0]["sources"] == []
    for answer, message in zip(answers, messages[1::2], strict=True):
        assert message["content"] == answer["answer"]
        assert message["id"] == answer["message_id"]
        kept = [{**source, "is_available": True} for source in answer["sources"]]
        assert message["sources"] == kept


def test_a_source_whose_note_is_gone_says_so_and_stays(
    api: ApiClient, plants: dict[str, Any], history: dict[str, Any]
) -> None:
    conversation = start(api)
    quote = ask(api, conversation)["sources"][0]["quote"]
    ask(api, conversation, "When was Napoleon crowned emperor?")
    api.delete(f"/api/notes/{plants['id']}")

    messages = read(api, conversation)["messages"]

    assert messages[1]["sources"][0]["quote"] == quote
    assert [message["sources"][0]["is_available"] for message in messages[1::2]] == [False, True]


def test_a_follow_up_is_resolved_with_the_conversation(api: ApiClient) -> None:
    text = "Brazil won the World Cup in 1994. France won the World Cup in 1998."
    api.post("/api/notes", {"title": "Football", "content": text})
    conversation = start(api)
    ask(api, conversation, "Who won the World Cup in 1994?")

    answer = ask(api, conversation, "and in 1998?")

    assert answer["sources"][0]["quote"] == "France won the World Cup in 1998."


def test_the_model_is_given_the_conversation_and_the_question_is_never_cut(
    api: ApiClient, plants: dict[str, Any], openai_model: ModelServer
) -> None:
    conversation = start(api)
    ask(api, conversation, "What is ATP? " + "x" * 4900)
    ask(api, conversation, "What is the light reaction? " + "z" * 2500)
    ask(api, conversation, "y" * 4990)

    prompts = [call["messages"][1]["content"] for call in openai_model.calls]

    assert "What is the light reaction?" in prompts[-1]
    assert "y" * 4990 in prompts[-1]
    assert "What is ATP?" in prompts[1]
    assert "What is ATP?" not in prompts[-1]  # the oldest goes first


def test_two_messages_at_once_are_409_for_the_second(
    api: ApiClient, owner: User, plants: dict[str, Any]
) -> None:
    conversation = start(api)
    row = Conversation.objects.get(pk=conversation)
    until = timezone.now() + timedelta(seconds=60)
    Conversation.objects.filter(pk=row.pk).claim(until)

    response = api.post(f"/api/chat/{conversation}/message", {"message": QUESTION})

    assert response.status_code == 409
    assert not row.messages.exists()


def test_the_list_counts_messages_and_shows_only_ones_own(
    api: ApiClient, stranger_api: ApiClient, django_assert_max_num_queries: Any
) -> None:
    first, second = start(api), start(api, scope={"type": "folder", "ids": ["Biology"]})
    ask(api, first)
    with django_assert_max_num_queries(3):
        response = api.get("/api/chat/conversations?limit=1")

    [row] = response.json()
    assert (row["id"], row["message_count"]) == (second, 0)
    assert row["scope"] == {"type": "folder", "ids": ["Biology"]}
    assert response["X-Total-Count"] == "2"
    [older] = api.get(response["Link"].split(">")[0][1:]).json()
    assert (older["id"], older["message_count"]) == (first, 2)
    assert stranger_api.get("/api/chat/conversations").json() == []


def test_a_deleted_conversation_is_gone_with_its_messages(api: ApiClient) -> None:
    conversation = start(api)
    ask(api, conversation)

    assert api.delete(f"/api/chat/{conversation}").status_code == 200
    assert api.get(f"/api/chat/{conversation}").status_code == 404
    assert not Message.objects.exists()


def test_the_limit_counts_all_ways_to_ask_together(api: ApiClient, settings: Any) -> None:
    settings.RATE_LIMIT_RAG_CHAT = 3
    conversation = start(api)
    ask(api, conversation)
    ask(api, conversation)

    refused = api.post(f"/api/chat/{conversation}/stream", {"message": QUESTION})

    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert api.get(f"/api/chat/{conversation}").status_code == 200


def test_over_the_budget_the_answer_is_429_and_the_question_is_kept(
    api: ApiClient, plants: dict[str, Any], openai_model: ModelServer, settings: Any
) -> None:
    settings.AI_DAILY_TOKEN_BUDGET = 10
    conversation = start(api)

    response = api.post(f"/api/chat/{conversation}/message", {"message": QUESTION})

    assert (response.status_code, response.json()["code"]) == (429, "budget_spent")
    question, answer = read(api, conversation)["messages"]
    assert (question["content"], answer["status"]) == (QUESTION, "failed")
