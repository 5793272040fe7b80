"""What an account holds."""

from django.apps import apps

from learningaier.accounts.models import User
from learningaier.api.ownership import OwnedModel


def count_usage(user: User) -> dict[str, int]:
    """How many rows of each kind belong to the user, by the kind's plural name."""
    kinds = [model for model in apps.get_models() if issubclass(model, OwnedModel)]
    return {
        f"{kind.__name__.lower()}s": kind._default_manager.filter(owner=user).count()
        for kind in kinds
    }
