"""A cached answer: our service beside a FastAPI service of the same job.

Both stand on this machine at the same time, each with 2 processes and a Redis of its own, and say
the same answer. wrk asks them in turn, at 1, 32 and 200 connections; every round has both, in
changing order, and a ratio is taken within a round, so that what else the machine does meets both.

    python -m bench.hot_path [--rounds 3] [--seconds 8]
"""

import argparse
import tempfile
from pathlib import Path
from statistics import median

from bench.client import ASK, QUESTION, Refused
from bench.load import Load, ask_all_the_time, require_wrk
from bench.memory import report_memory
from bench.services import PROCESSES, Service, run_ours, run_peer

CONNECTIONS = (1, 32, 200)
WARM_UP_SECONDS = 2
MAX_P99 = 100  # ms, of a cached answer at 200 connections

Round = tuple[Load, Load]  # ours, the peer's


def main() -> None:
    """Measure and print."""
    options = _parse_arguments()
    require_wrk()
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        run_ours(Path(folder) / "ours") as ours,
        ours.client() as client,
    ):
        report_memory(ours)
        client.post(ASK, {"question": QUESTION})
        answer = client.post(ASK, {"question": QUESTION})
        with run_peer(Path(folder) / "peer", answer, model_seconds=0) as peer:
            check_equal(ours, peer)
            _measure(ours, peer, options.rounds, options.seconds)


def check_equal(ours: Service, peer: Service) -> None:
    """Both give the same answer from their caches. Raises: Refused."""
    answers = []
    for service in (ours, peer):
        with service.client() as client:
            client.post(ASK, {"question": QUESTION})
            answers.append(client.post(ASK, {"question": QUESTION}))
    if answers[0] != answers[1] or not answers[0]["cached"]:
        raise Refused(f"The two services answer differently: {answers}")


def _measure(ours: Service, peer: Service, rounds: int, seconds: int) -> None:
    print(f"\nA cached answer, {PROCESSES} processes each, {rounds} rounds of {seconds} s each.")
    print(f"{'':24}{'requests/s':>12}{'p50 ms':>10}{'p99 ms':>10}{'failed':>10}")
    for connections in CONNECTIONS:
        for service in (ours, peer):
            ask_all_the_time(service, connections=connections, seconds=WARM_UP_SECONDS)
        _report(
            connections,
            [_run_round(ours, peer, number, connections, seconds) for number in range(rounds)],
        )


def _run_round(ours: Service, peer: Service, number: int, connections: int, seconds: int) -> Round:
    order = (ours, peer) if number % 2 == 0 else (peer, ours)
    loads = {
        service.name: ask_all_the_time(service, connections=connections, seconds=seconds)
        for service in order
    }
    return loads[ours.name], loads[peer.name]


def _report(connections: int, rounds: list[Round]) -> None:
    print(f"\n{connections} connection{'s' if connections > 1 else ''}")
    for name, loads in zip(("learningaier", "FastAPI"), zip(*rounds, strict=True), strict=True):
        throughput = median(load.throughput for load in loads)
        p50, p99 = median(load.p50 for load in loads), median(load.p99 for load in loads)
        failed = median(load.failed for load in loads)
        print(f"  {name:22}{throughput:12.0f}{p50:10.1f}{p99:10.1f}{failed:10.2%}")
    _report_ratio("throughput", ">= 1.0", [a.throughput / b.throughput for a, b in rounds])
    _report_ratio("p50", "none", [a.p50 / b.p50 for a, b in rounds])
    _report_ratio("p99", "<= 1.0", [a.p99 / b.p99 for a, b in rounds])
    if connections == CONNECTIONS[-1]:
        ratio = median(ours.p99 for ours, _ in rounds) / MAX_P99
        print(f"  our p99 / {MAX_P99} ms: {ratio:.2f}   target <= 1.0")


def _report_ratio(what: str, target: str, ratios: list[float]) -> None:
    by_round = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    print(f"  ratio of {what:10} {median(ratios):5.2f}   target {target:7} by round: {by_round}")


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=8)
    return parser.parse_args()


if __name__ == "__main__":
    main()
