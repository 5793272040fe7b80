"""`python -m documents.extraction_child <socket> <worker's pid>`: forks children that read files.

It starts once a worker, loads the readers, and then only waits: files are read by its forks, so no
file pays for the start of Python. A fork reads the files of one learner, one after the other: no
file meets what another learner's has left behind. It is replaced after MAX_FILES, with more than
MAX_IDLE_MEMORY or MAX_IDLE_CPU used, after a file that it could not read, and when it dies. All of
it runs without Django and without the service's secrets: a hostile file can take down, fill or
stall only its own process.

A connection is one file: the request comes as a line of JSON, `{"pid"}` goes back at once and
`{"returncode"}` at the end. Whoever hangs up ends the child. The result is a file of JSON,
`{"text", "pages", "warnings"}` or `{"error", "message"}` with a code of `Failure`.
"""

import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from documents.extraction_reader import Reader

MAX_REQUEST_BYTES = 64 * 1024
IDLE_SECONDS = 120  # without a file, after which it ends; the next file starts it anew
IDLE_READER_SECONDS = 10  # after which its children end
POLL_SECONDS = 1.0


def main(address: str, worker: str) -> None:
    """Serve until the worker is gone or nothing has come for a while."""
    with socket.socket(socket.AF_UNIX) as listener:
        own = f"{address}.{os.getpid()}"
        listener.bind(own)
        listener.listen(16)
        inode = Path(own).stat().st_ino
        if os.fork():
            os._exit(0)  # whoever started this need not wait for its end
        Path(own).rename(address)  # at once: nobody finds a socket that does not listen yet
        wakeup, ring = os.pipe()
        os.set_blocking(ring, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(ring)
        try:
            _Server(listener, wakeup, int(worker)).serve()
        finally:
            with suppress(OSError):
                if Path(address).stat().st_ino == inode:
                    Path(address).unlink()


class _Server:
    def __init__(self, listener: socket.socket, wakeup: int, worker: int) -> None:
        self._listener, self._wakeup, self._worker = listener, wakeup, worker
        self._readers: dict[int, Reader] = {}

    def serve(self) -> None:
        idle = 0.0
        while idle < IDLE_SECONDS and _is_alive(self._worker):
            busy = [reader for reader in self._readers.values() if reader.client is not None]
            waiting: list[Any] = [self._listener, self._wakeup]
            waiting += [one for reader in busy for one in (reader.client, reader.socket)]
            ready = select.select(waiting, [], [], POLL_SECONDS)[0]
            idle = idle + POLL_SECONDS if not ready and not busy else 0.0
            if idle >= IDLE_READER_SECONDS:
                self._end_idle()
            if self._listener in ready:
                self._accept()
            for reader in busy:
                if reader.socket in ready:
                    reader.finish()
                elif reader.client in ready:  # nothing more is ever said: it has hung up
                    reader.kill()
            if self._wakeup in ready:
                os.read(self._wakeup, 512)
                self._reap()

    def _accept(self) -> None:
        connection = self._listener.accept()[0]
        connection.settimeout(10)
        try:
            with connection.makefile("rb") as stream:
                request = json.loads(stream.readline(MAX_REQUEST_BYTES))
            while not self._reader_for(request.get("learner", "")).begin(connection, request):
                self._reap()
        except (OSError, ValueError):
            connection.close()

    def _reader_for(self, learner: str) -> Reader:
        """The child that has read this learner's files before, or a new one."""
        for reader in self._readers.values():
            if learner and reader.learner == learner and reader.is_free:
                return reader
        self._end_idle()
        others = [self._listener, *(one.socket for one in self._readers.values())]
        others += [one.client for one in self._readers.values() if one.client is not None]
        reader = Reader(learner, others)
        self._readers[reader.pid] = reader
        return reader

    def _end_idle(self) -> None:
        for reader in self._readers.values():
            if reader.client is None:
                reader.let_go()

    def _reap(self) -> None:
        while self._readers:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            if reader := self._readers.pop(pid, None):
                reader.bury(os.waitstatus_to_exitcode(status))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    main(*sys.argv[1:])
