"""PostgreSQL dies, freezes and returns below a running service; or its threads are all busy.

The service is `make run`'s, with a PostgreSQL and a language model of the test's own beside it.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from learningaier.ai.tests.servers import ModelServer, Reply
from learningaier.dev.tests.controllable_server import ControllableServer
from learningaier.dev.tests.learner import Learner, poll
from learningaier.dev.tests.service import prepare_demo, run_service
from learningaier.embedded.stack import Stack

THREADS = 4
OF_LEARNER = 2  # threads that one learner may hold (server/threads.py)
ANSWERED_SECONDS = 2.0
RETURN_SECONDS = 10.0


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControllableServer]:
    postgres = ControllableServer(tmp_path_factory.mktemp("postgres"), Stack.start_postgres)
    yield postgres
    postgres.close()


@pytest.fixture(scope="module")
def learner(
    tmp_path_factory: pytest.TempPathFactory, postgres: ControllableServer, model: ModelServer
) -> Iterator[Learner]:
    folder = tmp_path_factory.mktemp("service") / "data"
    own = {"DATABASE_URL": postgres.url}
    prepare_demo(own)
    extra = own | {
        "WEB_THREADS": str(THREADS),
        "RATE_LIMIT_RAG_CHAT": "100000",
        "LLM_PROVIDER": "openai",
        "LLM_MODEL": "slow",
        "LLM_BASE_URL": f"{model.url}/v1",
    }
    with run_service(folder, extra) as service:
        yield Learner(service)


def test_without_postgresql_a_client_is_told_to_come_again_and_the_pod_lives(
    postgres: ControllableServer, learner: Learner
) -> None:
    assert learner.send("GET", "/api/notes").status == 200

    postgres.kill()
    refused = [learner.send("GET", "/api/notes"), learner.upload("dead")]
    alive, ready = learner.send("GET", "/health"), learner.send("GET", "/health/ready")
    figures = learner.send("GET", "/metrics")
    postgres.start()

    assert {reply.status for reply in refused} == {503}
    assert all(int(reply.headers["Retry-After"]) >= 1 for reply in refused)
    assert {reply.json["code"] for reply in refused} == {"unavailable"}
    assert alive.status == figures.status == 200
    assert (ready.status, ready.json["checks"]["database"]) == (503, "down")
    assert poll(lambda: learner.send("GET", "/api/notes").status == 200, seconds=RETURN_SECONDS)
    assert learner.send("GET", "/health/ready").status == 200


def test_the_worker_goes_on_when_postgresql_is_back(
    postgres: ControllableServer, learner: Learner
) -> None:
    postgres.kill()
    time.sleep(1)
    postgres.start()
    assert poll(lambda: learner.send("GET", "/api/notes").status == 200, seconds=RETURN_SECONDS)
    pk = learner.upload("alive again").json["id"]

    def is_ready() -> bool:
        return bool(learner.send("GET", f"/api/documents/{pk}").json["status"] == "ready")

    assert poll(is_ready, seconds=30)


def test_a_frozen_postgresql_leaves_the_pod_alive_and_nothing_undone(
    postgres: ControllableServer, learner: Learner
) -> None:
    with ThreadPoolExecutor(3 * THREADS) as pool:
        with postgres.frozen():
            waiting = [
                pool.submit(learner.send, "GET", "/api/notes?limit=1") for _ in range(3 * THREADS)
            ]
            time.sleep(1)
            alive = learner.send("GET", "/health")
            is_waiting = not any(one.done() for one in waiting)
        replies = [one.result() for one in waiting]

    assert is_waiting
    assert (alive.status, alive.seconds < ANSWERED_SECONDS) == (200, True)
    assert {reply.status for reply in replies} == {200}


def test_a_pod_whose_learner_waits_for_a_slow_model_is_alive_ready_and_seen(
    learner: Learner, model: ModelServer
) -> None:
    fields = {"title": "Canal", "content": "The canal lock lifts barges by nine metres."}
    learner.send("POST", "/api/notes", fields)
    model.script = [Reply(["…"], pause=0.7)]
    with ThreadPoolExecutor(2 * THREADS) as pool:
        waiting = [
            pool.submit(learner.ask, f"How far does the canal lock lift barges? {number}")
            for number in range(2 * THREADS)
        ]
        assert poll(lambda: len(model.calls) >= OF_LEARNER, seconds=5)
        watched = [learner.send("GET", path) for path in ("/health", "/health/ready", "/metrics")]
        is_busy = not any(one.done() for one in waiting)

    assert is_busy
    assert [reply.status for reply in watched] == [200, 200, 200]
    assert max(reply.seconds for reply in watched) < ANSWERED_SECONDS
