"""A person's kept-alive connection to one of the services."""

import http.client
import json
import uuid
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

QUESTION = "What does the light reaction produce?"
ASK = "/api/notes/ai-qa"


class Refused(Exception):
    """A service answered with an error; no figure of this run would mean anything."""


class Client:
    """Speaks JSON over one connection, which stays open."""

    def __init__(self, port: int, token: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def __enter__(self) -> Self:
        self._connection.connect()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def get(self, path: str) -> str:
        """The text at a path. Raises: Refused."""
        return self._send("GET", path, None)

    def post(self, path: str, body: Any) -> Any:
        """The value that a service answers. Raises: Refused."""
        return json.loads(self._send("POST", path, json.dumps(body)))

    def upload(self, path: str, filename: str, content: bytes) -> Any:
        """POST a file as a form. Raises: Refused."""
        edge = uuid.uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"'
        body = f"{head}\r\n\r\n".encode() + content + f"\r\n--{edge}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return json.loads(self._send("POST", path, body, kind))

    def _send(
        self,
        method: str,
        path: str,
        body: str | bytes | None,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        self._connection.request(method, path, body, {**self._headers, **(headers or {})})
        response = self._connection.getresponse()
        text = response.read().decode()
        if response.status >= 400:
            raise Refused(f"{method} {path}: {response.status} {text[:300]}")
        return text


def sign_in(port: int) -> str:
    """The demo learner's token."""
    with Client(port) as client:
        token: str = client.post("/api/auth/token", {"username": "demo", "password": "demo"})[
            "token"
        ]
        return token
