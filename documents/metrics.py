"""The documents' figures for the operator: how many are in which state."""

import time
from collections.abc import Iterable

from django.db import DatabaseError
from django.db.models import Count
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from documents.models import Document

KEEP_SECONDS = 15.0  # counting a million documents takes 0.15 s


class DocumentCollector:
    """How many documents there are of each status; states without any are 0."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._counted_at = float("-inf")

    def collect(self) -> Iterable[Metric]:
        """Count them, or say what was counted just before."""
        family = GaugeMetricFamily(
            "learningaier_documents", "Documents by status.", labels=["status"]
        )
        try:
            counts = self._count()
        except DatabaseError:
            return []
        for status in Document.Status.values:
            family.add_metric([status], counts.get(status, 0))
        return [family]

    def _count(self) -> dict[str, int]:
        if time.monotonic() - self._counted_at > KEEP_SECONDS:
            rows = Document.objects.order_by().values_list("status")
            self._counts = dict(rows.annotate(Count("pk")))
            self._counted_at = time.monotonic()
        return self._counts
