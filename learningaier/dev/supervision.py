"""Starting again what has ended under `make run`, as long as that helps."""

import time
from collections import defaultdict, deque
from collections.abc import Sequence
from pathlib import Path

from learningaier.embedded.processes import Child, EnvironmentFailure, ProcessTable

MAX_ENDS = 5  # of one child in WINDOW_SECONDS
WINDOW_SECONDS = 60.0
FIRST_PAUSE = 0.2  # seconds; twice as long with each end in the window
LOOK_SECONDS = 0.2


class Supervisor:
    """Watches the children of a table. Blocks, so a signal's handler ends it."""

    def __init__(self, table: ProcessTable) -> None:
        self._table = table
        self._ends: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=MAX_ENDS))
        self._due: dict[str, float] = {}  # when a child that has ended is started again

    def watch(self) -> None:
        """Look after the children without end. Raises: EnvironmentFailure when one won't live."""
        while True:
            self.look(self._table.children)
            time.sleep(LOOK_SECONDS)

    def look(self, children: Sequence[Child]) -> None:
        """Note which children have ended, and start those whose pause is over."""
        now = time.monotonic()
        for child in children:
            if child.process.poll() is None:
                continue
            due = self._due.get(child.name)
            if due is None:
                self._due[child.name] = now + self._note_end(child, now)
            elif now >= due:
                del self._due[child.name]
                self._table.restart(child)
                print(f"{child.name} was started again.", flush=True)

    def _note_end(self, child: Child, now: float) -> float:
        """Returns: the seconds until it is started again. Raises: EnvironmentFailure."""
        ends = self._ends[child.name]
        ends.append(now)
        recent = sum(now - end < WINDOW_SECONDS for end in ends)
        code = child.process.returncode
        print(f"{child.name} has ended with exit code {code}.", flush=True)
        if recent >= MAX_ENDS:
            raise EnvironmentFailure(
                f"{child.name} has ended five times; last words: {last_words(child.log)}"
            )
        return FIRST_PAUSE * 2.0 ** (recent - 1)


def last_words(log: Path | None) -> str:
    """The end of a log, for the message that a person sees."""
    if log is None:
        return ""
    lines = log.read_text(errors="replace").splitlines()[-12:]
    return f"the end of {log}:\n" + "\n".join(lines)
