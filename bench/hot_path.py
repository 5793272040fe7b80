"""A cached answer: our service beside a FastAPI service of the same job.

Both stand on this machine at the same time, each with 2 processes and a Redis of its own, and say
the same answer. wrk asks them in turn, at 1, 32 and 200 connections; every round has both, in
changing order, and a ratio is taken within a round, so that what else the machine does meets both.

    python -m bench.hot_path [--rounds 3] [--seconds 8] [--origin] [--firebase]

`--origin`: a page of another origin asks. `--firebase`: with an ID token of Firebase, confirmed by
a stand-in for Google on this machine.
"""

import argparse
import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.client import ASK, QUESTION, Refused
from bench.load import Load, ask_all_the_time, require_wrk
from bench.memory import report_memory
from bench.services import PROCESSES, Service, run_firebase, run_ours, run_peer

CONNECTIONS = (1, 32, 200)
WARM_UP_SECONDS = 2
ORIGIN = "http://localhost:5173"  # of a page that may call a local service
NOTE = "The light reaction produces ATP and NADPH."
MAX_P99 = 100  # ms, of a cached answer at 200 connections

Round = tuple[Load, Load]  # ours, the peer's


def main() -> None:
    """Measure and print."""
    options = _parse_arguments()
    require_wrk()
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        _run_ours(Path(folder), has_firebase=options.firebase) as ours,
        ours.client() as client,
    ):
        report_memory(ours)
        if options.firebase:  # its learner begins with nothing
            client.post("/api/notes", {"title": "Plants", "content": NOTE})
        client.post(ASK, {"question": QUESTION})
        answer = client.post(ASK, {"question": QUESTION})
        origin = ORIGIN if options.origin else ""
        folder_of_peer = Path(folder) / "peer"
        with run_peer(folder_of_peer, answer, model_seconds=0, origin=origin) as peer:
            check_equal(ours, peer)
            _measure(ours, peer, options, origin)


@contextlib.contextmanager
def _run_ours(folder: Path, *, has_firebase: bool) -> Iterator[Service]:
    with contextlib.ExitStack() as stack:
        variables, token = {}, ""
        if has_firebase:
            variables, token = stack.enter_context(run_firebase(folder / "google"))
        yield stack.enter_context(run_ours(folder / "ours", variables=variables, token=token))


def check_equal(ours: Service, peer: Service) -> None:
    """Both give the same answer from their caches. Raises: Refused."""
    answers = []
    for service in (ours, peer):
        with service.client() as client:
            client.post(ASK, {"question": QUESTION})
            answers.append(client.post(ASK, {"question": QUESTION}))
    if answers[0] != answers[1] or not answers[0]["cached"]:
        raise Refused(f"The two services answer differently: {answers}")


def _measure(ours: Service, peer: Service, options: argparse.Namespace, origin: str) -> None:
    rounds, seconds = options.rounds, options.seconds
    print(f"\nA cached answer, {PROCESSES} processes each, {rounds} rounds of {seconds} s each.")
    print(f"{'':24}{'requests/s':>12}{'p50 ms':>10}{'p99 ms':>10}{'failed':>10}")
    for connections in CONNECTIONS:
        for service in (ours, peer):
            ask_all_the_time(service, connections=connections, seconds=WARM_UP_SECONDS)
        loads = []
        for number in range(rounds):
            order = (ours, peer) if number % 2 == 0 else (peer, ours)
            asked = [
                ask_all_the_time(service, connections=connections, seconds=seconds, origin=origin)
                for service in order
            ]
            loads.append((asked[number % 2], asked[1 - number % 2]))
        _report(connections, loads)


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
    parser.add_argument("--origin", action="store_true")
    parser.add_argument("--firebase", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
