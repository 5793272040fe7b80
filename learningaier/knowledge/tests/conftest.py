"""An answer in the cache, for the tests of the fast path."""

from typing import Any

import pytest
from django_redis import get_redis_connection

from conftest import ApiClient
from learningaier.accounts.tokens import issue_token
from learningaier.knowledge.tests.fast_path import CONTENT, PATH, QUESTION


@pytest.fixture
def note(api: ApiClient) -> dict[str, Any]:
    """A note whose answer, and whose owner's account, are in the cache."""
    note = api.post("/api/notes", {"title": "Plants", "content": CONTENT}).json()
    for body in ({"question": QUESTION}, {"question": QUESTION, "note_id": note["id"]}):
        for _ in range(2):
            assert api.post(PATH, body).status_code == 200
    get_redis_connection("default").delete(f"limit:ai_qa:{api.user.pk}")
    return note


@pytest.fixture
def token(api: ApiClient, note: dict[str, Any]) -> str:
    """The owner's token, with the cache warm."""
    return issue_token(api.user)
