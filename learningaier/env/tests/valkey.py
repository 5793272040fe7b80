"""Real servers of Redis' protocol: a primary, its replica and a sentinel, or one with TLS."""

import os
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from redis import Redis, RedisError

from learningaier.env.processes import Child, ProcessTable
from learningaier.env.redis import _binary

SERVICE = "study"
PASSWORD = "p@ss/word"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for(is_true: Callable[[], object], *, seconds: float = 10.0) -> float:
    """Wait until something holds; errors of Redis mean not yet. Returns: the seconds it took."""
    began = time.monotonic()
    while time.monotonic() < began + seconds:
        with suppress(RedisError):
            if is_true():
                return time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s")


class Group:
    """A primary, a replica and a sentinel that makes the replica primary when the first dies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.table = ProcessTable(folder / "processes.json")
        self.ports = [free_port() for _ in range(3)]
        first, second, sentinel = self.ports
        self.primary = self._serve(first)
        self._serve(second, f"replicaof 127.0.0.1 {first}")
        wait_for(lambda: b"master_link_status:up" in self._info(second))
        self._watch(sentinel, first)
        wait_for(lambda: self._sentinel("REPLICAS", SERVICE))
        self.url = f"redis+sentinel://:p%40ss%2Fword@127.0.0.1:{sentinel}/{SERVICE}/2"

    def kill_primary(self) -> None:
        self.primary.process.kill()
        self.primary.process.wait()

    def close(self) -> None:
        self.table.stop_all()

    def _serve(self, port: int, *lines: str) -> Child:
        secrets = (f'requirepass "{PASSWORD}"', f'primaryauth "{PASSWORD}"')
        quick = ("repl-diskless-sync-delay 0", 'save ""')
        return self._start(port, (*secrets, *quick, *lines))

    def _watch(self, port: int, primary: int) -> None:
        lines = (
            f"sentinel monitor {SERVICE} 127.0.0.1 {primary} 1",
            f'sentinel auth-pass {SERVICE} "{PASSWORD}"',
            f"sentinel down-after-milliseconds {SERVICE} 300",
            f"sentinel failover-timeout {SERVICE} 1000",
        )
        self._start(port, lines, "--sentinel")

    def _start(self, port: int, lines: tuple[str, ...], *arguments: str) -> Child:
        folder = self.folder / str(port)
        folder.mkdir()
        config = folder / "valkey.conf"
        config.write_text("\n".join((f"port {port}", "bind 127.0.0.1", f"dir {folder}", *lines)))
        with (folder / "log").open("wb") as log:
            child = self.table.start(str(port), [_binary(), config, *arguments], output=log)
        wait_for(lambda: self._is_up(port))
        return child

    def _is_up(self, port: int) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        return False

    def _info(self, port: int) -> bytes:
        with Redis(port=port, password=PASSWORD) as client:
            reply = client.execute_command("INFO", "replication")
        return b"\n".join(f"{name}:{value}".encode() for name, value in reply.items())

    def _sentinel(self, *words: str) -> object:
        with Redis(port=self.ports[2]) as client:
            return client.execute_command("SENTINEL", *words)


class Tls:
    """A server that speaks TLS only, with a certificate that it signed itself."""

    def __init__(self, folder: Path) -> None:
        self.table = ProcessTable(folder / "processes.json")
        self.certificate, key = folder / "cert.pem", folder / "key.pem"
        make_certificate(self.certificate, key)
        port = free_port()
        files = ["--tls-cert-file", self.certificate, "--tls-key-file", key]
        arguments = ["--port", "0", "--tls-port", str(port), "--tls-auth-clients", "no", *files]
        with (folder / "tls.log").open("wb") as log:
            self.table.start("TLS", [_binary(), "--save", "", *arguments], output=log)
        self.url = f"rediss://127.0.0.1:{port}/0?ssl_ca_certs={self.certificate}"

    def close(self) -> None:
        self.table.stop_all()


def make_certificate(certificate: Path, key: Path) -> None:
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        ["openssl", *made, *name, "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
        env={"PATH": os.environ["PATH"]},
    )
