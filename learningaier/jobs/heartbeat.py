"""Signs of life of a worker that is busy in a place where it can't give them itself."""

import logging
import threading
from types import TracebackType
from typing import Any, Self

from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.utils import timezone

logger = logging.getLogger(__name__)

BEAT_SECONDS = 5.0  # six beats may be lost before the sweeper believes the worker dead


class Heartbeat:
    """`with Heartbeat(rows):` renews the rows' `heartbeat_at` from a thread of its own."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self._rows = rows
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._is_over.wait(BEAT_SECONDS):
                self._renew()
        finally:
            connection.close()

    def _renew(self) -> None:
        try:
            self._rows.all().update(heartbeat_at=timezone.now())
        except DatabaseError as error:
            logger.warning("heartbeat_failed", extra={"error": type(error).__name__})
            connection.close()
