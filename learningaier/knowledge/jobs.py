"""Work on the index of vectors that a request does not wait for."""

from uuid import UUID

from learningaier.cache import keys
from learningaier.cache.flight import Flight
from learningaier.jobs.queues import enqueue


def deliver_vectors(owner_id: str) -> None:
    """Send Pinecone what waits for an owner; if somebody else does so already, that is enough."""
    from learningaier.knowledge.index.delivery import (  # noqa: PLC0415  loads Pinecone's SDK
        deliver_batch,
    )

    flight = Flight(keys.lock(f"vectors:{owner_id}"))
    if flight.take():
        with flight:
            while deliver_batch(UUID(owner_id)):
                pass


def enqueue_waiting_vectors() -> int:
    """Give vectors whose job got lost, or failed, to the queue again. Returns: how many owners."""
    from learningaier.knowledge.index.delivery import owners_in_wait  # noqa: PLC0415  likewise

    return sum(enqueue(deliver_vectors, str(owner_id)) for owner_id in owners_in_wait())
