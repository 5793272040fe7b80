"""What an account holds, and what it has cost today."""

from django.apps import apps

from learningaier.accounts.models import User
from learningaier.ai.budget import count_tokens
from learningaier.core.ownership import OwnedModel


def count_usage(user: User) -> dict[str, int]:
    """How many rows of each kind belong to the user, by the kind's plural name.

    `tokens_today`: what models have read and written for the user since midnight, UTC.
    """
    kinds = [model for model in apps.get_models() if issubclass(model, OwnedModel)]
    rows = {
        f"{kind.__name__.lower()}s": kind._default_manager.filter(owner=user).count()
        for kind in kinds
    }
    return {**rows, "tokens_today": count_tokens(user.pk)}
