"""What the domains' views have in common."""

from typing import Any, Generic, TypeVar

from django.db import models
from rest_framework.generics import GenericAPIView

from learningaier.core.ownership import OwnedQuerySet

Row = TypeVar("Row", bound=models.Model)


class OwnedView(GenericAPIView[Row], Generic[Row]):
    """A view over the caller's own rows: anyone else's answer 404, like rows that don't exist."""

    def get_queryset(self) -> Any:
        """The view's rows that belong to the caller."""
        queryset = super().get_queryset()
        assert isinstance(queryset, OwnedQuerySet)
        return queryset.owned_by(self.request.user)
