"""100 identical questions at once with a cold cache: how many of them are computed.

Asked of our service and of the FastAPI peer, each in turn, with a new question every round. The
peer's model takes as long as one of our computations does, measured just before. An answer counts
as computed where it says `cached: false`; the metric of our cache tells how many found it missing.

    python -m bench.stampede [--rounds 3]
"""

import argparse
import re
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from bench.client import ASK, QUESTION, Client
from bench.services import Service, run_ours, run_peer

CLIENTS = 100
ANSWER_LOOKUPS = re.compile(
    r'^learningaier_cache_lookups_total\{kind="rag",result="miss"\} (\S+)$', re.MULTILINE
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        run_ours(Path(folder) / "ours") as ours,
        ours.client() as client,
    ):
        answer = client.post(ASK, {"question": QUESTION})
        seconds = median(_time_cold(client, number) for number in range(5))
        with run_peer(Path(folder) / "peer", answer, model_seconds=seconds) as peer:
            print(f"{CLIENTS} identical questions at once, cold cache, {rounds} rounds")
            _compare(ours, peer, rounds)


def _compare(ours: Service, peer: Service, rounds: int) -> None:
    found_missing = _count_misses(ours)
    ours_computed, peer_computed = [], []
    for number in range(rounds):
        question = f"{QUESTION} Round {number}"
        ours_computed.append(count_computed(ours, question))
        peer_computed.append(count_computed(peer, question))
    found_missing = _count_misses(ours) - found_missing
    print(f"  learningaier computed {ours_computed}   target 1 each")
    print(f"  FastAPI      computed {peer_computed}")
    print(f"  ratio {sum(ours_computed) / sum(peer_computed):.3f}")
    print(f"  our asks that found the cache empty, and waited: {found_missing - rounds:.0f}")


def count_computed(service: Service, question: str) -> int:
    """How many of `CLIENTS` asks at the same moment are answered by a computation of their own."""
    barrier = threading.Barrier(CLIENTS)

    def ask() -> bool:
        with service.client() as client:
            barrier.wait(timeout=60)
            return not client.post(ASK, {"question": question})["cached"]

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = [pool.submit(ask) for _ in range(CLIENTS)]
        return sum(answer.result() for answer in answers)


def _time_cold(client: Client, number: int) -> float:
    began = time.perf_counter()
    client.post(ASK, {"question": f"{QUESTION} Trial {number}"})
    return time.perf_counter() - began


def _count_misses(ours: Service) -> float:
    """What /metrics says of all our processes."""
    with ours.client() as client:
        found = ANSWER_LOOKUPS.search(client.get("/metrics"))
    return float(found[1]) if found else 0.0


if __name__ == "__main__":
    main()
