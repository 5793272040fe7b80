"""The one receiver module of the project: what a user's analytics stand on has changed.

A bulk operation (`queryset.update`, `bulk_create`) sends no signal: whoever uses one on these
models calls `invalidate_user_cache` by name.
"""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from analytics.services import invalidate_user_cache
from flashcards.models import Fact, Flashcard, Review, StudyChange
from learningaier.accounts.models import User
from notes.models import Note


@receiver([post_save, post_delete], sender=Review)
@receiver([post_save, post_delete], sender=Flashcard)
@receiver([post_save, post_delete], sender=Fact)
@receiver([post_save, post_delete], sender=StudyChange)
@receiver([post_save, post_delete], sender=Note)
def renew_after_change(instance: Review | Flashcard | Fact | StudyChange | Note, **_: Any) -> None:
    """What figures count was saved or deleted; every step that changes schedules is saved too."""
    invalidate_user_cache(instance.owner_id)


@receiver(post_save, sender=User)
def renew_after_profile_change(instance: User, **_: Any) -> None:
    """The days may begin elsewhere now: the profile holds the time zone."""
    invalidate_user_cache(instance.pk)
