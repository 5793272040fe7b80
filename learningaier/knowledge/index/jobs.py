"""Work on the index of vectors that a request does not wait for."""

from uuid import UUID

from learningaier.cache import keys
from learningaier.cache.locks import RenewedLock
from learningaier.jobs.queues import enqueue, enqueue_after_commit
from learningaier.knowledge.index.backend import get_vector_index
from learningaier.knowledge.index.delivery import deliver_batch, owners_in_wait
from learningaier.knowledge.index.vectors import RemoteVectorIndex


def deliver_vectors(owner_id: str) -> None:
    """Send a remote index what waits for an owner; one job an owner does so at a time."""
    lock = RenewedLock(keys.lock(f"vectors:{owner_id}"))
    if lock.acquire():
        with lock:
            while deliver_batch(UUID(owner_id)):
                pass


def enqueue_delivery(owner_id: UUID) -> None:
    """Have what was added to a remote index sent after the commit; PostgreSQL's needs nothing."""
    if isinstance(get_vector_index(), RemoteVectorIndex):
        enqueue_after_commit(deliver_vectors, str(owner_id))


def enqueue_waiting_vectors() -> int:
    """Give vectors whose job got lost, or failed, to the queue again. Returns: how many owners."""
    return sum(enqueue(deliver_vectors, str(owner_id)) for owner_id in owners_in_wait())
