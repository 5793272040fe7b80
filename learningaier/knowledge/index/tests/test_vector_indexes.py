"""One contract, two indexes: PostgreSQL, and Pinecone through its real SDK."""

import time
import uuid
from collections.abc import Callable
from contextlib import closing
from typing import Any

import numpy as np
import pytest
from django.db import transaction

from conftest import ApiClient
from learningaier.accounts.models import User
from learningaier.knowledge.index.backend import get_vector_index
from learningaier.knowledge.index.jobs import deliver_vectors
from learningaier.knowledge.index.pinecone import SEARCH_SECONDS, PineconeVectors
from learningaier.knowledge.index.source import SourceText
from learningaier.knowledge.index.tests.pinecone_server import PineconeServer
from learningaier.knowledge.index.vectors import VectorIndex, VectorIndexError
from learningaier.knowledge.index.writer import index_text, remove_text
from learningaier.knowledge.models import Chunk, Embedding, PendingVector

EMBEDDER = "test-embedder"
DIMENSIONS = 256
Learn = Callable[..., dict[int, Any]]


@pytest.fixture(params=["postgres", "pinecone"])
def index(request: Any, db: None) -> VectorIndex:
    if request.param == "pinecone":
        request.getfixturevalue("pinecone")
    return get_vector_index()


def axis(number: int) -> Any:
    """A vector of length 1 that is at right angles to those of other numbers."""
    vector = np.zeros(DIMENSIONS, np.float32)
    vector[number % DIMENSIONS] = 1.0
    return vector


def write_chunks(owner: User, count: int, material: uuid.UUID | None = None) -> list[int]:
    """Chunks without vectors of their own, of one material."""
    pk = material or uuid.uuid4()
    text = SourceText(pk, owner.pk, "note", "T", "", note_id=pk)
    index_text(text)
    fields: dict[str, Any] = {
        "owner": owner,
        "material_id": pk,
        "start": 0,
        "body_start": 0,
        "end": 1,
    }
    fields |= {"term_count": 1, "text": "x", "packed_sentences": b"", "digest": b"x"}
    rows = [Chunk(position=place, **fields) for place in range(count)]
    return [chunk.pk for chunk in Chunk.objects.bulk_create(rows)]


@pytest.fixture
def add(index: VectorIndex, run_jobs: Callable[[], int]) -> Callable[..., None]:
    """Add vectors and let what is to be sent be sent."""

    def through(owner: User, vectors: dict[int, Any], embedder: str = EMBEDDER) -> None:
        index.add(owner.pk, embedder, vectors)
        deliver(owner)

    return through


def deliver(owner: User) -> None:
    """What the worker does."""
    deliver_vectors(str(owner.pk))


def test_the_nearest_are_found_with_their_cosine(
    index: VectorIndex, owner: User, add: Callable[..., None]
) -> None:
    first, second, third = write_chunks(owner, 3)
    add(owner, {first: axis(1), second: (axis(1) + axis(2)) / np.sqrt(2), third: axis(3)})

    found = index.find(owner.pk, EMBEDDER, axis(1), limit=2)

    assert found == pytest.approx({first: 1.0, second: 0.7071}, abs=1e-3)


def test_an_empty_library_finds_nothing(index: VectorIndex, owner: User) -> None:
    assert index.find(owner.pk, EMBEDDER, axis(1), limit=5) == {}


def test_no_owner_meets_anothers(
    index: VectorIndex, owner: User, stranger: User, add: Callable[..., None]
) -> None:
    [mine], [theirs] = write_chunks(owner, 1), write_chunks(stranger, 1)
    add(owner, {mine: axis(1)})
    add(stranger, {theirs: axis(1)})

    assert index.find(owner.pk, EMBEDDER, axis(1), limit=5).keys() == {mine}
    assert index.find(stranger.pk, EMBEDDER, axis(1), limit=5).keys() == {theirs}


@pytest.mark.parametrize("wide", [0, 1200])
def test_only_the_materials_of_the_scope_count(
    index: VectorIndex, owner: User, add: Callable[..., None], wide: int
) -> None:
    here, there = uuid.uuid4(), uuid.uuid4()
    [first], [second] = write_chunks(owner, 1, here), write_chunks(owner, 1, there)
    add(owner, {first: axis(1), second: axis(1)})
    more = [uuid.uuid4() for _ in range(wide)]

    def find(*materials: uuid.UUID) -> set[int]:
        scope = [*materials, *more]
        return set(index.find(owner.pk, EMBEDDER, axis(1), limit=5, material_ids=scope))

    assert find(here) == {first}
    assert find(here, there) == {first, second}
    assert find() == set()


def test_the_limit_holds(index: VectorIndex, owner: User, add: Callable[..., None]) -> None:
    chunks = write_chunks(owner, 20)
    add(owner, {pk: axis(1) for pk in chunks})

    assert len(index.find(owner.pk, EMBEDDER, axis(1), limit=7)) == 7


def test_a_vector_that_comes_again_replaces_the_old_one(
    index: VectorIndex, owner: User, add: Callable[..., None]
) -> None:
    [chunk] = write_chunks(owner, 1)
    add(owner, {chunk: axis(1)})
    add(owner, {chunk: axis(2)})

    found = index.find(owner.pk, EMBEDDER, axis(2), limit=5)

    assert found == pytest.approx({chunk: 1.0}, abs=1e-3)
    assert Embedding.objects.filter(chunk=chunk).count() == 1


def test_vectors_of_two_embedders_never_mix(
    index: VectorIndex, owner: User, add: Callable[..., None]
) -> None:
    first, second = write_chunks(owner, 2)
    add(owner, {first: axis(1)})
    add(owner, {first: axis(5), second: axis(1)}, "another-embedder")

    assert index.find(owner.pk, EMBEDDER, axis(1), limit=5).keys() == {first}
    found = index.find(owner.pk, "another-embedder", axis(1), limit=1)
    assert found.keys() == {second}


def test_more_than_a_thousand_go_in_batches(
    index: VectorIndex, owner: User, add: Callable[..., None]
) -> None:
    chunks = write_chunks(owner, 1100)
    add(owner, {pk: axis(place) for place, pk in enumerate(chunks)})

    found = index.find(owner.pk, EMBEDDER, axis(1099), limit=50)

    assert {pk for pk, cosine in found.items() if cosine > 0.9} == {
        pk for place, pk in enumerate(chunks) if place % DIMENSIONS == 1099 % DIMENSIONS
    }
    assert not PendingVector.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_never_was(index: VectorIndex) -> None:
    owner = User.objects.create_user("owner", "owner@example.org", "a long password")
    [chunk] = write_chunks(owner, 1)

    def give_up() -> None:
        with transaction.atomic():
            index.add(owner.pk, EMBEDDER, {chunk: axis(1)})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        give_up()
    deliver(owner)

    assert index.find(owner.pk, EMBEDDER, axis(1), limit=5) == {}


def test_a_text_that_goes_takes_its_vectors_along(
    index: VectorIndex, owner: User, add: Callable[..., None]
) -> None:
    material = uuid.uuid4()
    [chunk] = write_chunks(owner, 1, material)
    [other] = write_chunks(owner, 1)
    add(owner, {chunk: axis(1), other: axis(2)})

    remove_text(material_id=material)
    deliver(owner)

    assert index.find(owner.pk, EMBEDDER, axis(1), limit=5).keys() == {other}
    assert not PendingVector.objects.exists()


def test_an_account_that_goes_takes_its_vectors_along(
    index: VectorIndex, owner: User, add: Callable[..., None]
) -> None:
    pk, chunks = owner.pk, write_chunks(owner, 3)
    add(owner, {chunk: axis(1) for chunk in chunks})

    owner.delete()
    deliver(User(pk=pk))

    assert index.find(pk, EMBEDDER, axis(1), limit=5) == {}
    assert not PendingVector.objects.exists()


def test_notes_are_written_found_and_forgotten_through_http(
    index: VectorIndex, api: ApiClient, run_jobs: Callable[[], int]
) -> None:
    note = {"title": "Cell", "content": "The mitochondrion makes ATP."}
    pk = api.post("/api/notes", note).json()["id"]
    run_jobs()
    assert [hit["note_id"] for hit in api.get("/api/search?q=power plant").json()] == [pk]

    api.delete(f"/api/notes/{pk}")
    run_jobs()

    assert api.get("/api/search?q=power plant").json() == []


# What is Pinecone's alone.


def test_an_upsert_that_is_overtaken_by_the_deletion_leaves_nothing(
    pinecone: PineconeServer, owner: User
) -> None:
    [chunk] = write_chunks(owner, 1)
    get_vector_index().add(owner.pk, EMBEDDER, {chunk: axis(1)})
    Chunk.objects.all().delete()

    deliver(owner)

    assert not pinecone.namespaces.get(str(owner.pk))
    assert not PendingVector.objects.exists()


def test_a_deletion_that_is_not_seen_yet_is_looked_at_again(
    pinecone: PineconeServer, owner: User
) -> None:
    [chunk] = write_chunks(owner, 1)
    get_vector_index().add(owner.pk, EMBEDDER, {chunk: axis(1)})
    deliver(owner)
    Chunk.objects.all().delete()
    pinecone.hides_deletions = 1

    deliver(owner)
    assert PendingVector.objects.count() == 1
    deliver(owner)

    assert not PendingVector.objects.exists()


@pytest.mark.parametrize("status", [503, 400])
def test_what_is_not_taken_is_sent_later(
    pinecone: PineconeServer, owner: User, status: int
) -> None:
    [chunk] = write_chunks(owner, 1)
    get_vector_index().add(owner.pk, EMBEDDER, {chunk: axis(1)})
    pinecone.fails = status
    with pytest.raises(VectorIndexError):
        deliver(owner)
    assert PendingVector.objects.count() == 1

    pinecone.fails = None
    deliver(owner)

    assert get_vector_index().find(owner.pk, EMBEDDER, axis(1), limit=1).keys() == {chunk}
    assert not PendingVector.objects.exists()


def test_the_namespace_of_an_erased_account_is_gone(pinecone: PineconeServer, owner: User) -> None:
    pk, chunks = owner.pk, write_chunks(owner, 2)
    get_vector_index().add(pk, EMBEDDER, {chunk: axis(1) for chunk in chunks})
    deliver(owner)

    owner.delete()
    deliver(User(pk=pk))

    assert str(pk) not in pinecone.namespaces


def test_while_pinecone_is_down_keywords_answer_alone_and_nothing_is_cached(
    pinecone: PineconeServer, api: ApiClient, run_jobs: Callable[[], int]
) -> None:
    note = {"title": "Cell", "content": "The mitochondrion makes ATP."}
    api.post("/api/notes", note)
    run_jobs()
    pinecone.fails = 403
    question = {"question": "What does the mitochondrion make?"}

    answers = [api.post("/api/notes/ai-qa", question).json() for _ in range(8)]

    assert {answer["status"] for answer in answers} == {"answered"}
    assert {(answer["degraded"], answer["cached"]) for answer in answers} == {(True, False)}
    asked = [path for _, path in pinecone.calls if path == "/query"]
    assert len(asked) == 5  # then the breaker is open


def test_a_wrong_key_is_an_error_of_ours(pinecone: PineconeServer) -> None:
    with (
        closing(PineconeVectors(host=pinecone.url, key="wrong")) as index,
        pytest.raises(VectorIndexError, match="Unauthorized"),
    ):
        index.find(uuid.uuid4(), EMBEDDER, axis(1), limit=1)


def test_a_search_ends_in_time_whatever_the_sdk_waits_for(pinecone: PineconeServer) -> None:
    pinecone.pause = 10
    began = time.monotonic()

    with pytest.raises(VectorIndexError):
        get_vector_index().find(uuid.uuid4(), EMBEDDER, axis(1), limit=1)

    assert time.monotonic() - began < SEARCH_SECONDS + 1
