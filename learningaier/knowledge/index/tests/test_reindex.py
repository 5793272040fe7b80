"""`manage.py reindex`, and the check that makes it necessary."""

import io
from collections.abc import Callable

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import TestCase

from conftest import ApiClient
from learningaier.ai.tests.servers import ModelServer, Reply
from learningaier.knowledge.index import reindexing
from learningaier.knowledge.index.tests.pinecone_server import PineconeServer
from learningaier.knowledge.models import Chunk, Embedding, VectorState

OLD = "wordllama-l2-supercat-256"
NEW = "openai:test-embedder:8"


@pytest.fixture
def notes(api: ApiClient) -> None:
    for number in range(5):
        text = "\n\n".join(f"# Part {part}\n\nNote {number} says {part}." for part in range(3))
        api.post("/api/notes", {"title": f"Note {number}", "content": text})


def count(embedder: str) -> int:
    return Embedding.objects.filter(embedder=embedder).count()


def found_errors() -> list[str]:
    return [str(error.id) for error in run_checks(databases=["default"]) if error.id]


def run(*options: str) -> str:
    out = io.StringIO()
    with TestCase.captureOnCommitCallbacks(execute=True):
        call_command("reindex", "--quiet", *options, stdout=out)
    return out.getvalue()


def test_another_embedder_than_the_vectors_is_an_error_at_the_start(
    notes: None, openai_embedder: ModelServer
) -> None:
    assert found_errors() == ["knowledge.E001"]

    run()

    assert found_errors() == []


def test_the_embedder_of_the_vectors_is_no_error(notes: None) -> None:
    assert found_errors() == []
    assert VectorState.objects.get().embedder == OLD


def test_an_empty_database_is_no_error(db: None, openai_embedder: ModelServer) -> None:
    assert found_errors() == []


def test_every_chunk_gets_a_vector_beside_the_old_one(
    notes: None, openai_embedder: ModelServer
) -> None:
    chunks = Chunk.objects.count()

    assert NEW in run()

    assert (count(OLD), count(NEW)) == (chunks, chunks)
    state = VectorState.objects.get()
    assert (state.embedder, state.dimensions) == (NEW, 8)


def test_prune_deletes_the_old_ones_only(notes: None, openai_embedder: ModelServer) -> None:
    run("--prune")

    assert count(OLD) == 0
    assert count(NEW) == Chunk.objects.count()


def test_a_run_that_was_stopped_goes_on_where_it_was(
    notes: None, openai_embedder: ModelServer
) -> None:
    batches = reindexing.embed_missing(NEW, size=4)
    next(batches)
    next(batches)
    batches.close()
    embedded = sum(len(call["input"]) for call in openai_embedder.calls)
    assert count(NEW) == embedded == 8
    assert VectorState.objects.get().embedder == OLD  # the old vectors serve

    run()

    embedded = sum(len(call["input"]) for call in openai_embedder.calls)
    assert embedded == Chunk.objects.count() == count(NEW)


def test_what_is_written_meanwhile_is_taken_along(
    notes: None, api: ApiClient, openai_embedder: ModelServer
) -> None:
    batches = reindexing.embed_missing(NEW)
    list(batches)
    api.post("/api/notes", {"title": "Late", "content": "Late words."})
    Embedding.objects.filter(chunk__material__title="Late").update(embedder=OLD)

    assert reindexing.switch(NEW) == 1
    run()

    assert reindexing.chunks_without(NEW).count() == 0


def test_an_embedder_that_stays_down_ends_the_run_with_a_sentence(
    notes: None, openai_embedder: ModelServer
) -> None:
    openai_embedder.script = [Reply(status=401)]

    with pytest.raises(CommandError, match="Run this again"):
        run("--tries", "0")

    assert VectorState.objects.get().embedder == OLD


def test_progress_is_told(notes: None, openai_embedder: ModelServer) -> None:
    err = io.StringIO()

    call_command("reindex", stdout=io.StringIO(), stderr=err)

    assert "15 of 15 chunks" in err.getvalue()


def test_vectors_move_to_pinecone_while_postgresql_serves(
    notes: None, pinecone: PineconeServer, run_jobs: Callable[[], int], api: ApiClient
) -> None:
    assert found_errors() == ["knowledge.E001"]
    run("--prune")
    run_jobs()

    [space] = pinecone.namespaces.values()
    assert len(space) == Chunk.objects.count()
    assert found_errors() == []
    assert api.get("/api/search?q=note 3 says").json()[0]["title"] == "Note 3"


def test_an_index_of_another_length_is_an_error_at_the_start(
    notes: None, pinecone: PineconeServer
) -> None:
    run()
    pinecone.dimensions = 1536

    assert found_errors() == ["knowledge.E002"]
