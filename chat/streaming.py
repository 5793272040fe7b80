"""Answers as server-sent events, in the two forms that frontends read."""

from collections.abc import Callable

from chat.models import Message
from chat.plain_lines import DONE, FAILED, PlainLines, encode_event
from chat.services import write_answer
from learningaier.api.events import Events, StreamLimiter, event
from learningaier.core.errors import ServiceError
from learningaier.knowledge.answering.drafts import Answer
from learningaier.server.threads import THREADS

ROOM = StreamLimiter(THREADS // 2)
SORRY = "The answer can't be written right now. Try again in a moment."


def stream_named(begin: Callable[[], Message]) -> Events:
    """Events for `Accept: text/event-stream`. `begin`: stores the question, gives the answer.

    Raises: NotAvailable (503) while too many are streamed; whatever `begin` raises.
    """
    failure = event({"detail": SORRY, "code": "unavailable"}, "error")
    return ROOM.stream(lambda: name_events(begin()), failure=failure)


def stream_plain(begin: Callable[[], Message]) -> Events:
    """As `stream_named`, as lines of text."""
    return ROOM.stream(lambda: plain_events(begin()), failure=encode_event(f"{FAILED} {SORRY}"))


def name_events(answer: Message) -> Events:
    """Events `delta` {text}, `sources` {sources}, `done` {…}; `error` {detail, code} at a failure.

    Empty pieces pass: they let a client that has left be noticed.
    """
    try:
        for piece in write_answer(answer=answer):
            if isinstance(piece, Answer):
                yield event({"sources": piece.sources}, "sources")
                yield event(describe_answer(answer), "done")
            else:
                yield event({"text": piece}, "delta") if piece else b""
    except ServiceError as error:
        yield event({"detail": error.detail, "code": error.code}, "error")


def plain_events(answer: Message) -> Events:
    """`data: <text>` for each piece, `data: [DONE]` at the end, `data: [ERROR] …` at a failure."""
    lines = PlainLines()
    try:
        for piece in write_answer(answer=answer):
            if isinstance(piece, Answer):
                yield encode_event(DONE)
            else:
                yield lines.encode(piece)
    except ServiceError as error:
        yield encode_event(f"{FAILED} {error.detail}")


def describe_answer(answer: Message) -> dict[str, object]:
    """A written answer as the API shows it."""
    return {
        "answer": answer.content,
        "sources": answer.sources,
        "status": answer.status,
        "degraded": answer.degraded,
        "model": answer.model,
        "message_id": str(answer.pk),
    }
