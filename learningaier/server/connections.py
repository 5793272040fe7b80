"""gunicorn's connections, with an end for those that a client keeps open for nothing.

Headers have to be whole HEADER_TIMEOUT_SECONDS after their first byte (or the connection's
beginning). What is written has to be taken: a client that takes not a byte for
WRITE_TIMEOUT_SECONDS is cut off. One address has so many connections and no more, so that nobody
takes all descriptors of the process.
"""

import asyncio
import logging
import os
from collections import Counter
from typing import Any

from gunicorn.asgi.protocol import ASGIProtocol

logger = logging.getLogger(__name__)

HEADER_SECONDS = float(os.environ.get("HEADER_TIMEOUT_SECONDS", "10"))
STALL_SECONDS = float(os.environ.get("WRITE_TIMEOUT_SECONDS", "20"))  # without a byte taken
LOOK_SECONDS = STALL_SECONDS / 10  # between two looks at what a client has taken
MAX_OF_ADDRESS = 500  # connections to this process; a proxy of ours may have any number

_open: Counter[str] = Counter()


class PatientProtocol(ASGIProtocol):  # type: ignore[misc]  # gunicorn's
    """A connection whose client gets some patience, and not more.

    `trusts`: whether an address is a proxy's, which speaks for many.
    """

    trusts: Any = staticmethod(lambda _address: False)

    def __init__(self, worker: Any) -> None:
        super().__init__(worker)
        self._header_timer: asyncio.TimerHandle | None = None
        self._stall_timer: asyncio.TimerHandle | None = None
        self._address = ""
        self._unsent = self._stalled_at = 0.0

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for headers, if there is room for the connection."""
        self._address = str((transport.get_extra_info("peername") or ("",))[0])
        _open[self._address] += 1
        super().connection_made(transport)
        if _open[self._address] > MAX_OF_ADDRESS and not self.trusts(self._address):
            transport.abort()
            return
        self._await_headers()

    def data_received(self, data: bytes) -> None:
        """Feed the parser; headers that have begun have a time to end."""
        super().data_received(data)
        if self._awaiting_request and not self._request_ready.is_set():
            self._await_headers()

    def _await_headers(self) -> None:
        if self._header_timer is None:
            self._header_timer = self.worker.loop.call_later(HEADER_SECONDS, self._give_up)

    def _give_up(self) -> None:
        self._header_timer = None
        if self._request_ready is not None and not self._request_ready.is_set():
            self._keepalive_timeout()  # closes, and lets the waiting task end

    def _on_headers_complete(self) -> Any:
        """The headers are whole: their deadline no longer counts."""
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None
        return super()._on_headers_complete()

    def pause_writing(self) -> None:
        """The client takes less than it is sent: see whether it takes anything."""
        super().pause_writing()
        self._unsent, self._stalled_at = float("inf"), self.worker.loop.time()
        self._look()

    def _look(self) -> None:
        now, unsent = self.worker.loop.time(), self.transport.get_write_buffer_size()
        if unsent != self._unsent:
            self._unsent, self._stalled_at = unsent, now
        if now - self._stalled_at >= STALL_SECONDS:
            logger.info("client_stalled", extra={"unsent": unsent})
            self.transport.abort()
            return
        self._stall_timer = self.worker.loop.call_later(LOOK_SECONDS, self._look)

    def resume_writing(self) -> None:
        """The client has caught up."""
        self._stop_looking()
        super().resume_writing()

    def _close_transport(self) -> None:
        """Close when what was written is taken; who takes nothing of it is cut off here too."""
        super()._close_transport()
        if self._stall_timer is None and self.transport.get_write_buffer_size():
            self._unsent = float("inf")
            self._look()

    def _stop_looking(self) -> None:
        if self._stall_timer is not None:
            self._stall_timer.cancel()
            self._stall_timer = None

    def connection_lost(self, exc: Any) -> None:
        """Nothing is left to wait for."""
        if not self._conn_lost_handled:
            _open[self._address] -= 1
            if not _open[self._address]:
                del _open[self._address]
        self._stop_looking()
        if self._header_timer is not None:
            self._header_timer.cancel()
        super().connection_lost(exc)
