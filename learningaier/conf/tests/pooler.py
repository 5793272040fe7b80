"""A pooler in transaction mode that speaks PostgreSQL's protocol, as PgBouncer does.

Clients are many, servers few: a server is a client's from the first message of a transaction until
its end (ReadyForQuery, idle), and then anybody's. So whatever a session leaves on its connection
for later, a prepared statement, a cursor, a lock, is lost or met by others, as it would be in life.
"""

import asyncio
import struct
import threading
from contextlib import suppress
from pathlib import Path

PROTOCOL = 196608  # 3.0
ASKS_FOR_ENCRYPTION = {80877103, 80877104}
ASKS_FOR_READY = {b"Q", b"S", b"F"}  # each is answered by one ReadyForQuery
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Pooler:
    """Listens on a port of its own. `servers`: how many connections to the server it has.

    `max_clients`: how many were connected at once. `path`: the server's socket.
    """

    def __init__(self, path: Path, *, user: str, database: str, servers: int) -> None:
        self.max_clients = self._clients = 0
        self._path, self._parameters = path, {"user": user, "database": database}
        self._loop = asyncio.new_event_loop()
        self._idle: asyncio.Queue[Streams] = asyncio.Queue()
        self._greeting = b""
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._open(servers), self._loop).result(10)

    async def _open(self, servers: int) -> int:
        for _ in range(servers):
            await self._connect()
        self._listening = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return int(self._listening.sockets[0].getsockname()[1])

    async def _connect(self) -> None:
        """Open a connection to the server, which is then idle; keep how it greets."""
        reader, writer = await asyncio.open_unix_connection(str(self._path))
        words = [word for pair in self._parameters.items() for word in pair]
        body = struct.pack("!i", PROTOCOL) + "\0".join([*words, "", ""]).encode()
        writer.write(struct.pack("!i", len(body) + 4) + body)
        greeting, kind = b"", b""
        while kind != b"Z":
            kind, message = await _read(reader)
            greeting += message
        self._greeting = greeting
        self._idle.put_nowait((reader, writer))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients += 1
        self.max_clients = max(self.max_clients, self._clients)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await _let_in(reader, writer)
            writer.write(self._greeting)
            await _Client(self._idle, reader, writer).serve()
        self._clients -= 1
        writer.close()

    def close(self) -> None:
        """Take no more clients, and end the connections to the server."""
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _shut(self) -> None:
        self._listening.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        while not self._idle.empty():
            self._idle.get_nowait()[1].close()
        await asyncio.sleep(0)


class _Client:
    """One client's messages, and the server that it has as long as its transaction lasts."""

    def __init__(
        self,
        idle: asyncio.Queue[Streams],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._idle, self._reader, self._writer = idle, reader, writer
        self._server: Streams | None = None
        self._awaited = 0  # ReadyForQuery messages
        self._back: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        while True:
            kind, message = await _read(self._reader)
            if kind == b"X":
                return
            if self._server is None:
                self._server = await self._idle.get()
                self._back = asyncio.create_task(self._pass_back(self._server))
            self._awaited += kind in ASKS_FOR_READY
            self._server[1].write(message)
            await self._server[1].drain()

    async def _pass_back(self, server: Streams) -> None:
        while True:
            kind, message = await _read(server[0])
            if kind == b"Z":
                self._awaited -= 1
                if not self._awaited and message.endswith(b"I"):
                    self._server = None
                    self._idle.put_nowait(server)
                    self._writer.write(message)
                    return
            self._writer.write(message)
            await self._writer.drain()


async def _let_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read what a client begins with; there is no encryption here."""
    while True:
        size, code = struct.unpack("!ii", await reader.readexactly(8))
        await reader.readexactly(size - 8)
        if code not in ASKS_FOR_ENCRYPTION:
            return
        writer.write(b"N")


async def _read(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """A message's kind, and the whole message."""
    head = await reader.readexactly(5)
    return head[:1], head + await reader.readexactly(struct.unpack("!i", head[1:])[0] - 4)
