"""Forgetting what has been kept for clients long enough."""

from django.utils import timezone

from learningaier.sync.models import ANSWER_AGE, TOMBSTONE_AGE, Change, KeptAnswer
from learningaier.sync.trash import purge_expired


def forget_expired() -> None:
    """Remove answers after a day, things in the trash after 30 days, tombstones after 90."""
    now = timezone.now()
    KeptAnswer.objects.filter(created_at__lt=now - ANSWER_AGE).delete()
    purge_expired()
    Change.objects.filter(deleted_at__lt=now - TOMBSTONE_AGE).delete()
