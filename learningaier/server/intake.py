"""Reading a request's body before anybody works on the request.

It is read in the event loop, so a client that sends slowly holds a socket and not a thread. It has
a deadline, a least rate and a bound; what is large goes to a temporary file. With its length known,
a body that came in chunks is for the application a body like any other.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

MAX_MEMORY = 1024 * 1024  # bytes of a body; above, it goes to a file
GRACE_SECONDS = 10.0  # until the least rate counts
MIN_RATE = 4096  # bytes a second
MAX_SILENCE = 20.0  # seconds between two pieces
MAX_SECONDS = 900.0  # for a whole body

Receive = Callable[[], Awaitable[Any]]


class TooSlow(Exception):
    """The body comes too slowly, or not at all."""


class ClientGone(Exception):
    """The client has left in the middle of the body."""


@dataclass
class Body:
    """A body that has been read, to be closed; `length`: bytes.

    One that is over the limit is empty, and its length says so.
    """

    length: int = 0
    file: IO[bytes] = field(default_factory=BytesIO)


async def read_body(receive: Receive, *, announced: int | None, limit: int) -> Body:
    """The body, ready to be read from its beginning.

    `announced`: the Content-Length, if there is one. `limit`: the most bytes; of a body that is
    larger no more is read. Raises: TooSlow, ClientGone.
    """
    if announced is not None and announced > limit:
        return Body(length=announced)
    body = Body(file=SpooledTemporaryFile(MAX_MEMORY))  # noqa: SIM115  whoever gets it closes it
    try:
        async with asyncio.timeout(GRACE_SECONDS) as deadline:
            await _fill(body, receive, limit, deadline)
    except BaseException as error:
        body.file.close()
        if isinstance(error, TimeoutError):
            raise TooSlow from None
        raise
    body.file.seek(0)
    return body


async def _fill(body: Body, receive: Receive, limit: int, deadline: asyncio.Timeout) -> None:
    clock = asyncio.get_running_loop().time
    began = clock()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        piece = message.get("body", b"")
        body.length += len(piece)
        if body.length > limit:
            body.file.truncate(0)
            return
        body.file.write(piece)
        if not message.get("more_body"):
            return
        due = began + GRACE_SECONDS + body.length / MIN_RATE
        deadline.reschedule(min(due, clock() + MAX_SILENCE, began + MAX_SECONDS))
