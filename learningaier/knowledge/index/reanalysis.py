"""Bringing texts up to this version's analysis, some at a time, while what is there serves.

A text is read from whoever keeps it, so each app registers how its kind is indexed again
(`register_kind` in its `AppConfig.ready`). A text's chunks are replaced in one transaction: search
finds the old ones until it finds the new.
"""

import logging
import time
from collections.abc import Callable

from django.db import OperationalError

from learningaier.ai.embedders import EmbedderError
from learningaier.cache import keys
from learningaier.cache.locks import RenewedLock
from learningaier.jobs.queues import enqueue
from learningaier.knowledge.models import Material
from learningaier.knowledge.text.features import ANALYSIS_VERSION

logger = logging.getLogger(__name__)

PORTION_SECONDS = 5  # after which a job begins no other text, so that uploads have their turn

_kinds: dict[str, Callable[[Material], object]] = {}


def register_kind(kind: Material.Kind, index_again: Callable[[Material], object]) -> None:
    """Have texts of a kind analysed again. `index_again`: leaves a text that is gone."""
    _kinds[kind] = index_again


def count_outdated() -> int:
    """How many texts an older version has analysed."""
    return Material.objects.outdated().count()


def mark_outdated() -> int:
    """Have all texts analysed again. Returns: how many."""
    return Material.objects.update(analysis_version=0)


def reanalyse_texts(seconds: float = PORTION_SECONDS) -> int:
    """Analyse outdated texts again, the oldest first, for about so long. Returns: how many.

    Raises: EmbedderError, OperationalError; the next portion goes on from there.
    """
    ends_at, done = time.monotonic() + seconds, 0
    oldest = Material.objects.outdated().order_by("indexed_at", "pk")
    while time.monotonic() < ends_at and (material := oldest.first()) is not None:
        _reanalyse(material)
        done += 1
    return done


def reanalyse_texts_job() -> None:
    """A portion, and a place in the queue for the next; one job at a time."""
    lock = RenewedLock(keys.lock("reanalysis"))
    if lock.acquire():
        with lock:
            reanalyse_texts()
        enqueue_reanalysis()


def enqueue_reanalysis() -> bool:
    """Have outdated texts analysed by a worker. Returns: whether there are any."""
    return Material.objects.outdated().exists() and enqueue(reanalyse_texts_job, queue="notes")


def _reanalyse(material: Material) -> None:
    """A text that can't be analysed stays as it is, and is not tried again."""
    try:
        _kinds[material.kind](material)
    except (EmbedderError, OperationalError):
        raise
    except Exception:
        logger.exception("reanalysis_failed", extra={"material": str(material.pk)})
    row = Material.objects.filter(pk=material.pk).outdated()
    row.update(analysis_version=ANALYSIS_VERSION)
