"""Connections that a client keeps open for nothing come to an end, and hold no thread meanwhile."""

import json
import re
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from learningaier.dev.tests.service import Service, run_service

DEADLINE = 2.0  # seconds, instead of 10 and 20
PATIENCE = 60.0  # of the test; without a deadline nothing would ever come
LINES = 40
TEXT = "A line of a text.\n" * 900_000  # more than sockets buffer


@pytest.fixture(scope="module")
def service(tmp_path_factory: Any) -> Iterator[Service]:
    folder: Path = tmp_path_factory.mktemp("deadlines") / "data"
    seconds = str(DEADLINE)
    with run_service(
        folder, {"HEADER_TIMEOUT_SECONDS": seconds, "WRITE_TIMEOUT_SECONDS": seconds}
    ) as found:
        yield found


@pytest.fixture
def connect(service: Service) -> Iterator[Callable[[str], socket.socket]]:
    """Open a connection and send these bytes."""
    opened = []

    def begin(opening: str) -> socket.socket:
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(PATIENCE)
        line.connect(("127.0.0.1", service.port))
        line.sendall(opening.encode())
        opened.append(line)
        return line

    yield begin
    for line in opened:
        line.close()


def read_to_end(line: socket.socket) -> bytes:
    """What comes until the server closes; TimeoutError if it never does."""
    received = bytearray()
    try:
        while piece := line.recv(1024 * 1024):
            received += piece
    except ConnectionError:
        pass  # it was cut off
    return bytes(received)


@pytest.mark.parametrize(
    "opening", ["", "GET /hea", "GET /health HTTP/1.1\r\nHost: localhost\r\nX"]
)
def test_headers_that_stop_end_the_connection(connect: Any, opening: str) -> None:
    assert read_to_end(connect(opening)) == b""


def test_headers_that_never_end_get_no_more_time_by_coming_slowly(connect: Any) -> None:
    line = connect("GET /health HTTP/1.1\r\nHost: localhost\r\nX: ")

    with pytest.raises(ConnectionError):
        drip(line)


def drip(line: socket.socket) -> None:
    """Send a byte now and again, as long as they are taken."""
    began = time.monotonic()
    while time.monotonic() < began + PATIENCE:
        line.send(b"x")
        time.sleep(DEADLINE / 10)


def test_a_second_request_that_stops_ends_the_connection_and_a_pause_between_does_not(
    connect: Any,
) -> None:
    request = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    line = connect(request)
    assert line.recv(4096).startswith(b"HTTP/1.1 200")
    time.sleep(2 * DEADLINE)  # between two requests a connection may rest for longer
    line.sendall(request.encode())
    assert line.recv(4096).startswith(b"HTTP/1.1 200")
    line.sendall(b"GET /hea")

    assert read_to_end(line) == b""


def test_answers_that_nobody_takes_hold_no_thread_and_end(service: Service, connect: Any) -> None:
    token = service.sign_in()
    service.upload(TEXT, token)
    (document, *_) = service.call("/api/documents/?limit=1", token=token)
    asked = (
        f"GET /api/documents/{document['id']}/file HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {token}\r\n\r\n"
    )

    lines = [connect(asked) for _ in range(LINES)]
    for line in lines:
        assert line.recv(16).startswith(b"HTTP/1.1 200")

    assert threads_in_use(service) <= 1  # the one that answers this may count itself
    time.sleep(4 * DEADLINE)
    assert all(len(read_to_end(line)) < len(TEXT) for line in lines)


def threads_in_use(service: Service) -> float:
    address = f"http://127.0.0.1:{service.port}/metrics"
    figures = urllib.request.urlopen(address, timeout=30).read().decode()
    found = re.search(r"^learningaier_threads_in_use(?:{.*})? (\S+)$", figures, re.MULTILINE)
    assert found, figures
    return float(found[1])


def test_who_reads_slowly_but_reads_gets_all(service: Service, connect: Any) -> None:
    token = service.sign_in()
    line = connect(
        f"GET /api/notes/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
        "Connection: close\r\n\r\n"
    )
    received = bytearray()
    while piece := line.recv(512):
        received += piece
        time.sleep(0.02)

    assert json.loads(received.partition(b"\r\n\r\n")[2])
