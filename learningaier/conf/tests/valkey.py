"""Real servers of Redis' protocol: a primary, its replica and a sentinel, or one with TLS."""

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from redis import Redis, RedisError

from learningaier.dev.tests.service import free_port
from learningaier.embedded.processes import Child, ProcessTable
from learningaier.embedded.redis import find_binary

SERVICE = "study"
PASSWORD = "p@ss/word"


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
            child = self.table.start(str(port), [find_binary(), config, *arguments], output=log)
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
    """A door to a server's Unix socket that speaks TLS only; its certificate is signed by itself.

    The embedded server is built without TLS.
    """

    def __init__(self, folder: Path, target: str) -> None:
        certificate, key = folder / "cert.pem", folder / "key.pem"
        _make_certificate(certificate, key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.loop = asyncio.new_event_loop()
        self.target = target
        opening = asyncio.start_server(self._pass_on, "127.0.0.1", 0, ssl=context)
        self.server = self.loop.run_until_complete(opening)
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        port = self.server.sockets[0].getsockname()[1]
        self.url = f"rediss://127.0.0.1:{port}/0?ssl_ca_certs={certificate}"

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self.loop).result(5)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def _end(self) -> None:
        self.server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner, outer = await asyncio.open_unix_connection(self.target)
        with suppress(OSError, asyncio.CancelledError):
            await asyncio.gather(_copy(reader, outer), _copy(inner, writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
    finally:
        writer.close()


def _make_certificate(certificate: Path, key: Path) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(address, critical=False)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    key.write_bytes(private.private_bytes(serialization.Encoding.PEM, form, plain))
