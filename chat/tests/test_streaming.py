"""Streams through gunicorn: the first byte, heartbeats, clients that leave, models that break."""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from learningaier.ai.tests.servers import ModelServer, Reply
from learningaier.dev.tests.learner import poll
from learningaier.dev.tests.service import Service, run_service
from learningaier.embedded import paths, postgres

TEXT = "The light reaction produces ATP and NADPH. The Calvin cycle fixes carbon dioxide."
QUESTION = "What does the light reaction produce?"
QUOTE = "The light reaction produces ATP and NADPH."
PLACES = 4


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> Iterator[Service]:
    """The service with a language model behind it."""
    folder = tmp_path_factory.mktemp("service") / "data"
    extra = {
        "LLM_PROVIDER": "openai",
        "LLM_MODEL": "test-model",
        "LLM_BASE_URL": f"{model.url}/v1",
        "RATE_LIMIT_RAG_CHAT": "100000",
        "WEB_THREADS": str(2 * PLACES),
    }
    with run_service(folder, extra) as service:
        service.token = service.sign_in()
        service.call("/api/notes", {"title": "Plants", "content": TEXT}, service.token)
        yield service


class Stream:
    """One open stream."""

    def __init__(self, service: Service, conversation: str, way: str, accept: str) -> None:
        self.began = time.monotonic()
        self.connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=20)
        headers = {
            "Authorization": f"Bearer {service.token}",
            "Content-Type": "application/json",
            "Accept": accept,
        }
        body = json.dumps({"message": QUESTION})
        self.connection.request("POST", f"/api/chat/{conversation}/{way}", body, headers)
        self.response = self.connection.getresponse()

    def lines(self) -> Iterator[str]:
        while line := self.response.readline():
            yield line.decode().rstrip("\n")

    def leave(self) -> None:
        self.response.close()
        self.connection.close()


@pytest.fixture
def open_stream(service: Service) -> Iterator[Callable[..., Stream]]:
    streams: list[Stream] = []

    def open_one(
        conversation: str, way: str = "message", accept: str = "text/event-stream"
    ) -> Stream:
        streams.append(Stream(service, conversation, way, accept))
        return streams[-1]

    yield open_one
    for stream in streams:
        stream.leave()


@pytest.fixture
def conversation(service: Service) -> str:
    return service.call("/api/chat/start", {}, service.token)["conversation_id"]


def remove(service: Service, note: dict[str, Any]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=20)
    headers = {"Authorization": f"Bearer {service.token}"}
    connection.request("DELETE", f"/api/notes/{note['id']}", headers=headers)
    assert connection.getresponse().status == 200
    connection.close()


def say(text: str, quote: str = QUOTE) -> str:
    return json.dumps({"text": text, "citations": [{"passage": 1, "quote": quote}]}) + "\n"


def events(stream: Stream) -> list[tuple[str, Any]]:
    found, name = [], ""
    for line in stream.lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            found.append((name, json.loads(line.removeprefix("data: "))))
    return found


def messages(service: Service, conversation: str) -> list[dict[str, Any]]:
    path = f"/api/chat/{conversation}"
    return service.call(path, token=service.token)["messages"]


def test_events_tell_deltas_sources_and_the_end(
    service: Service, model: ModelServer, conversation: str, open_stream: Callable[..., Stream]
) -> None:
    other = "It fixes carbon dioxide in the Calvin cycle, the light reaction does not."
    cited = "The Calvin cycle fixes carbon dioxide."
    model.script = [Reply([say(QUOTE), say(other, cited)])]

    stream = open_stream(conversation)
    told = events(stream)

    assert stream.response.headers["Content-Type"] == "text/event-stream"
    assert stream.response.headers["X-Accel-Buffering"] == "no"
    assert stream.response.headers["Cache-Control"] == "no-store"
    assert [name for name, _ in told] == ["delta", "delta", "sources", "done"]
    done = told[-1][1]
    assert "".join(data["text"] for name, data in told if name == "delta") == done["answer"]
    assert (done["status"], done["degraded"]) == ("answered", False)
    assert told[-2][1]["sources"][0]["quote"] == QUOTE
    stored = messages(service, conversation)[1]
    assert (stored["content"], stored["status"]) == (done["answer"], "answered")


def test_the_plain_stream_is_lines_of_data_and_done(
    model: ModelServer, conversation: str, open_stream: Callable[..., Stream]
) -> None:
    model.script = [Reply([say(QUOTE)])]

    lines = [line for line in open_stream(conversation, "stream", "*/*").lines() if line]

    assert lines == [": ready", f"data: {QUOTE}", "data: [DONE]"]


@pytest.mark.parametrize("signal", ["[DONE]", "[ERROR]"])
def test_an_answer_that_begins_with_a_signal_is_not_taken_for_it(
    service: Service, model: ModelServer, open_stream: Callable[..., Stream], signal: str
) -> None:
    text = f"{signal} What the light reaction produces is written to the log."
    note = service.call("/api/notes", {"title": "Log", "content": text}, service.token)
    scope = {"type": "doc", "ids": [note["id"]]}
    started = service.call("/api/chat/start", {"scope": scope}, service.token)
    model.script = [Reply([say(text, text)])]

    stream = open_stream(started["conversation_id"], "stream", "*/*")
    lines = [line for line in stream.lines() if line.startswith("data: ")]

    assert [line for line in lines if line.startswith(("data: [DONE]", "data: [ERR"))] == lines[-1:]
    assert "".join(line.removeprefix("data: ") for line in lines) == f"{text}[DONE]"
    remove(service, note)


def test_the_first_byte_comes_at_once_and_heartbeats_while_the_model_thinks(
    service: Service, model: ModelServer, conversation: str, open_stream: Callable[..., Stream]
) -> None:
    model.script = [Reply([say(QUOTE), *([" "] * 9)], pause=2.5)]

    stream = open_stream(conversation)
    lines = stream.lines()

    assert next(lines) == ": ready"
    assert time.monotonic() - stream.began < 1
    next(lines)
    assert next(lines) == ": still here"
    assert time.monotonic() - stream.began < 3
    stream.leave()
    assert poll(lambda: messages(service, conversation)[1]["status"] == "interrupted", seconds=8)


def test_a_sentence_arrives_before_the_answer_is_complete(
    model: ModelServer, conversation: str, open_stream: Callable[..., Stream]
) -> None:
    model.script = [Reply([say(QUOTE), *([" "] * 10)], pause=0.3)]

    stream = open_stream(conversation)
    line = next(line for line in stream.lines() if line.startswith("data: "))

    assert QUOTE in line
    assert time.monotonic() - stream.began < 2


def test_a_client_that_leaves_ends_the_call_and_what_was_written_is_interrupted(
    service: Service, model: ModelServer, conversation: str, open_stream: Callable[..., Stream]
) -> None:
    model.has_left.clear()
    model.script = [Reply([say(QUOTE), *(['{"text": "never'] * 200)], pause=0.1)]

    stream = open_stream(conversation)
    next(line for line in stream.lines() if line.startswith("data: "))
    stream.leave()

    assert model.has_left.wait(8)
    assert poll(lambda: messages(service, conversation)[1]["status"] == "interrupted", seconds=8)
    assert messages(service, conversation)[1]["content"] == QUOTE
    model.script = [Reply([say(QUOTE)])]
    assert events(open_stream(conversation))[-1][0] == "done"  # the conversation goes on


def test_a_model_that_breaks_leaves_a_degraded_answer_and_a_whole_stream(
    model: ModelServer, conversation: str, open_stream: Callable[..., Stream]
) -> None:
    model.script = [Reply([say(QUOTE), '{"text": "ne'], breaks_off=True)]

    told = events(open_stream(conversation))

    assert told[-1][0] == "done"
    assert told[-1][1]["degraded"] is True
    assert told[-1][1]["answer"] == QUOTE


def test_streams_hold_no_database_connection_while_the_model_speaks(
    service: Service, model: ModelServer, open_stream: Callable[..., Stream]
) -> None:
    conversations = [
        service.call("/api/chat/start", {}, service.token)["conversation_id"]
        for _ in range(PLACES + 1)
    ]
    calls = len(model.calls)
    model.script = [Reply([say(QUOTE)], pause=2)]
    with ThreadPoolExecutor(PLACES) as pool:
        streams = list(pool.map(open_stream, conversations[:PLACES]))
    assert [stream.response.status for stream in streams] == [200] * PLACES
    assert poll(lambda: len(model.calls) == calls + PLACES, seconds=2)

    url = postgres.url(paths.sockets_of(service.folder))
    with psycopg.connect(url) as connection:
        [[held]] = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
            " AND pid <> pg_backend_pid() AND query LIKE '%knowledge_%'"
        )
    crowded = open_stream(conversations[-1])

    assert held == 0
    assert crowded.response.status == 503
    assert int(crowded.response.headers["Retry-After"]) > 0
    assert [events(stream)[-1][0] for stream in streams] == ["done"] * PLACES
