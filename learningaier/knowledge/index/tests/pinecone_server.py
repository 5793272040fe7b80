"""A local server that speaks Pinecone's data plane, with the service's limits.

server.fails = 503            # answer so until it is None again
server.hides_deletions = 2    # deleted vectors are seen in so many more fetches
server.namespaces[name][id]   # what is there: values and metadata
"""

import json
import threading
import time
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np

KEY = "a-pinecone-key"
MAX_BYTES, MAX_VECTORS, MAX_IDS, MAX_TOP_K = 2 * 1024 * 1024, 1000, 1000, 10_000


class PineconeServer(ThreadingHTTPServer):
    """Listens on a port of its own; knows one index of cosine similarity."""

    daemon_threads = True

    def __init__(self, dimensions: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.dimensions = dimensions
        self.namespaces: dict[str, dict[str, Any]] = defaultdict(dict)
        self.deleted: dict[str, Any] = {}
        self.hides_deletions = 0
        self.fails: int | None = None
        self.pause = 0.0
        self.calls: list[tuple[str, str]] = []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def close(self) -> None:
        """Stop listening."""
        self.shutdown()
        self.server_close()


class Refused(Exception):
    """The service would answer with this status."""


class _Handler(BaseHTTPRequestHandler):
    server: PineconeServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._answer({})

    def do_DELETE(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        raw = self.rfile.read(size)
        self._answer(json.loads(raw), too_large=size > MAX_BYTES)

    def _answer(self, body: dict[str, Any], *, too_large: bool = False) -> None:
        time.sleep(self.server.pause)
        address = urlsplit(self.path)
        self.server.calls.append((self.command, address.path))
        try:
            self._admit(too_large=too_large)
            reply, status = self._serve(address.path, parse_qs(address.query), body), 200
        except Refused as refused:
            status = refused.args[0]
            reply = {"code": status, "message": "refused", "details": []}
        data = json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _admit(self, *, too_large: bool) -> None:
        if self.headers.get("Api-Key") != KEY:
            raise Refused(401)
        if self.server.fails:
            raise Refused(self.server.fails)
        if too_large:
            raise Refused(413)

    def _serve(self, path: str, query: dict[str, list[str]], body: dict[str, Any]) -> Any:
        match (self.command, path):
            case ("POST", "/vectors/upsert"):
                return self._upsert(body)
            case ("POST", "/query"):
                return self._query(body)
            case ("GET", "/vectors/fetch"):
                return self._fetch(query.get("namespace", [""])[0], query.get("ids", []))
            case ("POST", "/vectors/delete"):
                return self._delete(body)
            case ("POST", "/describe_index_stats"):
                counts = {n: {"vectorCount": len(v)} for n, v in self.server.namespaces.items()}
                return {"namespaces": counts, "dimension": self.server.dimensions}
        if self.command == "DELETE" and path.startswith("/namespaces/"):
            if self.server.namespaces.pop(unquote(path.rsplit("/", maxsplit=1)[-1]), None) is None:
                raise Refused(404)
            return {}
        raise Refused(404)

    def _upsert(self, body: dict[str, Any]) -> Any:
        vectors = body["vectors"]
        if len(vectors) > MAX_VECTORS:
            raise Refused(400)
        if any(len(vector["values"]) != self.server.dimensions for vector in vectors):
            raise Refused(400)
        space = self.server.namespaces[body.get("namespace", "")]
        space.update({vector["id"]: vector for vector in vectors})
        return {"upsertedCount": len(vectors)}

    def _query(self, body: dict[str, Any]) -> Any:
        if body["topK"] > MAX_TOP_K or len(body["vector"]) != self.server.dimensions:
            raise Refused(400)
        space = self.server.namespaces.get(body.get("namespace", ""), {})
        asked = np.array(body["vector"])
        matches = []
        for vector in space.values():
            if not _passes(vector.get("metadata", {}), body.get("filter", {})):
                continue
            values = np.array(vector["values"])
            length = np.linalg.norm(values) * np.linalg.norm(asked)
            matches.append({"id": vector["id"], "score": float(values @ asked / (length or 1.0))})
        matches.sort(key=lambda match: -match["score"])
        return {"matches": matches[: body["topK"]], "namespace": body.get("namespace", "")}

    def _fetch(self, namespace: str, ids: list[str]) -> Any:
        space = self.server.namespaces.get(namespace, {})
        found = {pk: space[pk] for pk in ids if pk in space}
        if self.server.hides_deletions:
            self.server.hides_deletions -= 1
            found |= {pk: self.server.deleted[pk] for pk in ids if pk in self.server.deleted}
        return {"vectors": found, "namespace": namespace}

    def _delete(self, body: dict[str, Any]) -> Any:
        if len(body.get("ids", [])) > MAX_IDS:
            raise Refused(400)
        space = self.server.namespaces.get(body.get("namespace", ""))
        if space is None:
            raise Refused(404)
        for pk in body["ids"]:
            if (vector := space.pop(pk, None)) is not None:
                self.server.deleted[pk] = vector
        return {}


def _passes(metadata: dict[str, Any], conditions: dict[str, Any]) -> bool:
    for name, condition in conditions.items():
        [(operator, wanted)] = condition.items()
        found = metadata.get(name)
        if not (found == wanted if operator == "$eq" else found in wanted):
            return False
    return True
