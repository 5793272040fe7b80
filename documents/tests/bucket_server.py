"""A local server that speaks the JSON protocol of Google Cloud Storage, as far as its SDK uses it.

server.objects["documents/uid/file.txt"] = b"…"   # what the bucket holds
server.status = 503                               # what it answers to everything
"""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


class BucketServer(ThreadingHTTPServer):
    """Listens on a port of its own."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[str, bytes] = {}
        self.calls: list[str] = []
        self.status = 200
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def close(self) -> None:
        """Stop listening."""
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: BucketServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        name = self._begin()
        if name is None:
            return
        content = self.server.objects.get(name)
        if content is None:
            self._json({"error": {"code": 404, "message": "No such object"}}, 404)
        elif "alt=media" in self.path:
            self._send(content, 200, "application/octet-stream")
        else:
            self._json(self._describe(name))

    def do_DELETE(self) -> None:
        name = self._begin()
        if name is not None:
            found = self.server.objects.pop(name, None)
            self._json({}, 204 if found is not None else 404)

    def do_POST(self) -> None:
        """An upload in one request: a part with the metadata, a part with the content."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self._begin() is None:
            return
        edge = re.search('boundary="?([^";]+)', self.headers["Content-Type"])
        assert edge, "the SDK sends small objects in one request"
        _, head, content, _ = body.split(b"--" + edge.group(1).encode())
        name = json.loads(head.split(b"\r\n\r\n", 1)[1])["name"]
        self.server.objects[name] = content.split(b"\r\n\r\n", 1)[1][:-2]
        self._json(self._describe(name))

    def _begin(self) -> str | None:
        """The object's name; None where the server answers that it is down."""
        self.server.calls.append(f"{self.command} {self.path}")
        if self.server.status != 200:
            self._json({"error": {"code": self.server.status, "message": "no"}}, self.server.status)
            return None
        found = re.search("/o/([^?]*)", self.path)
        query = parse_qs(urlsplit(self.path).query)
        return unquote(found.group(1)) if found else query.get("name", [""])[0]

    def _describe(self, name: str) -> dict[str, Any]:
        return {
            "kind": "storage#object",
            "name": name,
            "bucket": "test-bucket",
            "size": str(len(self.server.objects[name])),
            "generation": "1",
        }

    def _json(self, content: Any, status: int = 200) -> None:
        self._send(b"" if status == 204 else json.dumps(content).encode(), status)

    def _send(self, data: bytes, status: int, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
