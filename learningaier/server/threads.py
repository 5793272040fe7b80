"""The threads in which Django works, of this process: how many, for whom, how many are in use."""

import os

from prometheus_client import Gauge

from learningaier.server.slots import FairSlots

THREADS = int(os.environ.get("WEB_THREADS", "16"))
OF_USER = max(1, THREADS * 5 // 8)
OF_ADDRESS = max(1, THREADS * 3 // 4)
PATIENCE = 30.0  # seconds that a request waits for a thread
MAX_WAITING = 1000
STUCK_SECONDS = 10.0  # of waiting for a thread, after which this process is not ready

IN_USE = Gauge(
    "learningaier_threads_in_use",
    "Threads of the web processes that work on a request.",
    multiprocess_mode="livesum",
)
TOTAL = Gauge("learningaier_threads", "Threads of the web processes.", multiprocess_mode="livesum")
WAITING = Gauge(
    "learningaier_requests_waiting",
    "Requests that wait for a thread.",
    multiprocess_mode="livesum",
)


def _show(used: int, waiting: int) -> None:
    IN_USE.set(used)
    WAITING.set(waiting)
    TOTAL.set(THREADS)


slots = FairSlots(
    THREADS,
    a_user=OF_USER,
    an_address=OF_ADDRESS,
    max_waiting=MAX_WAITING,
    patience=PATIENCE,
    on_change=_show,
)
