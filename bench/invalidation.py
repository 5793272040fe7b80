"""One flashcard review with 1,000 and with 1,000,000 other keys in Redis.

A review makes its learner's analytics fresh. Two of our services stand side by side; one has 1,000
keys of other learners in its Redis, the other 1,000,000. Reviews go to them by turns over HTTP. The
same before the keys are there tells how equal the two are anyway. For comparison: what the old
service did instead, deletion of `analytics:{user}:*` by SCAN.

    python -m bench.invalidation [--reviews 300]
"""

import argparse
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.client import Client
from bench.services import Service, run_ours

FEW, MANY = 1_000, 1_000_000
BATCH = 5_000
KEPT_SECONDS = 3600
BLOCKS = 4  # the reviews are reported in so many parts, to show how steady the ratio is
MOST = 1.2

Pair = tuple[float, float]  # seconds with few keys, seconds with many


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--reviews", type=int, default=300)
    reviews = parser.parse_args().reviews
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        run_ours(Path(folder) / "few") as few,
        run_ours(Path(folder) / "many") as many,
    ):
        before = _measure_reviews(few, many, reviews)
        print(f"One review, {reviews} by turns on each side")
        _report("before the keys: many / few", before, "about 1")
        fill(few, FEW)
        fill(many, MANY)
        after = _measure_reviews(few, many, reviews)
        _report(f"{MANY:,} / {FEW:,} other keys", after, f"<= {MOST}")
        scans = [_by_turns(few, many, _time_scan) for _ in range(BLOCKS)]
        _report("deletion by SCAN, as before", scans, "none")


def fill(service: Service, count: int) -> None:
    """Put `count` keys of other learners into the service's Redis, half analytics, half answers."""
    with service.redis() as redis:
        for start in range(0, count, BATCH):
            pipeline = redis.pipeline(transaction=False)
            for number in range(start, min(start + BATCH, count)):
                user = uuid.UUID(int=number)
                name = f"analytics:{user}:overview" if number % 2 else f"rag:{user}:all:{number:x}"
                pipeline.set(name, b"{}", ex=KEPT_SECONDS)
            pipeline.execute()
        print(f"  {service.folder.name}: {redis.dbsize():,} keys in Redis")


def _measure_reviews(few: Service, many: Service, reviews: int) -> list[Pair]:
    with few.client() as few_client, many.client() as many_client:
        sides = [(client, _new_card(client)) for client in (few_client, many_client)]
        for side in sides * 10:
            _time_review(*side)
        pairs = []
        for number in range(reviews):
            order = sides if number % 2 == 0 else sides[::-1]
            seconds = [_time_review(*side) for side in order]
            pairs.append((seconds[0], seconds[1]) if order is sides else (seconds[1], seconds[0]))
    return pairs


def _new_card(client: Client) -> str:
    card = {"term": f"Benchmark {uuid.uuid4()}", "definition": "A comparison"}
    return str(client.post("/api/flashcards", card)["id"])


def _time_review(client: Client, card_id: str) -> float:
    began = time.perf_counter()
    client.post("/api/flashcards/review", {"flashcard_id": card_id, "rating": 3})
    return time.perf_counter() - began


def _time_scan(service: Service) -> float:
    with service.redis() as redis:
        began = time.perf_counter()
        for key in redis.scan_iter(match=f"analytics:{uuid.uuid4()}:*", count=1000):
            redis.delete(key)
        return time.perf_counter() - began


def _by_turns(few: Service, many: Service, measure: Callable[[Service], float]) -> Pair:
    return measure(few), measure(many)


def _report(what: str, pairs: list[Pair], target: str) -> None:
    """The ratio of the medians, over all and in parts."""
    size = max(1, len(pairs) // BLOCKS)
    blocks = [pairs[start : start + size] for start in range(0, size * BLOCKS, size)]
    parts = ", ".join(f"{_ratio(block):.2f}" for block in blocks)
    print(f"  {what:32} ratio {_ratio(pairs):7.2f}   target {target:8} in parts: {parts}")


def _ratio(pairs: list[Pair]) -> float:
    return median(many for _, many in pairs) / median(few for few, _ in pairs)


if __name__ == "__main__":
    main()
