"""The process in which a worker's jobs run: forked once, it serves many of them.

A fork for each job cost three times what a short job does: its memory is copied page by page, and
its connections are opened anew. A child ends after MAX_JOBS jobs, with more than MAX_MEMORY, and
after a job that failed, as nobody knows what that has left behind.

Over the socket between the two go a line of JSON for each job, and back a byte when the child has
taken it and another at its end, whether the child stays for the next. A child that dies is told by
the end of the stream; a job that it has not taken is given to another.
"""

import json
import os
import select
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psutil

MAX_JOBS = 200
MAX_MEMORY = 384 * 1024**2  # bytes
END_SECONDS = 5.0  # a child that has nothing to do may take to its end
_TAKEN, _STAYS, _LEAVES = b"!", b"+", b"-"

Serve = Callable[[list[str]], bool]  # runs a job; whether the child may take another


class WarmChild:
    """A child as its worker sees it."""

    def __init__(self, serve: Serve, settle_in: Callable[[], None]) -> None:
        self._socket, other = socket.socketpair()
        self.pid = os.fork()
        if not self.pid:
            self._socket.close()
            _live(other, serve, settle_in)
        other.close()

    @property
    def is_free(self) -> bool:
        """Whether it can be given a job: it is alive and does not mean to end."""
        answer = self._peek(0.0)
        if answer == _STAYS:
            self._socket.recv(1)
            answer = self._peek(0.0)  # it may have died since
        return answer is None

    def give(self, job: list[str]) -> bool:
        """Have it run a job. Returns: whether it has taken it, or has died before."""
        with suppress(OSError):
            self._socket.sendall(json.dumps(job).encode() + b"\n")
            return self._peek(END_SECONDS) == _TAKEN and self._socket.recv(1) == _TAKEN
        return False

    def wait(self) -> tuple[int, int, Any]:
        """Wait for the end of the job. Returns: what `os.wait4` does, with status 0 for a child
        that goes on living.

        May be broken off by an exception of a signal's handler, and called again.
        """
        if self._peek(None):
            return self.pid, 0, None
        return os.wait4(self.pid, 0)

    def end(self) -> None:
        """Let it go, and wait until it has gone."""
        self._socket.close()
        with suppress(ChildProcessError, psutil.Error):
            try:
                psutil.Process(self.pid).wait(END_SECONDS)
            except psutil.TimeoutExpired:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)

    def _peek(self, seconds: float | None) -> bytes | None:
        """What it has answered, left there; None if nothing has come, empty if it is gone."""
        if not select.select([self._socket], [], [], seconds)[0]:
            return None
        with suppress(OSError):
            return self._socket.recv(1, socket.MSG_PEEK)
        return b""


def _live(connection: socket.socket, serve: Serve, settle_in: Callable[[], None]) -> None:
    """The child's life, until it is let go."""
    code = 1
    try:
        os.setpgrp()  # it is stopped with whatever it has started
        settle_in()
        with connection.makefile("rb") as requests:
            for number, line in enumerate(requests, 1):
                connection.sendall(_TAKEN)
                stays = serve(json.loads(line)) and number < MAX_JOBS and not _is_large()
                connection.sendall(_STAYS if stays else _LEAVES)
                if not stays:
                    break
        code = 0
    finally:
        os._exit(code)


def _is_large() -> bool:
    return bool(psutil.Process().memory_info().rss > MAX_MEMORY)
