"""PostgreSQL and Redis for one data folder: what `make run` and the tests stand on."""

import fcntl
import os
import secrets
from pathlib import Path
from typing import IO

from learningaier.embedded import paths, postgres, redis
from learningaier.embedded.processes import EnvironmentFailure, ProcessTable, chown_unprivileged


class Stack:
    """The embedded servers of one data folder, owned by one supervisor at a time.

    The lock is the kernel's and ends with its holder, so it can't go stale.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.resolve()
        self.durable = durable
        self.sockets = paths.sockets_of(self.folder)
        self.table = ProcessTable(self.folder / "processes.json")
        self._lock: IO[str] | None = None

    def open(self) -> list[str]:
        """Take the folder over.

        Returns: the names of the processes that a dead run had left, ended by now.
        Raises: EnvironmentFailure where the folder can't be written or is in use.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = (self.folder / "lock").open("a+")
        except OSError as error:
            raise EnvironmentFailure(
                f"The data folder {self.folder} can't be written ({error.strerror}). "
                "Set DATA_DIR to a folder of yours."
            ) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.seek(0)
            raise EnvironmentFailure(
                f"Another run (process {self._lock.read().strip() or 'unknown'}) is using "
                f"{self.folder}. Stop it, or set DATA_DIR to another folder."
            ) from None
        self._lock.truncate(0)
        self._lock.write(str(os.getpid()))
        self._lock.flush()
        return self.table.clear_leftovers()

    def start_postgres(self) -> str:
        """Start PostgreSQL. Returns: its DATABASE_URL."""
        self._make_socket_folder()
        postgres.start(self.table, self.folder / "postgres", self.sockets, durable=self.durable)
        return postgres.url(self.sockets)

    def start_redis(self) -> str:
        """Start Redis. Returns: its REDIS_URL."""
        self._make_socket_folder()
        redis.start(self.table, self.folder / "redis", self.sockets)
        return redis.url(self.sockets)

    def secret_key(self) -> str:
        """The SECRET_KEY of this folder, made on first use and kept, so that tokens stay valid."""
        path = self.folder / "secret_key"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48))
        return path.read_text()

    def close(self) -> None:
        """Stop every process and let the folder go."""
        self.table.stop_all()
        if self._lock is not None:
            self._lock.close()

    def _make_socket_folder(self) -> None:
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        chown_unprivileged(self.sockets)
