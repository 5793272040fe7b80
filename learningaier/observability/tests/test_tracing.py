"""Traces from the request through the queue and the worker to the vendors, in a real service."""

import json
import os
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from learningaier.ai.tests.servers import DIMENSIONS, ModelServer, Reply
from learningaier.dev.tests.service import ROOT, Service, run_service
from learningaier.observability.tests.collector import Collector

TEXT = "The zebrafish regenerates its heart within two months. Its fins grow back as well."
QUESTION = "What does the zebrafish regenerate?"
QUOTE = "The zebrafish regenerates its heart within two months."


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    collector = Collector()
    yield collector
    collector.close()


@pytest.fixture(scope="module")
def service(
    tmp_path_factory: pytest.TempPathFactory, model: ModelServer, collector: Collector
) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("traced") / "data"
    extra = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_BSP_SCHEDULE_DELAY": "50",
        "LLM_PROVIDER": "openai",
        "LLM_MODEL": "test-model",
        "LLM_BASE_URL": f"{model.url}/v1",
        "EMBEDDINGS_PROVIDER": "openai",
        "EMBEDDINGS_MODEL": "test-embedder",
        "EMBEDDINGS_DIMENSIONS": str(DIMENSIONS),
        "EMBEDDINGS_BASE_URL": f"{model.url}/v1",
    }
    with run_service(folder, extra) as service:
        yield service


def headers(trace_id: str, token: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {token}",
        "traceparent": f"00-{trace_id}-{'ab' * 8}-01",
        "X-Request-ID": trace_id,
    }


def ask(service: Service, path: str, body: Any, trace_id: str, token: str) -> bytes:
    request = urllib.request.Request(
        f"http://127.0.0.1:{service.port}{path}",
        data=json.dumps(body).encode(),
        headers=headers(trace_id, token) | {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        return response.read()


def attributes(span: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in span.attributes}


def is_child(child: Any, parent: Any) -> bool:
    return bool(child.parent_span_id == parent.span_id)


def test_an_upload_is_one_trace_from_the_client_to_the_embedder(
    service: Service, collector: Collector
) -> None:
    trace_id, token = uuid.uuid4().hex, service.sign_in()
    known = bytes.fromhex(trace_id)

    service.upload(TEXT, token, headers(trace_id, token))
    job = collector.wait_for(lambda one: one.trace_id == known and one.name == "process_document")

    spans = collector.of_trace(known)
    request = spans["POST api/documents/upload"]
    assert request.parent_span_id == bytes.fromhex("ab" * 8)
    assert attributes(request)["http.response.status_code"] == 202
    assert attributes(request)["learningaier.request_id"] == trace_id
    assert is_child(spans["enqueue process_document"], request)
    assert is_child(job, spans["enqueue process_document"])
    assert is_child(spans["extract"], job)
    assert is_child(spans["index"], job)
    embeddings = spans["embeddings openai:test-embedder:8"]
    assert is_child(embeddings, spans["index"])
    assert attributes(embeddings)["gen_ai.request.model"] == "openai:test-embedder:8"


def test_an_answer_is_one_trace_to_the_model_and_a_cached_one_a_single_span(
    service: Service, collector: Collector, model: ModelServer
) -> None:
    token = service.sign_in()
    first, second = uuid.uuid4().hex, uuid.uuid4().hex
    said = json.dumps({"text": QUOTE, "citations": [{"passage": 1, "quote": QUOTE}]}) + "\n"
    model.script = [Reply([said])]
    ask(service, "/api/notes", {"title": "Fish", "content": TEXT}, uuid.uuid4().hex, token)

    for trace_id in (first, second):
        ask(service, "/api/notes/ai-qa", {"question": QUESTION}, trace_id, token)

    name = "POST api/notes/ai-qa"
    cached = collector.wait_for(lambda one: one.trace_id == bytes.fromhex(second))
    assert cached.name == name
    request = collector.wait_for(
        lambda one: one.trace_id == bytes.fromhex(first) and one.name == name
    )
    spans = collector.of_trace(bytes.fromhex(first))
    assert is_child(spans["search"], request)
    call = spans["chat openai:test-model"]
    assert is_child(call, request)
    assert attributes(call)["gen_ai.usage.output_tokens"] > 0
    assert list(collector.of_trace(bytes.fromhex(second))) == [name]


def test_a_stream_is_a_span_until_its_end(
    service: Service, collector: Collector, model: ModelServer
) -> None:
    trace_id, token = uuid.uuid4().hex, service.sign_in()
    said = json.dumps({"text": QUOTE, "citations": [{"passage": 1, "quote": QUOTE}]}) + "\n"
    model.script = [Reply([said])]
    started = service.call("/api/chat/start", {}, token)

    path = f"/api/chat/{started['conversation_id']}/stream"
    ask(service, path, {"message": QUESTION + " Tell."}, trace_id, token)

    known = bytes.fromhex(trace_id)
    request = collector.wait_for(
        lambda one: one.trace_id == known and one.name.startswith("POST api/chat")
    )
    call = collector.of_trace(known)["chat openai:test-model"]
    assert is_child(call, request)
    assert request.end_time_unix_nano >= call.end_time_unix_nano


def test_spans_and_logs_hold_ids_and_no_text(service: Service, collector: Collector) -> None:
    trace_id, token = uuid.uuid4().hex, service.sign_in()
    service.upload(f"{TEXT} Another.", token, headers(trace_id, token))
    known = bytes.fromhex(trace_id)
    collector.wait_for(lambda one: one.trace_id == known and one.name == "process_document")

    assert not [body for body in collector.bodies if b"zebrafish" in body]
    log = (service.folder / "service.log").read_text()
    assert "zebrafish" not in log
    lines = [json.loads(line) for line in log.splitlines() if trace_id in line]
    events = {line["event"] for line in lines}
    assert {"request", "job", "document_ready"} <= events
    assert {line["request_id"] for line in lines} == {trace_id}
    assert {line["trace_id"] for line in lines} == {trace_id}
    [user_id] = {line["user_id"] for line in lines}
    assert uuid.UUID(user_id)


def test_nothing_is_loaded_without_a_collector() -> None:
    script = """
import sys, django
django.setup()
from learningaier.observability import tracing
import learningaier.asgi, learningaier.jobs.management.commands.worker
tracing.load()
with tracing.span("work") as span:
    span.set_attribute("figure", 1)
tracing.enter("request", kind="server", parent={}).end()
assert tracing.carry() == {} and tracing.trace_id() == ""
loaded = ("opentelemetry.exporter", "opentelemetry.sdk.trace.export", "opentelemetry.proto")
sys.exit(any(name.startswith(loaded) for name in sys.modules))
"""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "learningaier.settings"}
    run = [sys.executable, "-c", script]
    assert subprocess.run(run, cwd=ROOT, env=environment, check=False).returncode == 0


def test_a_collector_that_is_away_costs_a_job_two_seconds_at_most(tmp_path: Path) -> None:
    script = """
import time
from learningaier.observability import tracing
with tracing.span("work"):
    pass
began = time.monotonic()
tracing.flush()
print(time.monotonic() - began)
"""
    environment = os.environ | {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    assert float(run.stdout) < 4
