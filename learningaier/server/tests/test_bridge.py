"""The bridge to WSGI passes everything through, and lets nobody's stream hold a thread."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from learningaier.server.admission import Admission
from learningaier.server.bridge import ThreadedWSGI
from learningaier.server.callers import Caller

SECONDS = 5.0  # at most, for what takes a few milliseconds

Message = dict[str, Any]


def scope(method: str = "GET", **headers: str) -> dict[str, Any]:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": "/things",
        "query_string": b"a=1",
        "headers": [
            (name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()
        ],
    }


class Server:
    """The server's side of one request: gives the body's parts, and keeps what it is sent."""

    def __init__(self, *parts: bytes) -> None:
        last = len(parts) - 1
        self.messages = [
            {"type": "http.request", "body": part, "more_body": number < last}
            for number, part in enumerate(parts)
        ]
        self.sent: list[Message] = []
        self.has_sent = asyncio.Event()  # a part of the answer's body

    async def receive(self) -> Message:
        if self.messages:
            return self.messages.pop(0)
        return await asyncio.Future()

    async def send(self, message: Message) -> None:
        self.sent.append(message)
        if message["type"] == "http.response.body":
            self.has_sent.set()
            await self.after_body()

    async def after_body(self) -> None:
        """What becomes of a part of the answer once it is sent."""

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)


class StuckServer(Server):
    """A server whose client takes the beginning of the answer and then nothing more."""

    async def after_body(self) -> None:
        await asyncio.Future()


class ThrowingServer(Server):
    """A server that raises once its client has gone."""

    async def after_body(self) -> None:
        raise OSError("The client has gone.")


class Stream:
    """A WSGI application that streams without end and knows when it has been ended."""

    def __init__(self) -> None:
        self.is_closed = threading.Event()

    def __call__(self, environ: Message, start_response: Callable[..., Any]) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/event-stream")])
        return self.chunks()

    def chunks(self) -> Iterator[bytes]:
        try:
            while True:
                yield b"data: tick\n\n"
        finally:
            self.is_closed.set()


def echo(environ: Message, start_response: Callable[..., Any]) -> list[bytes]:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("201 Created", [("X-Query", environ["QUERY_STRING"]), ("X-Empty", "")])
    return [environ["REQUEST_METHOD"].encode(), b" ", body]


def admit(app: Any) -> Admission:
    """In front of an application: reads bodies, and counts everyone as one person."""
    return Admission(
        app,
        identify=lambda _: Caller("somebody", "192.0.2.1"),
        limit_body=lambda _scope, _caller: 10_000_000,
    )


def run_to_end(app: Any, *parts: bytes, method: str = "GET", **headers: str) -> Server:
    async def run() -> Server:
        server = Server(*parts)
        await asyncio.wait_for(
            admit(ThreadedWSGI(app, workers=1))(
                scope(method, **headers), server.receive, server.send
            ),
            SECONDS,
        )
        return server

    return asyncio.run(run())


def test_status_headers_and_body_pass_whole() -> None:
    server = run_to_end(echo, b"")

    assert server.sent[0] == {
        "type": "http.response.start",
        "status": 201,
        "headers": [(b"x-query", b"a=1"), (b"x-empty", b"")],
    }
    assert server.body == b"GET "
    assert not server.sent[-1].get("more_body")


def test_a_large_body_reaches_the_application_whole() -> None:
    body = bytes(range(256)) * 4096
    parts = [body[start : start + 60_000] for start in range(0, len(body), 60_000)]

    server = run_to_end(echo, *parts, method="POST", content_length=str(len(body)))

    assert server.body == b"POST " + body


def test_a_long_stream_passes_whole_and_in_order() -> None:
    chunks = [f"{number};".encode() for number in range(500)]

    def app(environ: Message, start_response: Callable[..., Any]) -> list[bytes]:
        start_response("200 OK", [])
        return chunks

    assert run_to_end(app, b"").body == b"".join(chunks)


def test_what_the_application_raises_reaches_the_server() -> None:
    def app(environ: Message, start_response: Callable[..., Any]) -> list[bytes]:
        raise LookupError("out of the application")

    with pytest.raises(LookupError, match="out of the application"):
        run_to_end(app, b"")


@pytest.mark.parametrize("kind", [Server, StuckServer], ids=["reading", "stuck"])
def test_a_client_that_leaves_ends_the_stream_and_frees_the_thread(kind: type[Server]) -> None:
    async def leave() -> tuple[bool, bytes]:
        stream = Stream()
        bridge = ThreadedWSGI(stream, workers=1)
        server = kind(b"")
        task = asyncio.create_task(bridge(scope(), server.receive, server.send))
        await asyncio.wait_for(server.has_sent.wait(), SECONDS)
        task.cancel()  # as the server does
        await asyncio.wait([task])
        has_ended = await asyncio.to_thread(stream.is_closed.wait, SECONDS)
        bridge.app = echo
        following = Server(b"")
        await asyncio.wait_for(bridge(scope(), following.receive, following.send), SECONDS)
        return has_ended and task.cancelled(), following.body

    assert asyncio.run(leave()) == (True, b"GET ")


def test_a_server_that_can_send_no_more_ends_the_stream() -> None:
    async def fail() -> bool:
        stream = Stream()
        server = ThrowingServer(b"")
        await asyncio.wait_for(
            ThreadedWSGI(stream, workers=1)(scope(), server.receive, server.send), SECONDS
        )
        return stream.is_closed.is_set()

    assert asyncio.run(fail())


def test_the_servers_start_and_end_are_answered() -> None:
    async def live() -> list[Message]:
        server = Server()
        server.messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
        await ThreadedWSGI(echo, workers=1)({"type": "lifespan"}, server.receive, server.send)
        return server.sent

    assert [message["type"] for message in asyncio.run(live())] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]
