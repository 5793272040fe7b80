"""A day of a heavy learner: 100,000 cards and 1,000,000 reviews, 1,000 others beside.

    python -m bench.flashcards [--cards 100000] [--others 1000] [--rounds 40] [--folder F]

1. Through HTTP: `make run` with one web process; p50 and p95 of each request, beside its target.
2. In process, without HTTP: the same services, beside Anki's own package (`anki` of PyPI, in an
   environment that this script makes) on the same cards and reviews, in its process. Anki keeps one
   learner's collection in a file and works without a server; we answer for many.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psutil

from bench.client import Client
from bench.flashcard_library import Library, export, find_library, make_library
from bench.library import set_up_django
from bench.services import Service, run_ours
from learningaier.embedded import postgres
from learningaier.embedded.paths import sockets_of
from learningaier.embedded.redis import url as redis_url

PEER = Path(sys.prefix) / "anki"
BATCH, REPLAYED = 1000, 10_000  # reviews of an offline device; cards that are replayed
OTHERS_CARDS = 20
Request = tuple[str, str, Any]  # method, path, body


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cards", type=int, default=100_000)
    parser.add_argument("--others", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--folder", type=Path, help="keeps the library there for the next run")
    options = parser.parse_args()
    with _service(options.folder) as (ours, folder):
        began = time.monotonic()
        library = find_library() or make_library(
            cards=options.cards, others=options.others, others_cards=OTHERS_CARDS
        )
        print(
            f"{library.cards:,} cards and {library.reviews:,} reviews of one learner, "
            f"others beside (made in {time.monotonic() - began:.0f} s)",
            flush=True,
        )
        export(library, folder / "library.jsonl")
        _report_http(ours, library, options.rounds)
        mine = _measure_in_process(library, options.rounds)
        peer = {} if options.no_peer else _measure_peer(folder)
        _report_in_process(mine, peer)


@contextmanager
def _service(kept: Path | None) -> Iterator[tuple[Service, Path]]:
    """`make run` with one web process, and Django in this process on its database."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = kept or Path(name) / "ours"
        with run_ours(folder, processes=1) as ours:
            sockets = sockets_of(folder)
            set_up_django(folder, postgres.url(sockets), redis_url(sockets))
            yield ours, Path(name)


def _report_http(ours: Service, library: Library, rounds: int) -> None:
    token = _sign_in(ours)
    print(f"\n{f'Through HTTP, one web process, {rounds} rounds':46}", end="")
    print(f"{'p50 ms':>9}{'p95 ms':>9}{'target':>9}{'':8}{'processor ms':>14}")
    with Client(ours.port, token) as client:
        for name, target, requests in _requests(library):
            count = _rounds_of(name, rounds)
            before = _processor_seconds(ours)
            times = [_time(client, next(requests)) for _ in range(count)]
            busy = (_processor_seconds(ours) - before) / count * 1000
            p95 = quantiles(times, n=20)[18] if count >= 20 else max(times)
            verdict = "" if not target else "met" if p95 <= target else "MISSED"
            print(f"  {name:44}{median(times):9.1f}{p95:9.1f}{target or '':>9}", end=" ")
            # A process of the database that has ended took its time with it.
            print(f"{verdict:7}{f'{busy:.1f}' if busy > 0 else '':>14}", flush=True)


def _processor_seconds(ours: Service) -> float:
    """What the service's processes have taken: on a busy machine times grow and these less."""
    family = psutil.Process(ours.pid).children(recursive=True)
    return float(sum(one.user + one.system for one in (each.cpu_times() for each in family)))


def _rounds_of(name: str, rounds: int) -> int:
    return 3 if name.startswith(("a batch", "plan:", "the workload")) else rounds


def _sign_in(ours: Service) -> str:
    with Client(ours.port) as client:
        body = {"username": "heavy", "password": "a long password"}
        token: str = client.post("/api/auth/token", body)["token"]
        return token


def _time(client: Client, request: Request) -> float:
    method, path, body = request
    began = time.perf_counter()
    if method == "GET":
        client.get(path)
    else:
        client.post(path, body)
    return (time.perf_counter() - began) * 1000


def _requests(library: Library) -> Iterator[tuple[str, float, Iterator[Request]]]:
    """Name, target in ms, and the requests of each measure."""
    deck = library.decks[3]

    def get(path: str, **query: Any) -> Iterator[Request]:
        asked = f"?{urllib.parse.urlencode(query)}" if query else ""
        return itertools.repeat(("GET", f"/api/{path}{asked}", None))

    yield "/health, which does nothing", 0, itertools.repeat(("GET", "/health", None))
    yield "queue of all decks", 50, get("flashcards/queue")
    yield "queue of one deck", 50, get("flashcards/queue", deck=deck.name)
    yield "a review", 30, _reviews(library)
    yield f"{len(library.decks)} decks with counts", 40, get("decks")
    for name, query in _LISTS.items():
        yield f"cards: {name}", 50, get("flashcards", limit=20, **query)
    yield f"a batch of {BATCH:,} offline reviews", 3000, _batches(library)
    yield "a batch of as many, late: cards replayed", 3000, _batches(library, is_late=True)
    yield "plan: exam of one deck", 1000, _plans("exam", deck.name)
    yield "plan: catch-up of one deck", 1000, _plans("catch_up", deck.name)
    yield "plan: catch-up of all decks", 0, _plans("catch_up", None)
    yield "the workload of one deck", 2000, get("flashcards/workload", deck=deck.name)
    yield "the workload of all decks", 2000, get("flashcards/workload")


_LISTS: dict[str, dict[str, Any]] = {
    "newest": {},
    "of a deck, in review": {"deck": "Deck 3", "status": "review"},
    "due": {"due": "true"},
    "due of a deck": {"due": "true", "deck": "Deck 3", "sort": "due"},
    "of a tag": {"tag": "tag-7"},
    "leeches": {"is_leech": "true"},
    "suspended": {"is_suspended": "true"},
    "a rare text": {"q": "gebole"},
    "a frequent text": {"q": "ma"},
    "a text that is nowhere": {"q": "xyzzy"},
    "most at risk first": {"sort": "retrievability"},
    "most difficult first": {"sort": "-difficulty"},
    "of a deck, most at risk first": {"deck": "Deck 3", "sort": "retrievability"},
}


def _card_ids(library: Library, **wanted: Any) -> list[uuid.UUID]:
    from flashcards.models import Flashcard

    cards = Flashcard.objects.owned_by(library.owner).filter(is_suspended=False, **wanted)
    return list(cards.order_by("pk").values_list("pk", flat=True)[:20_000])


def _reviews(library: Library) -> Iterator[Request]:
    for number, pk in enumerate(itertools.cycle(_card_ids(library, status="review"))):
        yield "POST", "/api/flashcards/review", {"flashcard_id": str(pk), "rating": 2 + number % 3}


def _batches(library: Library, *, is_late: bool = False) -> Iterator[Request]:
    """A thousand reviews of the last hour, or of so long ago that their cards are replayed."""
    from django.utils import timezone

    ids = itertools.cycle(reversed(_card_ids(library, status="review")))
    while True:
        at = timezone.now() - (timedelta(days=1, hours=5) if is_late else timedelta(seconds=2))
        yield "POST", "/api/flashcards/reviews", {
            "reviews": [
                {"id": str(uuid.uuid4()), "flashcard_id": str(next(ids)), "rating": 3,
                 "reviewed_at": at.isoformat()}
                for _ in range(BATCH)
            ]
        }  # fmt: skip


def _plans(kind: str, deck: str | None) -> Iterator[Request]:
    from django.utils import timezone

    exam = (timezone.now() + timedelta(days=30)).date().isoformat()
    fields = {"exam_date": exam, "minutes_per_day": 60} if kind == "exam" else {"days": 10}
    return itertools.repeat(
        ("POST", "/api/flashcards/plans", {"kind": kind, "deck": deck, **fields})
    )


def _measure_in_process(library: Library, rounds: int) -> dict[str, float]:
    """Medians in milliseconds, and the reviews replayed in a second."""
    from django.utils import timezone

    from flashcards.days import calendar_of
    from flashcards.models import Deck, Flashcard
    from flashcards.services.queue import build_queue
    from flashcards.services.rebuilding import find_differences
    from flashcards.services.recording import Given
    from flashcards.services.reviews import review_card
    from flashcards.views.selection import narrow_cards

    owner, deck = library.owner, library.decks[3]
    ids = iter(_card_ids(library, status="review", deck=deck))
    now = timezone.now()
    today = calendar_of(owner).day_of(now)
    cards = Flashcard.objects.owned_by(owner)
    found = {
        "decks with counts": _median(
            lambda: list(Deck.objects.owned_by(owner).with_counts(now, today)), rounds
        ),
        "queue": _median(lambda: build_queue(owner=owner, deck=deck, limit=20), rounds),
        "review": _median(lambda: review_card(owner=owner, given=Given(next(ids), 3)), rounds),
        "search, rare word": _median(
            lambda: list(narrow_cards(cards, owner, {"q": "gebole"}).values_list("pk", flat=True)),
            rounds,
        ),
        "search, deck and due": _median(
            lambda: list(cards.filter(deck=deck).due_by(now, today).values_list("pk", flat=True)),
            rounds,
        ),
    }
    began, used, replayed = time.perf_counter(), time.process_time(), 0
    for card, _, _ in itertools.islice(find_differences(owner), REPLAYED):
        replayed += card.reps
    found["replayed a second"] = replayed / (time.perf_counter() - began)
    found["replayed of the processor"] = replayed / (time.process_time() - used)
    return found


def _median(work: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return median(times) * 1000


def _measure_peer(folder: Path) -> dict[str, Any]:
    python = PEER / "bin" / "python"
    if not python.exists():
        venv.create(PEER, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "anki"], check=True)
    script = Path(__file__).parent / "anki_peer.py"
    command = [python, script, folder / "library.jsonl", folder / "collection.anki2"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=_bare())
    peer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return peer


def _bare() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}


def _report_in_process(mine: dict[str, float], peer: dict[str, Any]) -> None:
    rate = mine.pop("replayed a second")
    busy = mine.pop("replayed of the processor")
    print(f"\n{rate:,.0f} reviews a second replayed from the database (target 20,000)", end=" ")
    print(f"{'met' if rate >= 20_000 else 'MISSED'}; {busy:,.0f} a second of our processor")
    print(f"Load of the machine: {os.getloadavg()[0]:.0f} on {os.cpu_count()} processors")
    if peer:
        print(f"Anki {peer['version']}: {peer['cards']:,} cards, {peer['reviews']:,} reviews")
    print(f"{'In process, p50':46}{'ours ms':>9}{'Anki ms':>9}{'ratio':>8}")
    for name, ours in mine.items():
        theirs = peer.get(name)
        beside = f"{theirs:9.2f}{ours / theirs:8.1f}" if theirs else ""
        print(f"  {name:44}{ours:9.2f}{beside}")


if __name__ == "__main__":
    main()
