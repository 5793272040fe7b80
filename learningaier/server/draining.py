"""How a web process ends: it says so on every connection, and only then closes any.

gunicorn closes a connection after the response that is under way when SIGTERM comes, also one whose
headers promised to keep it: what the client sends next on it is lost. Here a process that is asked
to end goes on serving, each response says that it is its connection's last, and the process ends
when nobody sends anything any more.
"""

import asyncio
import time
from typing import Any

from gunicorn.workers import gasgi

from learningaier.server.connections import PatientProtocol

QUIET_SECONDS = 3  # without a request: connections that are still open are idle
MARGIN_SECONDS = 2  # before gunicorn kills what has not ended
LOOK_SECONDS = 0.1  # between two looks at what is open
CLOSE = (b"connection", b"close")


class Drain:
    """What a process knows of its requests: how many are under way, and whether more may come."""

    def __init__(self) -> None:
        self.is_ending = False
        self.under_way = 0
        self.last_at = 0.0  # when the last one ended, by the monotonic clock

    @property
    def is_quiet(self) -> bool:
        """Whether nobody has asked for anything lately."""
        return not self.under_way and time.monotonic() - self.last_at > QUIET_SECONDS


_drain = Drain()


class Draining:
    """An application whose responses end their connections once the process is asked to end."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request, or one event of the server's life."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def announce(message: Any) -> None:
            if _drain.is_ending and message["type"] == "http.response.start":
                message = message | {"headers": [*message.get("headers", []), CLOSE]}
            await send(message)

        _drain.under_way += 1
        try:
            await self.app(scope, receive, announce)
        finally:
            _drain.under_way -= 1
            _drain.last_at = time.monotonic()


class DrainingWorker(gasgi.ASGIWorker):  # type: ignore[misc]  # gunicorn's
    """gunicorn's ASGI worker with that end, and with connections that are not kept for nothing."""

    def init_process(self) -> None:
        """Serve by our protocol; gunicorn has no setting for it."""
        gasgi.ASGIProtocol = PatientProtocol
        super().init_process()

    def handle_exit_signal(self) -> None:
        """SIGTERM: go on for as long as somebody sends requests."""
        if not _drain.is_ending:
            _drain.is_ending = True
            _drain.last_at = time.monotonic()
            self.draining = self.loop.create_task(self._end_when_quiet())

    async def _end_when_quiet(self) -> None:
        deadline = time.monotonic() + self.cfg.graceful_timeout - MARGIN_SECONDS
        # gunicorn counts its connections, and tells nobody.
        while self.nr_conns and not _drain.is_quiet and time.monotonic() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(LOOK_SECONDS)
        # From here on gunicorn waits for what is open: idle connections are, for ever.
        self.cfg.set("graceful_timeout", MARGIN_SECONDS)
        super().handle_exit_signal()
