"""A local server that speaks Firestore's gRPC, as far as an import reads it through its SDK.

server.put("notes/abc", {"title": "…"})     # a document by its path
server.fails_after = 3                       # answers UNAVAILABLE after so many calls
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from google.cloud.firestore_v1 import _helpers, types
from google.protobuf.timestamp_pb2 import Timestamp

ROOT = "projects/old/databases/(default)/documents"


class FirestoreServer:
    """Listens on a port of its own."""

    def __init__(self) -> None:
        self.documents: dict[str, dict[str, Any]] = {}
        self.calls = 0
        self.largest_page = 0
        self.fails_after: int | None = None
        self._server = grpc.server(ThreadPoolExecutor(4))
        self._server.add_generic_rpc_handlers((self._handlers(),))
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def put(self, path: str, values: dict[str, Any]) -> None:
        """Keep a document."""
        self.documents[path] = values

    def close(self) -> None:
        """Stop listening."""
        self._server.stop(None).wait()

    def _handlers(self) -> grpc.GenericRpcHandler:
        streams = {
            "RunQuery": (self._run_query, types.RunQueryRequest, types.RunQueryResponse),
            "BatchGetDocuments": (
                self._batch_get,
                types.BatchGetDocumentsRequest,
                types.BatchGetDocumentsResponse,
            ),
        }
        handlers = {
            name: grpc.unary_stream_rpc_method_handler(
                answer, request_deserializer=ask.deserialize, response_serializer=give.serialize
            )
            for name, (answer, ask, give) in streams.items()
        }
        return grpc.method_handlers_generic_handler("google.firestore.v1.Firestore", handlers)

    def _begin(self, context: grpc.ServicerContext) -> None:
        self.calls += 1
        if self.fails_after is not None and self.calls > self.fails_after:
            context.abort(grpc.StatusCode.PERMISSION_DENIED, "no")

    def _batch_get(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        self._begin(context)
        for name in request.documents:
            path = name.removeprefix(f"{ROOT}/")
            if path in self.documents:
                yield types.BatchGetDocumentsResponse(found=self._show(path), read_time=_now())
            else:
                yield types.BatchGetDocumentsResponse(missing=name, read_time=_now())

    def _run_query(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        self._begin(context)
        query = request.structured_query
        parent = request.parent.removeprefix(ROOT).strip("/")
        found = sorted(path for path in self.documents if _is_meant(path, parent, query.from_[0]))
        found = [path for path in found if self._fits(path, query.where)]
        if query.start_at.values:
            last = query.start_at.values[0].reference_value.removeprefix(f"{ROOT}/")
            found = [path for path in found if path > last]
        found = found[: query.limit]
        self.largest_page = max(self.largest_page, len(found))
        for path in found:
            yield types.RunQueryResponse(document=self._show(path), read_time=_now())
        if not found:
            yield types.RunQueryResponse(read_time=_now())

    def _fits(self, path: str, where: Any) -> bool:
        one = where.field_filter
        if not one.field.field_path:
            return True
        return self.documents[path].get(one.field.field_path) == one.value.string_value

    def _show(self, path: str) -> Any:
        return types.Document(
            name=f"{ROOT}/{path}",
            fields=_helpers.encode_dict(self.documents[path]),
            create_time=_now(),
            update_time=_now(),
        )


def _is_meant(path: str, parent: str, selector: Any) -> bool:
    *above, collection, _ = path.split("/")
    is_below = selector.all_descendants or "/".join(above) == parent
    return collection == selector.collection_id and is_below


def _now() -> Timestamp:
    now = Timestamp()
    now.GetCurrentTime()
    return now
