"""From ASGI to Django's WSGI handler, by a2wsgi, with one thing added: a client that leaves.

a2wsgi alone keeps a thread for ever whose client has left a stream, as nobody takes from its queue
any more. Here the thread finds out when it next has something to send, and ends the stream.
"""

import asyncio
import contextlib
import threading
from collections.abc import Mapping
from typing import Any

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi import WSGIResponder

LOOK_SECONDS = 1.0


class ClientLeft(OSError):
    """There is nobody to send to any more."""


class ThreadedWSGI(WSGIMiddleware):
    """A WSGI application behind an ASGI server, in threads of its own."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request, or one event of the server's life."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        responder = _Responder(self.app, self.executor, self.send_queue_size)
        with contextlib.suppress(ClientLeft):
            await responder(scope, receive, send)


class PathDispatcher:
    """Threads of its own for each path in `apart`, and shared ones for all `others`."""

    def __init__(self, apart: Mapping[str, ThreadedWSGI], others: ThreadedWSGI) -> None:
        self._apart = apart
        self._others = others

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request, or one event of the server's life."""
        await self._apart.get(scope.get("path", ""), self._others)(scope, receive, send)


class _Responder(WSGIResponder):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._is_over = threading.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._is_over.set()

    async def sender(self, send: Any) -> None:
        """Hands on what the thread has sent; where that fails, nobody is there any more."""
        with contextlib.suppress(OSError):
            await super().sender(send)
        self._is_over.set()

    def send(self, message: Any) -> None:
        """Called in the thread: wait for room in the queue, or find that nobody reads it."""
        put = asyncio.run_coroutine_threadsafe(self.send_queue.put(message), loop=self.loop)
        while not self._is_over.is_set():
            with contextlib.suppress(TimeoutError):
                put.result(LOOK_SECONDS)
                return
        put.cancel()
        raise ClientLeft("The client has left.") from None
