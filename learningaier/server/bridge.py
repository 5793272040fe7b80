"""From ASGI to Django's WSGI handler, in threads that wait for no client.

A request gets a thread when its body is there, and gives it back when its answer is made: what a
client sends or takes slowly is read and written by the event loop. Files are read by a few threads
of their own, a block each time. Only a stream that is made while it is sent (server-sent events)
holds its thread; a client that has left is found out when the next event is due.
"""

import asyncio
import contextlib
import contextvars
import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi import build_environ

from learningaier.server.callers import Caller
from learningaier.server.intake import Body
from learningaier.server.slots import FairSlots

LOOK_SECONDS = 1.0
MAX_QUEUED = 10  # pieces of a stream that wait to be sent
FILE_BLOCK = 64 * 1024  # bytes
CALLER, BODY = "learningaier.caller", "learningaier.body"  # where they stand in a scope
_file_readers = ThreadPoolExecutor(4, thread_name_prefix="files")


class ClientLeft(OSError):
    """There is nobody to send to any more."""


class SentFile:
    """What WSGI calls a file wrapper: the file goes out when its thread has been given back."""

    def __init__(self, file: Any, _block_size: int = FILE_BLOCK) -> None:
        self.file = file

    def read(self) -> bytes:
        """The next block; empty at the end."""
        return bytes(self.file.read(FILE_BLOCK))

    def close(self) -> None:
        """Close the file, and with it Django's response."""
        if hasattr(self.file, "close"):
            self.file.close()


class ThreadedWSGI(WSGIMiddleware):
    """A WSGI application behind an ASGI server, in threads of its own.

    `slots`: who may have how many of the threads; without, whoever comes first. The scope may hold
    a request's `Caller` and its `Body`, read before. Raises: Busy.
    """

    def __init__(self, app: Any, workers: int, slots: FairSlots | None = None) -> None:
        super().__init__(app, workers)
        self._slots = slots

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request, or one event of the server's life."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        answer = _Answer(send)
        with contextlib.suppress(ClientLeft):
            await self._make(answer, scope)
            await answer.finish(is_head=scope["method"] == "HEAD")

    async def _make(self, answer: "_Answer", scope: Any) -> None:
        """Have a thread make the answer. The slot is taken for as long as the thread is."""
        caller, body = scope.get(CALLER), scope.get(BODY) or Body()
        environ: dict[str, Any] = {**build_environ(scope, body.file)}  # type: ignore[arg-type]
        environ |= {"CONTENT_LENGTH": str(body.length), "wsgi.file_wrapper": SentFile}
        if self._slots is not None and caller is not None:
            await self._slots.acquire(caller)
        run = contextvars.copy_context().run
        call = self.executor.submit(run, answer.make, self.app, environ)
        call.add_done_callback(lambda _: self._give_back(caller, body, answer.loop))
        try:
            await asyncio.wrap_future(call)
        finally:
            await answer.end_stream(call)

    def _give_back(
        self, caller: Caller | None, body: Body, loop: asyncio.AbstractEventLoop
    ) -> None:
        body.file.close()
        if self._slots is not None and caller is not None:
            with contextlib.suppress(RuntimeError):  # the process has ended
                loop.call_soon_threadsafe(self._slots.release, caller)


class PathDispatcher:
    """An application for each path in `apart`, and one for the `others`: none waits for another."""

    def __init__(self, apart: Mapping[str, Any], others: Any) -> None:
        self._apart = apart
        self._others = others

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request, or one event of the server's life."""
        await self._apart.get(scope.get("path", ""), self._others)(scope, receive, send)


class _Answer:
    """An answer on its way from the thread that makes it to the event loop that sends it."""

    def __init__(self, send: Any) -> None:
        self.loop = asyncio.get_running_loop()
        self._send = send
        self._start: dict[str, Any] = {}
        self._whole = b""
        self._file: SentFile | None = None
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue(MAX_QUEUED)
        self._sending: asyncio.Task[None] | None = None
        self._is_over = threading.Event()

    def make(self, app: Any, environ: Any) -> None:
        """In the thread: run the application; of a stream, send on each piece as it comes."""
        made: Any = app(environ, self._begin)
        if isinstance(made, SentFile):
            self._file = made
            return
        try:
            if isinstance(made, list | tuple) or not getattr(made, "streaming", True):
                self._whole = b"".join(made)
            else:
                self._stream(made)
        finally:
            getattr(made, "close", lambda: None)()

    def _begin(self, status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
        named = [
            (name.strip().encode("latin-1").lower(), value.strip().encode("latin-1"))
            for name, value in headers
        ]
        code = int(status.partition(" ")[0])
        self._start = {"type": "http.response.start", "status": code, "headers": named}

    def _stream(self, pieces: Iterable[bytes]) -> None:
        self.loop.call_soon_threadsafe(self._start_sending)
        for piece in pieces:
            self._put(piece)
        self._put(None)

    def _put(self, piece: bytes | None) -> None:
        """Wait for room in the queue, or find that nobody reads it any more."""
        put = asyncio.run_coroutine_threadsafe(self._queue.put(piece), loop=self.loop)
        while not self._is_over.is_set():
            with contextlib.suppress(TimeoutError):
                put.result(LOOK_SECONDS)
                return
        put.cancel()
        raise ClientLeft("The client has left.") from None

    def _start_sending(self) -> None:
        self._sending = self.loop.create_task(self._send_stream())

    async def _send_stream(self) -> None:
        """Hand on what the thread has made; where that fails, nobody is there any more."""
        try:
            with contextlib.suppress(OSError):
                await self._send(self._start)
                while (piece := await self._queue.get()) is not None:
                    await self._send_body(piece, more_body=True)
                await self._send_body(b"")
        finally:
            self._is_over.set()

    async def _send_body(self, piece: bytes, *, more_body: bool = False) -> None:
        await self._send({"type": "http.response.body", "body": piece, "more_body": more_body})

    async def end_stream(self, call: "Future[None]") -> None:
        """Let a stream that is whole go out; end one whose request is being given up."""
        if self._sending is None:
            self._is_over.set()
        elif call.done() and not call.cancelled() and not call.exception():
            await self._sending
        else:
            self._is_over.set()
            self._sending.cancel()

    async def finish(self, *, is_head: bool) -> None:
        """Send what the thread has left to the event loop."""
        if self._sending is not None:
            return
        await self._send(self._start)
        if self._file is not None:
            await self._send_file(self._file, is_head=is_head)
        await self._send_body(self._whole)

    async def _send_file(self, file: SentFile, *, is_head: bool) -> None:
        try:
            while not is_head and (piece := await self._read(file)):
                await self._send_body(piece, more_body=True)
        finally:
            await self.loop.run_in_executor(_file_readers, file.close)

    async def _read(self, file: SentFile) -> bytes:
        return await self.loop.run_in_executor(_file_readers, file.read)
