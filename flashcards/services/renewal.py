"""Figures that were computed from cards and reviews are old after a bulk write.

A row that is saved says so by itself (`analytics.signals`); rows written in bulk send no signal.
"""

from django.db import transaction

from learningaier.accounts.models import User
from learningaier.cache import keys
from learningaier.cache.invalidation import invalidate


def renew_figures(owner: User) -> None:
    """Make the owner's figures fresh now, and again once the transaction has committed."""
    version_key = keys.analytics_version(owner.pk)
    invalidate(version_key)
    transaction.on_commit(lambda: invalidate(version_key))
