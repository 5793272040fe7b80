"""What one pod carries, and what a learner takes: the figures behind docs/operations.md.

The pod is `make run`'s web, two processes held on one processor, with all else on the others; each
request is shown beside `/health`, which does nothing, and with PostgreSQL's time for it. What a
learner takes is the growth of PostgreSQL's tables and of Redis' memory, beside the bare text.
Linux only, as it pins processes.

    python -m bench.capacity --questions path/to/qa.json [--seconds 5]
"""

import argparse
import itertools
import json
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from bench.client import ASK, Client
from bench.library import Article, own_database, read_articles
from bench.memory import is_web
from bench.services import Service, run_ours

THREADS = 8
NOTES, CARDS, REVIEWS_A_CARD, MESSAGES, LEARNERS, QUESTIONS = 200, 200, 10, 50, 100, 5
KIB = 1024

Send = Callable[[Client, int], object]


def main() -> None:
    """Measure and print."""
    options = _parse_arguments()
    articles = read_articles(options.questions)
    temporary = tempfile.TemporaryDirectory(prefix="bench-")
    with temporary as folder, run_ours(Path(folder) / "ours") as ours:
        _pin(ours)
        _fill(ours, articles)
        _report_requests(ours, articles, options.seconds)
        _report_worker(ours, articles)
    with own_database():
        _report_learner(articles)


def _pin(ours: Service) -> None:
    """The web on the first processor, everything else, this program too, on the others."""
    others = list(range(1, psutil.cpu_count() or 2))
    root = psutil.Process(ours.pid)
    for process in [psutil.Process(), root, *root.children(recursive=True)]:
        process.cpu_affinity([0] if is_web(process) else others)


def _fill(ours: Service, articles: list[Article]) -> None:
    """A library of so many notes, a paragraph each, beside the demo's."""
    paragraphs = itertools.chain.from_iterable(article.paragraphs for article in articles)
    with ours.client() as client:
        for number, text in enumerate(itertools.islice(paragraphs, NOTES)):
            client.post("/api/notes", {"title": f"Note {number}", "content": text})


def _report_requests(ours: Service, articles: list[Article], seconds: float) -> None:
    asked = itertools.cycle([one.text for article in articles for one in article.questions])
    with ours.client() as client:
        cards = [card["id"] for card in json.loads(client.get("/api/flashcards?limit=100"))]
    requests: dict[str, Send] = {
        "GET /health, the bare": lambda client, _: client.get("/health"),
        "an answer from the cache": lambda client, _: client.post(ASK, {"question": "What?"}),
        "an answer computed, extractive": lambda client, number: client.post(
            ASK, {"question": f"{next(asked)} {number}"[-1000:]}
        ),
        "20 notes": lambda client, _: client.get("/api/notes?limit=20"),
        "a review": lambda client, number: client.post(
            "/api/flashcards/review",
            {"flashcard_id": cards[number % len(cards)], "rating": 1 + number % 4},
        ),
        "the analytics' overview": lambda client, _: client.get("/api/analytics/overview"),
    }
    print(f"\nOne pod of one processor, {THREADS} connections, {NOTES} notes")
    print(f"{'':34}{'requests/s':>12}{'of the bare':>13}{'p50 ms':>9}{'PostgreSQL ms':>15}")
    bare = 0.0
    for name, send in requests.items():
        before = _postgres_seconds(ours)
        throughput, p50 = _load(ours, send, seconds)
        bare = bare or throughput
        postgres = (_postgres_seconds(ours) - before) / (throughput * seconds) * 1000
        print(f"  {name:32}{throughput:12.0f}{throughput / bare:13.2f}{p50:9.1f}{postgres:15.2f}")


def _postgres_seconds(ours: Service) -> float:
    """The processor time that PostgreSQL has taken until now, its ended processes included."""
    family = psutil.Process(ours.pid).children(recursive=True)
    times = [process.cpu_times() for process in family if process.name() == "postgres"]
    ended = max(times, key=lambda one: one.children_user)
    own = sum(one.user + one.system for one in times)
    return own + ended.children_user + ended.children_system


def _load(ours: Service, send: Send, seconds: float) -> tuple[float, float]:
    """Requests a second, and the median of their milliseconds."""
    numbers, until = itertools.count(), time.monotonic() + seconds

    def ask() -> list[float]:
        times = []
        with ours.client() as client:
            while (began := time.monotonic()) < until:
                send(client, next(numbers))
                times.append(time.monotonic() - began)
        return times

    with ThreadPoolExecutor(THREADS) as pool:
        times = [
            one for done in [pool.submit(ask) for _ in range(THREADS)] for one in done.result()
        ]
    return len(times) / seconds, median(times) * 1000


def _report_worker(ours: Service, articles: list[Article]) -> None:
    """How fast one worker makes an uploaded text searchable."""
    text = "\n\n".join(article.text for article in articles)
    with ours.client() as client:
        began = time.monotonic()
        pk = client.upload("/api/documents/upload", "library.txt", text.encode())["id"]
        while json.loads(client.get(f"/api/documents/{pk}"))["status"] in {"queued", "processing"}:
            time.sleep(0.05)
        seconds = time.monotonic() - began
        chunks = json.loads(client.get(f"/api/documents/{pk}"))["chunks"]
    size = len(text.encode()) / KIB
    print(f"\nOne worker: {size:.0f} KiB of text, {chunks} chunks, in {seconds:.1f} s:", end=" ")
    print(f"{size / seconds:.0f} KiB/s")


def _report_learner(articles: list[Article]) -> None:
    from django.contrib.auth import get_user_model

    users = [get_user_model().objects.create_user(f"learner-{n}") for n in range(LEARNERS)]
    size = sum(len(article.text.encode()) for article in articles)
    print("\nPostgreSQL, growth in bytes")
    for what, amount, make in (
        ("a byte of text, searchable", size, _write_notes),
        ("a card", CARDS, _make_cards),
        ("a review", CARDS * REVIEWS_A_CARD, _review_cards),
        ("a question and its answer", MESSAGES, _chat),
    ):
        before = _database_size()
        make(users[0], articles)
        grown = _database_size() - before
        print(f"  {what:32}{grown / amount:12.1f}   ({amount} of them)")
    grown = _redis_growth(users)
    print(f"\nRedis, bytes a learner of the last half hour, {QUESTIONS} answers: {grown:.0f}")


def _write_notes(user: Any, articles: list[Article]) -> None:
    from notes.services.notes import create_note

    for article in articles:
        create_note(owner=user, title=article.title, content=article.text)


def _make_cards(user: Any, _articles: list[Article]) -> None:
    from flashcards.services.cards import create_card

    for number in range(CARDS):
        create_card(owner=user, term=f"Term {number}", definition="What it means. " * 8)


def _review_cards(user: Any, _articles: list[Article]) -> None:
    from flashcards.models import Flashcard
    from flashcards.services.recording import Given
    from flashcards.services.reviews import review_card

    for pk in Flashcard.objects.owned_by(user).values_list("pk", flat=True):
        for number in range(REVIEWS_A_CARD):
            review_card(owner=user, given=Given(pk, 1 + number % 4))


def _chat(user: Any, articles: list[Article]) -> None:
    from chat.services import begin_answer, start_conversation, write_answer

    conversation = start_conversation(owner=user, scope_type="all", scope_ids=[])
    asked = [one.text for article in articles for one in article.questions]
    for question in asked[:MESSAGES]:
        answer = begin_answer(conversation=conversation, question=question)
        for _ in write_answer(answer=answer):
            pass


def _database_size() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM FULL")
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _redis_growth(users: list[Any]) -> float:
    from django.test import Client as Caller
    from django_redis import get_redis_connection

    from learningaier.accounts.tokens import issue_token
    from notes.services.notes import create_note

    for user in users:
        create_note(owner=user, title="Plants", content="The light reaction produces ATP. " * 20)
    redis = get_redis_connection("default")
    redis.flushdb()
    before = redis.info("memory")["used_memory"]
    for user in users:
        caller = Caller(
            headers={"Authorization": f"Bearer {issue_token(user)}", "Host": "localhost"}
        )
        for number in range(QUESTIONS):
            body = {"question": f"What does the light reaction produce? {number}"}
            caller.post(ASK, json.dumps(body), content_type="application/json")
        for path in ("overview", "flashcard-difficulty"):
            caller.get(f"/api/analytics/{path}")
    return float(redis.info("memory")["used_memory"] - before) / len(users)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
