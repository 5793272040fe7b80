"""A learner at a running service, who also looks at what comes back when something fails."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from learningaier.dev.tests.service import Service

PAUSE_SECONDS = 0.02
UNLIMITED = dict.fromkeys(
    ("RATE_LIMIT_RAG_CHAT", "RATE_LIMIT_ANALYTICS", "RATE_LIMIT_DOCUMENT_UPLOAD"), "100000"
)


@dataclass(frozen=True)
class Reply:
    """What came back, and when it was asked for by the monotonic clock."""

    path: str
    status: int
    headers: Any
    body: bytes
    began: float
    seconds: float

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Learner:
    """The demo learner at the service."""

    def __init__(self, service: Service) -> None:
        self.address = f"http://127.0.0.1:{service.port}"
        self.token = service.sign_in()

    def send(
        self, method: str, path: str, body: Any = None, content_type: str = "application/json"
    ) -> Reply:
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": content_type}
        request = urllib.request.Request(self.address + path, data, headers, method=method)
        began = time.monotonic()
        try:
            response = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            body, seconds = response.read(), time.monotonic() - began
            return Reply(path, response.status, response.headers, body, began, seconds)

    def ask(self, question: str) -> Reply:
        return self.send("POST", "/api/notes/ai-qa", {"question": question})

    def upload(self, name: str) -> Reply:
        head = f'--edge\r\nContent-Disposition: form-data; name="file"; filename="{name}.txt"\r\n'
        text = f"The {name} describes how rivers carry sediment to the sea."
        body = f"{head}\r\n{text}\r\n--edge--\r\n".encode()
        kind = "multipart/form-data; boundary=edge"
        return self.send("POST", "/api/documents/upload", body, kind)


def poll(is_true: Callable[[], bool], *, seconds: float) -> bool:
    """Whether it becomes true within so many seconds."""
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE_SECONDS)
    return True
