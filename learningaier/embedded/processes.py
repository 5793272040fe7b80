"""Child processes of the embedded environment: start, record, stop, and clear what a dead run left.

A supervisor that is killed with -9 cannot stop its children. Each child is therefore recorded with
its process id and start time, and the next start ends what is still alive. The start time tells a
leftover from a stranger to whom the kernel has given the same number since.
"""

import functools
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

UNPRIVILEGED = 65534  # "nobody" on every Unix


class EnvironmentFailure(Exception):
    """Something about this machine keeps the service from starting; the text is for a person."""


@dataclass
class Child:
    """A running process of ours.

    `stop_signal` asks it to end in good order; after `stop_timeout` seconds its group is killed.
    """

    name: str
    process: subprocess.Popen[bytes]
    log: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout: float = 10.0
    spawn: Callable[[], "subprocess.Popen[bytes]"] | None = None

    def stop(self) -> None:
        """End the process and everything it started."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(self.stop_timeout)
        _kill_group(self.process.pid)
        self.process.wait()


class ProcessTable:
    """The children of one data folder, kept in a file so that a later run can find them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.children: list[Child] = []

    def start(  # noqa: PLR0913  each is an argument of the process
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        output: IO[bytes] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        stop_timeout: float = 10.0,
        pass_fds: Sequence[int] = (),
    ) -> Child:
        """Start a process in a session of its own, so that a Ctrl-C reaches only the supervisor."""
        log = None if output is None else Path(output.name)
        parts = [str(part) for part in command]
        spawn = functools.partial(_spawn, parts, env and dict(env), log, pass_fds)
        child = Child(name, spawn(), log, stop_signal, stop_timeout, spawn)
        self.children.append(child)
        self._write()
        return child

    def restart(self, child: Child) -> None:
        """Start a child again that has ended, with all that it has left running ended first."""
        assert child.spawn is not None
        _kill_group(child.process.pid)
        child.process = child.spawn()
        self._write()

    def stop_all(self) -> None:
        """Stop the children, the last one started first, even if the folder is gone by now."""
        while self.children:
            self.children[-1].stop()
            self.children.pop()
            with suppress(OSError):
                self._write()

    def clear_leftovers(self) -> list[str]:
        """End what an earlier run left behind.

        Returns: the names of the processes that were still alive.
        """
        leftovers = [
            (entry["name"], process)
            for entry in self._read()
            if (process := _find(entry["pid"], entry["started"])) is not None
        ]
        for _, process in leftovers:
            process.terminate()
        psutil.wait_procs([process for _, process in leftovers], timeout=5)
        for _, process in leftovers:
            _kill_group(process.pid)
        self.path.unlink(missing_ok=True)
        return [name for name, _ in leftovers]

    def _read(self) -> list[dict[str, str]]:
        try:
            entries: list[dict[str, str]] = json.loads(self.path.read_text())
        except (FileNotFoundError, ValueError):
            return []
        return entries

    def _write(self) -> None:
        entries = [
            {"name": child.name, "pid": child.process.pid, "started": started}
            for child in self.children
            if (started := _start_time(child.process.pid)) is not None
        ]
        replacement = self.path.with_suffix(".new")
        replacement.write_text(json.dumps(entries))
        replacement.replace(self.path)


def _spawn(
    command: Sequence[str],
    environment: Mapping[str, str] | None,
    log: Path | None,
    pass_fds: Sequence[int],
) -> "subprocess.Popen[bytes]":
    with log.open("ab") if log else nullcontext() as output:
        return subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
            pass_fds=pass_fds,
        )


def drop_root(command: Sequence[str | Path]) -> list[str | Path]:
    """The command as a user other than root may run it; PostgreSQL refuses to run as root.

    The process becomes `nobody` but keeps the one capability that lets it into folders like /root,
    which are closed to others. So neither the clone nor its parents need wider permissions.

    Raises: EnvironmentFailure where `setpriv` (util-linux) is missing.
    """
    if os.geteuid() != 0:
        return list(command)
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise EnvironmentFailure(
            "PostgreSQL does not run as root, and `setpriv` (package util-linux) is not here. "
            "Start as an ordinary user, or set DATABASE_URL."
        )
    identity = [f"--reuid={UNPRIVILEGED}", f"--regid={UNPRIVILEGED}", "--clear-groups"]
    capability = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return [setpriv, "--securebits=+no_setuid_fixup", *capability, *identity, *command]


def chown_unprivileged(folder: Path) -> None:
    """Make the folder belong to the user that `drop_root` runs as."""
    if os.geteuid() == 0:
        os.chown(folder, UNPRIVILEGED, UNPRIVILEGED)


def wait_until(is_true: Callable[[], bool], *, child: Child, seconds: float, log: Path) -> None:
    """Wait for a just started child to serve.

    `is_true`: called without arguments until it answers true.
    Raises: EnvironmentFailure with the end of the child's log, if it dies or takes longer.
    """
    deadline = time.monotonic() + seconds
    while not is_true():
        if child.process.poll() is not None or time.monotonic() > deadline:
            ended = child.process.returncode
            what = "is not ready" if ended is None else f"ended with exit code {ended}"
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
            raise EnvironmentFailure(f"{child.name} {what}. The end of {log}:\n{tail}")
        time.sleep(0.02)


def _start_time(pid: int) -> float | None:
    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return None


def _find(pid: str, started: str) -> psutil.Process | None:
    try:
        process = psutil.Process(int(pid))
        is_same = abs(process.create_time() - float(started)) < 1
    except (psutil.NoSuchProcess, ValueError):
        return None
    return process if is_same else None


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
