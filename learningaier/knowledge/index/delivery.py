"""Bringing Pinecone up to what the database says: the last word on each vector, in order."""

from datetime import timedelta
from uuid import UUID

from django.contrib.auth import get_user_model
from django.utils import timezone

from learningaier.knowledge.index.backend import get_vector_index
from learningaier.knowledge.index.vectors import RemoteVectorIndex, vector_id
from learningaier.knowledge.models import PendingVector

BATCH = 500  # rows
PATIENCE = timedelta(seconds=10)  # rows that wait for longer have lost their job
MAX_OWNERS = 1000


def deliver_batch(owner_id: UUID) -> bool:
    """Send some of what waits for one owner; one caller at a time, else a deleted vector returns.

    Returns: whether to go on at once. Deletions that are not to be seen yet are looked at later.
    Raises: VectorIndexError; nothing is lost then, and what was sent is sent again.
    """
    index = get_vector_index()
    rows = list(PendingVector.objects.filter(owner_id=owner_id).order_by("id")[:BATCH])
    if not rows or not isinstance(index, RemoteVectorIndex):
        return False
    latest = {vector_id(row): row for row in rows}
    index.upsert(owner_id, [row for row in latest.values() if row.vector is not None])
    gone = [name for name, row in latest.items() if row.vector is None]
    left = index.forget(owner_id, gone) if gone else set()
    done = [row.pk for row in rows if vector_id(row) not in left]
    PendingVector.objects.filter(pk__in=done).delete()
    _forget_erased(index, owner_id)
    return not left


def owners_in_wait() -> list[UUID]:
    """The owners whose vectors have waited for too long."""
    lost = PendingVector.objects.filter(created_at__lt=timezone.now() - PATIENCE)
    return list(lost.values_list("owner_id", flat=True).distinct()[:MAX_OWNERS])


def _forget_erased(index: RemoteVectorIndex, owner_id: UUID) -> None:
    """The namespace of an account that is gone goes with its last vector."""
    is_settled = not PendingVector.objects.filter(owner_id=owner_id).exists()
    if is_settled and not get_user_model().objects.filter(pk=owner_id).exists():
        index.forget_owner(owner_id)
