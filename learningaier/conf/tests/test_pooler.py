"""The whole service behind a pooler in transaction mode, with fewer connections than threads."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psycopg
import pytest

from learningaier.conf.tests.pooler import Pooler
from learningaier.dev.tests.learner import UNLIMITED, Learner, poll
from learningaier.dev.tests.service import prepare_demo, run_service
from learningaier.embedded import postgres
from learningaier.embedded.stack import Stack

SERVERS, LEARNERS, ROUNDS = 3, 12, 4


@dataclass
class Pooled:
    """A running service, the pooler before its database, and the database itself."""

    learner: Learner
    pooler: Pooler
    database: str


@pytest.fixture(scope="module")
def pooled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pooled]:
    stack = Stack(tmp_path_factory.mktemp("postgres"))
    stack.open()
    database = stack.start_postgres()
    user = postgres.DATABASE
    pooler = Pooler(stack.sockets / ".s.PGSQL.5432", user=user, database=user, servers=SERVERS)
    extra = {
        "DATABASE_URL": f"postgresql://{user}@127.0.0.1:{pooler.port}/{user}",
        "DATABASE_POOLER": "transaction",
        **UNLIMITED,
    }
    prepare_demo(extra)
    folder = tmp_path_factory.mktemp("service") / "data"
    with run_service(folder, extra) as service:
        yield Pooled(Learner(service), pooler, database)
    pooler.close()
    stack.close()


def test_many_threads_share_few_connections(pooled: Pooled) -> None:
    """Each step's row is met by the next, whichever connection either gets."""
    learner = pooled.learner

    def study(number: int) -> list[int]:
        statuses = []
        for turn in range(ROUNDS):
            name = f"specimen{number}x{turn}"
            fields = {"title": name, "content": f"The {name} flowers in the month of May."}
            note = learner.send("POST", "/api/notes", fields)
            asked = learner.ask(f"When does the {name} flower?")
            card = learner.send("POST", "/api/flashcards", {"term": name, "definition": "a plant"})
            rating = {"flashcard_id": card.json["id"], "rating": 3}
            reviewed = learner.send("POST", "/api/flashcards/review", rating)
            overview = learner.send("GET", "/api/analytics/overview")
            assert name in asked.json["answer"], asked.json
            statuses += [one.status for one in (note, asked, card, reviewed, overview)]
        return statuses

    with ThreadPoolExecutor(LEARNERS) as pool:
        statuses = [status for one in pool.map(study, range(LEARNERS)) for status in one]

    assert set(statuses) == {200, 201}
    assert pooled.pooler.max_clients > SERVERS


def test_the_worker_writes_through_it(pooled: Pooled) -> None:
    pk = pooled.learner.upload("estuary").json["id"]

    def is_ready() -> bool:
        document = pooled.learner.send("GET", f"/api/documents/{pk}").json
        return bool(document["status"] == "ready")

    assert poll(is_ready, seconds=30)


def test_no_session_leaves_anything_on_a_connection(pooled: Pooled) -> None:
    with psycopg.connect(pooled.database) as connection:
        locks = connection.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        assert locks.fetchone() == (0,)
    port = pooled.pooler.port
    address = f"postgresql://{postgres.DATABASE}@127.0.0.1:{port}/{postgres.DATABASE}"
    for _ in range(SERVERS):
        with psycopg.connect(address) as connection:
            statements = connection.execute("SELECT count(*) FROM pg_prepared_statements")
            assert statements.fetchone() == (0,)
