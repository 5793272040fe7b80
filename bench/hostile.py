"""What another learner notices while one client does its worst.

    make run                                  # in another terminal, with its usual settings
    python -m bench.hostile [port] [attack …]

Each attack runs for some seconds, from one account or from none. Meanwhile another learner lists
notes again and again; the longest of these requests is what counts. Prints one line an attack.
"""

import http.client
import io
import json
import socket
import sys
import threading
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from statistics import median

SECONDS = 8.0
PATIENCE = 15.0  # of the other learner
LINES = 40  # connections of an attack that holds them

Attack = Callable[["Target"], object]


class Target:
    """The service, and the token of the account that attacks."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.token = self.sign_in("admin", "admin")
        self.victim = self.sign_in("demo", "demo")
        self.sockets: list[socket.socket] = []

    def sign_in(self, name: str, password: str) -> str:
        """A token."""
        status, body = self.call(
            "POST", "/api/auth/token", "", {"username": name, "password": password}
        )
        if status != 200:
            raise SystemExit(f"{name} can't sign in: {status} {body[:200]!r}")
        return str(json.loads(body)["token"])

    def call(self, method: str, path: str, token: str, data: object = None) -> tuple[int, bytes]:
        """Status and body of one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        try:
            connection.request(method, path, None if data is None else json.dumps(data), headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def write(self, data: object) -> int:
        """POST a note as the attacker."""
        return self.call("POST", "/api/notes", self.token, data)[0]

    def upload(self, content: bytes, name: str) -> tuple[int, bytes]:
        """Upload a file as the attacker."""
        mark = uuid.uuid4().hex
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {
            "Content-Type": f"multipart/form-data; boundary={mark}",
            "Authorization": f"Bearer {self.token}",
        }
        try:
            connection.request("POST", "/api/documents/upload", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def open_line(self, opening: str) -> socket.socket:
        """A connection that has sent these bytes and is left open."""
        line = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.sendall(opening.encode())
        self.sockets.append(line)
        return line


def request_line(method: str, path: str, *headers: str) -> str:
    """The beginning of a request, without the empty line."""
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *headers, ""])


def write_headings(target: Target) -> None:
    """A note of nothing but headings."""
    target.write({"title": "headings", "content": "# a\n" * 55_000})


def write_short_headings(target: Target) -> None:
    """The same, small enough to be indexed inside the request."""
    target.write({"title": "headings", "content": "# a\n" * 12_000})


def write_marks(target: Target) -> None:
    """A letter with 49,000 combining marks."""
    target.write({"title": "marks", "content": "a" + "\u0301\u0315" * 24_500})


def write_long_words(target: Target) -> None:
    """A hex dump without spaces."""
    target.write({"title": "dump", "content": "0f1e2d3c" * 6_000})


def write_one_line(target: Target) -> None:
    """A line without a break."""
    target.write({"title": "line", "content": "word " * 199_000})


def ask_marks(target: Target) -> None:
    """A question of marks."""
    target.call("POST", "/api/notes/ai-qa", target.token, {"question": "a" + "\u0301\u0315" * 499})


def send_slow_bodies(target: Target) -> None:
    """No account: bodies of the admin's login, a byte a second."""
    form = ("Content-Type: application/x-www-form-urlencoded", f"Cookie: csrftoken={'a' * 32}")
    _drip(target, request_line("POST", "/admin/login/", *form, "Content-Length: 1000") + "\r\n")


def send_slow_questions(target: Target) -> None:
    """Bodies of questions, a byte a second."""
    headers = (f"Authorization: Bearer {target.token}", "Content-Type: application/json")
    _drip(
        target, request_line("POST", "/api/notes/ai-qa", *headers, "Content-Length: 1000") + "\r\n"
    )


def send_half_headers(target: Target) -> None:
    """No account: headers without an end."""
    _drip(target, request_line("GET", "/health"))


def _drip(target: Target, opening: str) -> None:
    lines = [target.open_line(opening) for _ in range(LINES)]
    ends_at = time.monotonic() + SECONDS
    while time.monotonic() < ends_at:
        for line in lines:
            with suppress(OSError):
                line.send(b"x")
        time.sleep(1)


def read_files_slowly(target: Target) -> None:
    """Downloads that nobody takes."""
    status, body = target.upload(b"A line of a text.\n" * 900_000, "large.txt")
    if status not in (200, 202):
        raise SystemExit(f"The upload was refused: {status} {body!r}")
    path = f"/api/documents/{json.loads(body)['id']}/file"
    for _ in range(LINES):
        target.open_line(
            request_line("GET", path, f"Authorization: Bearer {target.token}") + "\r\n"
        )
    time.sleep(SECONDS)


def upload_crowded_zip(target: Target) -> None:
    """An archive with 300,000 entries."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "x")
        for number in range(300_000):
            archive.writestr(f"{number:x}", b"")
    target.upload(file.getvalue(), "crowd.docx")


def guess_passwords(target: Target) -> None:
    """No account: wrong passwords, as many as are taken."""
    ends_at = time.monotonic() + SECONDS
    while time.monotonic() < ends_at:
        credentials = {"username": "admin", "password": uuid.uuid4().hex}
        target.call("POST", "/api/auth/token", "", credentials)


def flood(target: Target) -> None:
    """Forty connections that list notes without a pause."""
    ends_at = time.monotonic() + SECONDS

    def ask() -> None:
        while time.monotonic() < ends_at:
            with suppress(OSError, http.client.HTTPException):
                target.call("GET", "/api/notes?limit=1000", target.token)

    threads = [threading.Thread(target=ask) for _ in range(LINES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


ATTACKS: tuple[Attack, ...] = (
    write_headings,
    write_short_headings,
    write_marks,
    write_long_words,
    write_one_line,
    ask_marks,
    send_slow_bodies,
    send_slow_questions,
    send_half_headers,
    read_files_slowly,
    upload_crowded_zip,
    guess_passwords,
    flood,
)


class Victim:
    """The other learner, who lists notes and counts milliseconds and refusals."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._is_over = threading.Event()
        self.taken: list[float] = []
        self.failed = 0

    @contextmanager
    def ask_meanwhile(self) -> Iterator[None]:
        """Ask as long as the block runs, and for a second more."""
        thread = threading.Thread(target=self._ask)
        thread.start()
        yield
        time.sleep(1)
        self._is_over.set()
        thread.join()

    def _ask(self) -> None:
        while not self._is_over.is_set():
            began = time.perf_counter()
            try:
                status, _ = self._target.call("GET", "/api/notes?limit=1", self._target.victim)
            except (OSError, http.client.HTTPException):
                status = 0
            self.taken.append(1000 * (time.perf_counter() - began))
            self.failed += status != 200
            time.sleep(0.05)


def run(target: Target, attack: Attack) -> None:
    """One attack, and its line."""
    victim = Victim(target)
    with victim.ask_meanwhile(), suppress(OSError, http.client.HTTPException):
        attack(target)
    for line in target.sockets:
        line.close()
    target.sockets.clear()
    name = getattr(attack, "__name__", "").replace("_", " ")
    figures = f"{median(victim.taken):8.0f} {max(victim.taken):8.0f} {victim.failed:8d}"
    print(f"{name:24}{figures} of {len(victim.taken)}", flush=True)


def main() -> None:
    """Run all attacks, or those named."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
    wanted = set(sys.argv[2:])
    target = Target(port)
    print(f"{'another learner, ms':24}{'median':>8} {'longest':>8} {'failed':>8}")
    for attack in ATTACKS:
        if not wanted or getattr(attack, "__name__", "") in wanted:
            run(target, attack)


if __name__ == "__main__":
    main()
