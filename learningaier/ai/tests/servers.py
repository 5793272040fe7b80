"""A local server that speaks the protocols of OpenAI and Gemini, and does what a test tells it.

server.script = [Reply(["Hel", "lo."]), Reply(status=503)]   # one a call; the last one stays
server.calls                                                  # the requests, as JSON
server.has_left.wait(2)                                       # the client has hung up
"""

import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

DIMENSIONS = 8


@dataclass
class Reply:
    """What the model says to one call.

    `pause`: seconds before each piece, or before all vectors. `breaks_off`: the connection ends
    without an end of the answer. `usage`: prompt and completion tokens, or None for a server that
    tells none.
    """

    pieces: Sequence[str] = ()
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    breaks_off: bool = False
    usage: tuple[int, int] | None = (100, 10)
    finish: str = "stop"


class ModelServer(ThreadingHTTPServer):
    """Listens on a port of its own."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script: list[Reply] = [Reply(["Hello."])]
        self.calls: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.sent = 0  # replies with vectors, or with an error
        self.keys: list[str] = []
        self.dimensions = DIMENSIONS
        self.vectors: dict[str, list[float]] = {}  # of texts that hold a key, the first that fits
        self.has_left = threading.Event()
        self.thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def next_reply(self) -> Reply:
        """The next of the script; the last one for ever."""
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    def embed(self, text: str) -> list[float]:
        """The vector that a test has set for the text, or one that depends on its words."""
        for part, vector in self.vectors.items():
            if part in text:
                return vector
        return embed(text, self.dimensions)

    def close(self) -> None:
        """Stop listening."""
        self.shutdown()
        self.server_close()

    def handle_error(self, *_: Any) -> None:
        """A client that leaves is no error here."""


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.calls.append(body)
        self.server.paths.append(self.path)
        self.server.keys.append(
            self.headers.get("Authorization") or self.headers.get("x-goog-api-key") or ""
        )
        reply = self.server.next_reply()
        if reply.status != 200:
            self._json({"error": {"message": "no", "code": reply.status}}, reply)
        elif self.path.endswith("/embeddings"):
            vectors = [self.server.embed(text) for text in body["input"]]
            rows = [{"index": at, "embedding": row} for at, row in enumerate(vectors)]
            self._json({"object": "list", "model": "m", "data": rows}, reply)
        elif ":batchEmbedContents" in self.path:
            texts = [one["content"]["parts"][0]["text"] for one in body["requests"]]
            rows = [{"values": self.server.embed(text)} for text in texts]
            self._json({"embeddings": rows}, reply)
        elif "streamGenerateContent" in self.path:
            self._stream(reply, _gemini_events(reply))
        else:
            self._stream(reply, _openai_events(reply))

    def _json(self, content: Any, reply: Reply) -> None:
        data = json.dumps(content).encode()
        time.sleep(reply.pause)
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
        self.server.sent += 1

    def _stream(self, reply: Reply, events: list[str]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for event in events:
                time.sleep(reply.pause)
                data = f"data: {event}\n\n".encode()
                self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
                self.wfile.flush()
            if reply.breaks_off:
                self.close_connection = True
                return
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.server.has_left.set()
            self.close_connection = True


def _openai_events(reply: Reply) -> list[str]:
    head = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    deltas = [{"delta": {"content": piece}, "finish_reason": None} for piece in reply.pieces]
    deltas.append({"delta": {}, "finish_reason": reply.finish})
    events: list[Any] = [head | {"choices": [delta | {"index": 0}]} for delta in deltas]
    if reply.breaks_off:
        return [json.dumps(event) for event in events[:-1]]
    if reply.usage:
        prompt, completion = reply.usage
        told = {"prompt_tokens": prompt, "completion_tokens": completion}
        told["total_tokens"] = prompt + completion
        events.append(head | {"choices": [], "usage": told})
    return [*map(json.dumps, events), "[DONE]"]


def _gemini_events(reply: Reply) -> list[str]:
    events: list[Any] = [
        {"candidates": [{"content": {"role": "model", "parts": [{"text": piece}]}}]}
        for piece in reply.pieces
    ]
    finish = {"stop": "STOP", "content_filter": "SAFETY"}[reply.finish]
    end: dict[str, Any] = {"candidates": [{"finishReason": finish}]}
    if reply.usage:
        prompt, completion = reply.usage
        end["usageMetadata"] = {"promptTokenCount": prompt, "candidatesTokenCount": completion}
    return [json.dumps(event) for event in [*events, *([] if reply.breaks_off else [end])]]


def embed(text: str, dimensions: int = DIMENSIONS) -> list[float]:
    """A vector that depends on the text's words only, so that like texts are near each other."""
    total = np.zeros(dimensions)
    for word in text.lower().split():
        total += np.random.default_rng(abs(hash_of(word))).standard_normal(dimensions)
    return [float(value) for value in total]


def hash_of(word: str) -> int:
    """The same in every process, as `hash` is not."""
    return int.from_bytes(word.encode()[-8:], "big")
