"""Anki's package on the same cards and reviews, in this process, run by an environment of its own.

    python anki_peer.py library.jsonl collection.anki2

Prints JSON: milliseconds by name, medians. What it needs to know of a collection's tables is
https://github.com/ankidroid/Anki-Android/wiki/Database-Structure.
"""

import itertools
import json
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from anki import buildinfo
from anki.collection import Collection

ROUNDS, ANSWERS, PAGE = 10, 200, 20
FIRST = 1_600_000_000_000  # the id of the first card
QUEUES = {"new": (0, 0), "learning": (1, 1), "review": (2, 2), "relearning": (3, 1)}  # type, queue
CARD = "INSERT INTO cards VALUES (?, ?, ?, 0, 0, 0, ?, ?, ?, ?, 2500, ?, ?, 0, 0, 0, 0, ?)"
NOTE = "INSERT INTO notes VALUES (?, ?, ?, 0, 0, '', ?, ?, 0, 0, '')"
REVIEW = "INSERT OR IGNORE INTO revlog VALUES (?, ?, 0, ?, ?, 0, 2500, ?, ?)"
DECKS_BY_TURNS = itertools.cycle(["Deck 3", "Deck 4"])
KINDS = {"new": 0, "learning": 0, "review": 1, "relearning": 2}


def main() -> None:
    """Fill a collection and measure."""
    lines, path = sys.argv[1:]
    _fill(path, lines, _prepare(path, lines))
    collection = Collection(path)
    collection.set_config("fsrs", True)
    print(json.dumps(_measure(collection)))
    collection.close()


def _read(lines: str) -> Iterator[list[Any]]:
    with Path(lines).open() as given:
        yield from map(json.loads, given)


def _prepare(path: str, lines: str) -> dict[str, int]:
    """A collection with the decks and our limits. Returns: what `_write_card` takes as places."""
    collection = Collection(path)
    names = dict.fromkeys(row[2] for row in _read(lines) if row[0] == "card")
    decks = {name: collection.decks.id(name) for name in names}
    basic = collection.models.by_name("Basic")["id"]
    rules = collection.decks.all_config()[0]
    rules["rev"]["perDay"], rules["new"]["perDay"] = 200, 20
    collection.decks.update_config(rules)
    days = collection.sched.today
    collection.close()
    return {**{str(name): int(pk) for name, pk in decks.items()}, "": basic, "today": days}


def _fill(path: str, lines: str, places: dict[str, int]) -> None:
    today = next(date.fromisoformat(row[1]) for row in _read(lines) if row[0] == "today")
    ids: dict[str, int] = {}
    with sqlite3.connect(path) as store:
        store.create_collation("unicase", lambda a, b: (a > b) - (a < b))
        for row in _read(lines):
            if row[0] == "card":
                _write_card(store, ids, row, places, today)
            elif row[0] == "review":
                _write_review(store, ids, row)


def _write_card(
    store: Any, ids: dict[str, int], row: list[Any], places: dict[str, int], today: date
) -> None:
    """`places`: ids of decks by name; "" the note type's, "today" Anki's number of the day."""
    _, card_id, deck, status, due_day, interval, reps, lapses, stability, difficulty, *rest = row
    term, definition, is_suspended, last_day = rest
    pk = ids[card_id] = FIRST + len(ids)
    kind, queue = QUEUES[status]
    due = places["today"] + (date.fromisoformat(due_day) - today).days if due_day else len(ids)
    if queue == 1:
        due = int(time.time()) + 3600
    memory = {"s": round(stability, 4), "d": round(difficulty, 3)} if stability else {}
    if last_day:
        memory["lrt"] = int(time.time()) + 86400 * (date.fromisoformat(last_day) - today).days
    store.execute(NOTE, [pk, card_id, places[""], f"{term}\x1f{definition}", term])
    store.execute(
        CARD,
        [pk, pk, places[deck], kind, -1 if is_suspended else queue, due, int(interval), reps,
         lapses, json.dumps(memory) if memory else ""],
    )  # fmt: skip


def _write_review(store: Any, ids: dict[str, int], row: list[Any]) -> None:
    _, card_id, rating, at, interval, state, milliseconds = row
    days = int(interval) if interval >= 1 else -int(interval * 86400)
    # A review's id is its time: copies of one card would have one.
    moment = at + ids[card_id] - FIRST
    store.execute(REVIEW, [moment, ids[card_id], rating, days, milliseconds, KINDS[state]])


def _measure(collection: Any) -> dict[str, Any]:
    scheduler = collection.sched
    found = {
        "version": buildinfo.version,
        "cards": collection.card_count(),
        "reviews": collection.db.scalar("SELECT count(*) FROM revlog"),
        "decks with counts": _time(scheduler.deck_due_tree),
        "queue": _time(lambda: _build_queue(collection)),
        "search, rare word": _time(lambda: collection.find_cards("gebole")),
        "search, deck and due": _time(lambda: collection.find_cards("deck:Deck*3 is:due")),
    }
    times = []
    for _ in range(ANSWERS):
        queued = scheduler.get_queued_cards(fetch_limit=1)
        if not queued.cards:
            break
        first = queued.cards[0]
        answer = scheduler.build_answer(
            card=_card(collection, first), states=first.states, rating=2
        )
        began = time.perf_counter()
        scheduler.answer_card(answer)
        times.append(time.perf_counter() - began)
    found["review"] = median(times) * 1000
    return found


def _card(collection: Any, queued: Any) -> Any:
    card = collection.get_card(queued.card.id)
    card.start_timer()
    return card


def _build_queue(collection: Any, turn: Iterator[str] = DECKS_BY_TURNS) -> Any:
    collection.decks.set_current(collection.decks.id(next(turn)))  # another: the queue is built
    return collection.sched.get_queued_cards(fetch_limit=PAGE)


def _time(work: Callable[[], Any]) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return median(times) * 1000


if __name__ == "__main__":
    main()
