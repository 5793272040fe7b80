"""Conversations in the admin: that they work, not what they say."""

from typing import Any

import pytest
from django.test import Client

from conftest import ApiClient
from learningaier.accounts.models import User
from learningaier.ai.models import TokenUsage

SECRET = "Where is my secret diary?"


@pytest.fixture
def operator(db: None) -> Client:
    client = Client()
    client.force_login(
        User.objects.create_superuser("operator", "o@example.org", "a long password")
    )
    return client


@pytest.fixture
def message(api: ApiClient) -> dict[str, Any]:
    conversation = api.post("/api/chat/start", {}).json()["conversation_id"]
    answer = api.post(f"/api/chat/{conversation}/message", {"message": SECRET}).json()
    return {"conversation": conversation, "message": answer["message_id"]}


@pytest.mark.parametrize("kind", ["conversation", "message"])
def test_an_operator_sees_rows_without_what_was_said(
    operator: Client, message: dict[str, Any], kind: str
) -> None:
    listed = operator.get(f"/admin/chat/{kind}/?q={message[kind]}")
    shown = operator.get(f"/admin/chat/{kind}/{message[kind]}/change/")

    assert (listed.status_code, shown.status_code) == (200, 200)
    assert message[kind] in listed.content.decode()
    assert SECRET not in listed.content.decode() + shown.content.decode()


def test_the_operator_sees_what_models_have_cost(operator: Client, owner: User) -> None:
    TokenUsage.objects.create(owner=owner, day="2026-11-24", model="openai:m", prompt=321)

    page = operator.get("/admin/ai/tokenusage/").content.decode()

    assert "openai:m" in page
    assert "321" in page


@pytest.mark.parametrize("name", ["pendingvector", "vectorstate", "embedding", "chunk"])
def test_the_pages_of_the_index_open(operator: Client, api: ApiClient, name: str) -> None:
    api.post("/api/notes", {"title": "T", "content": "The cell divides."})

    assert operator.get(f"/admin/knowledge/{name}/").status_code == 200
