"""A server of a test's own below a service, to do to it what happens to servers."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from learningaier.embedded.stack import Stack


class ControllableServer:
    """It can be killed, frozen and brought back under its old address.

    `start`: `Stack.start_redis` or `Stack.start_postgres`.
    """

    def __init__(self, folder: Path, start: Callable[[Stack], str]) -> None:
        self._stack, self._start = Stack(folder), start
        self._stack.open()
        self.url = self.start()

    def start(self) -> str:
        return self._start(self._stack)

    def kill(self) -> None:
        process = self._stack.table.children.pop().process
        process.kill()
        process.wait()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        whole = psutil.Process(self._stack.table.children[-1].process.pid)
        family = [whole, *whole.children(recursive=True)]
        for process in family:
            process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            for process in family:
                process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        self._stack.close()
