"""Redis dies, freezes and returns below a running service under load: nothing fails, nothing lost.

The service is `make run`'s, with a Redis of the test's own below it.
"""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from learningaier.dev.tests.controllable_server import ControllableServer
from learningaier.dev.tests.learner import PAUSE_SECONDS, UNLIMITED, Learner, Reply, poll
from learningaier.dev.tests.service import Service, run_service
from learningaier.embedded.stack import Stack

QUESTION = "What does the light reaction produce?"
MAX_SECONDS = 2.0  # for any request while Redis is away
RETURN_SECONDS = 2.0  # until a Redis that is back is in use again


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControllableServer]:
    """The Redis below the service."""
    redis = ControllableServer(tmp_path_factory.mktemp("redis"), Stack.start_redis)
    yield redis
    redis.close()


@pytest.fixture(scope="module")
def service(
    tmp_path_factory: pytest.TempPathFactory, redis: ControllableServer
) -> Iterator[Service]:
    """A running service, on that Redis and a PostgreSQL of its own."""
    folder = tmp_path_factory.mktemp("service") / "data"
    with run_service(folder, {"REDIS_URL": redis.url} | UNLIMITED) as service:
        yield service


@pytest.fixture(scope="module")
def learner(service: Service) -> Learner:
    """The demo learner, signed in."""
    return Learner(service)


class Load:
    """Requests of every kind, one after the other in a thread each, while `with` lasts."""

    def __init__(self, learner: Learner) -> None:
        fields = {"term": "sediment", "definition": "what a river carries"}
        card = learner.send("POST", "/api/flashcards", fields).json["id"]
        review = {"flashcard_id": card, "rating": 3}
        numbers = itertools.count()
        self.kinds: list[Callable[[], Reply]] = [
            lambda: learner.ask(QUESTION),
            lambda: learner.ask(f"What does light reaction {next(numbers)} produce?"),
            lambda: learner.send("GET", "/api/notes?limit=5"),
            lambda: learner.send(
                "POST", "/api/notes", {"title": f"Note {next(numbers)}", "content": "Rivers."}
            ),
            lambda: learner.send("POST", "/api/flashcards/review", review),
            lambda: learner.send("GET", "/api/analytics/overview"),
            lambda: learner.send("GET", "/health/ready"),
            lambda: learner.upload(f"survey {next(numbers)}"),
        ]
        self.replies: list[Reply] = []
        self._is_over = threading.Event()
        self._pool = ThreadPoolExecutor(len(self.kinds))

    def __enter__(self) -> "Load":
        self._futures = [self._pool.submit(self._repeat, kind) for kind in self.kinds]
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._pool.shutdown()
        for future in self._futures:
            future.result()

    def _repeat(self, kind: Callable[[], Reply]) -> None:
        while not self._is_over.wait(PAUSE_SECONDS):
            reply = kind()
            self.replies.append(reply)
            if reply.path == "/api/documents/upload":
                self._is_over.wait(0.3)


@dataclass(frozen=True)
class Outage:
    """All replies of a load through which Redis was dead for a while, and when it was."""

    replies: list[Reply]
    died: float
    returned: float

    @property
    def meanwhile(self) -> list[Reply]:
        """Replies to what was asked while nobody answered at Redis' address."""
        return [
            reply
            for reply in self.replies
            if self.died < reply.began and reply.began + reply.seconds < self.returned
        ]


@pytest.fixture(scope="module")
def outage(redis: ControllableServer, learner: Learner) -> Outage:
    """Six seconds of load; Redis is killed after the first and back before the last three."""
    with Load(learner) as load:
        time.sleep(1)
        redis.kill()
        died = time.monotonic()
        time.sleep(2)
        returned = time.monotonic()
        redis.start()
        time.sleep(RETURN_SECONDS + 1)
    return Outage(load.replies, died, returned)


def test_no_request_fails_but_paid_ones_while_they_cannot_be_counted(outage: Outage) -> None:
    failed = [reply for reply in outage.replies if not 200 <= reply.status < 300]

    assert {(reply.path, reply.status) for reply in failed} == {("/api/notes/ai-qa", 503)}
    assert all(int(reply.headers["Retry-After"]) >= 1 for reply in failed)
    latest = outage.returned + RETURN_SECONDS + 0.5  # Redis itself starts within the half second
    assert all(reply.began < latest for reply in failed)
    assert all(reply.began + reply.seconds > outage.died for reply in failed)


def test_every_kind_of_request_is_answered_within_two_seconds_during_it(outage: Outage) -> None:
    paths = {reply.path for reply in outage.meanwhile}

    assert paths == {reply.path for reply in outage.replies}
    assert max(reply.seconds for reply in outage.meanwhile) < MAX_SECONDS


def test_readiness_says_degraded_during_it_and_ok_after_it(
    outage: Outage, learner: Learner
) -> None:
    checks = [reply.json for reply in outage.meanwhile if reply.path == "/health/ready"]

    assert [check["status"] for check in checks].count("degraded") >= len(checks) - 1
    assert learner.send("GET", "/health/ready").json["status"] == "ok"


def test_answers_come_from_the_cache_again(outage: Outage) -> None:
    cached = [
        reply.began
        for reply in outage.replies
        if reply.path == "/api/notes/ai-qa" and reply.status == 200 and reply.json["cached"]
    ]

    assert any(began > outage.returned for began in cached)
    assert min(began for began in cached if began > outage.returned) < outage.returned + 2.5


def test_uploads_sent_during_it_become_ready(outage: Outage, learner: Learner) -> None:
    uploads = [reply for reply in outage.meanwhile if reply.path == "/api/documents/upload"]
    sent = {reply.json["id"] for reply in uploads}

    assert {(reply.status, reply.json["status"]) for reply in uploads} == {(202, "queued")}

    def are_ready() -> bool:
        documents = learner.send("GET", "/api/documents?limit=1000").json
        return {document["id"] for document in documents if document["status"] == "ready"} >= sent

    assert poll(are_ready, seconds=60)


def test_what_was_written_during_it_is_there(outage: Outage, learner: Learner) -> None:
    made = {reply.json["id"] for reply in outage.replies if reply.status == 201}
    reviews = sum(reply.path == "/api/flashcards/review" for reply in outage.replies)
    notes = learner.send("GET", "/api/notes?limit=1000").json
    overview = learner.send("GET", "/api/analytics/overview").json["overview"]

    assert made
    assert made <= {note["id"] for note in notes}
    assert overview["total_reviews"] >= reviews


def test_the_failures_are_counted(outage: Outage, learner: Learner) -> None:
    lines = learner.send("GET", "/metrics").body.decode().splitlines()
    failures = [line for line in lines if line.startswith("learningaier_redis_failures_total{")]

    assert sum(float(line.rpartition(" ")[2]) for line in failures) > 0


@pytest.mark.parametrize("is_asked", [True, False], ids=["asked meanwhile", "not asked meanwhile"])
def test_a_note_changed_while_redis_is_frozen_is_answered_from_its_new_text(
    redis: ControllableServer, learner: Learner, is_asked: bool
) -> None:
    question = "What does the harbour crane lift?"
    fields = {"title": "Harbour", "content": "The harbour crane lifts granite."}
    path = f"/api/notes/{learner.send('POST', '/api/notes', fields).json['id']}"
    assert poll(lambda: learner.ask(question).json["cached"], seconds=RETURN_SECONDS)
    assert "granite" in learner.ask(question).json["answer"]

    with redis.frozen():
        change = {"content": "The harbour crane lifts timber."}
        replies = [learner.send("PATCH", path, change)]
        if is_asked:
            replies.append(learner.ask(question))
    later: list[Reply] = []

    def is_cached() -> bool:
        later.append(learner.ask(question))
        return later[-1].status == 200 and bool(later[-1].json["cached"])

    assert poll(is_cached, seconds=RETURN_SECONDS)
    assert [reply.status for reply in replies] == [200, 503][: len(replies)]
    assert all(reply.seconds < MAX_SECONDS for reply in replies)
    assert {reply.status for reply in later} <= {200, 503}
    answers = {reply.json["answer"] for reply in later if reply.status == 200}
    assert answers == {"The harbour crane lifts timber."}
    assert learner.send("DELETE", path).status == 200
