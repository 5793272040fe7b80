"""What an account holds, and what it has cost today."""

from django.apps import apps
from django.db.models import CharField, Count, Value

from learningaier.accounts.models import User
from learningaier.ai.budget import count_tokens
from learningaier.core.ownership import OwnedModel


def count_usage(user: User) -> dict[str, int]:
    """How many rows of each kind belong to the user, by the kind's plural name; one query for all.

    `tokens_today`: what models have read and written for the user since midnight, UTC.
    """
    kinds = {
        f"{model.__name__.lower()}s": model
        for model in apps.get_models()
        if issubclass(model, OwnedModel)
    }
    first, *others = [
        model._default_manager.filter(owner=user)
        .order_by()
        .values(usage_of=Value(name, CharField()))
        .annotate(usage=Count("pk"))
        for name, model in kinds.items()
    ]
    counted = {row["usage_of"]: row["usage"] for row in first.union(*others, all=True)}
    return {
        **{name: counted.get(name, 0) for name in kinds},
        "tokens_today": count_tokens(user.pk),
    }
