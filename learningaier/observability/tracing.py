"""OpenTelemetry traces, where OTEL_EXPORTER_OTLP_ENDPOINT names a collector.

Without it neither the SDK nor an exporter is loaded, and the API's own span that records nothing
stands for every span. The SDK's own variables say the rest (OTEL_SERVICE_NAME,
OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS, …). Spans carry ids and figures, never a learner's
text; so an error is told by its kind alone.
"""

import functools
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from opentelemetry import context, trace
from opentelemetry.context import Context
from opentelemetry.trace import INVALID_SPAN, Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

SERVICE = "learningaier"
EXPORT_SECONDS = 2  # for a batch to be sent, tries included

Kind = Literal["internal", "server", "client", "producer", "consumer"]
Figure = str | int | float | bool


_PROPAGATOR = TraceContextTextMapPropagator()


@functools.cache
def is_on() -> bool:
    """Whether a collector is named, so that spans are exported."""
    return bool(os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"))


def load() -> None:
    """Load what spans need, once for all processes that are forked from this one."""
    if is_on():
        import opentelemetry.exporter.otlp.proto.http.trace_exporter  # noqa: PLC0415  heavy
        import opentelemetry.sdk.trace.export  # noqa: F401, PLC0415


def begin(
    name: str,
    *,
    kind: Kind = "internal",
    parent: Mapping[str, Any] | None = None,
    started_at: int | None = None,
    attributes: Mapping[str, Figure] | None = None,
) -> Span:
    """Begin a span that the caller ends; it does not become the current one.

    `parent`: headers, or what `carry` gave, of whoever asked for this; None: the current span.
    `started_at`: nanoseconds; None: now.
    """
    if not is_on():
        return INVALID_SPAN
    return (
        _provider()
        .get_tracer(SERVICE)
        .start_span(
            name,
            context=None if parent is None else _read(parent),
            kind=SpanKind[kind.upper()],
            attributes=attributes,
            start_time=started_at,
        )
    )


@contextmanager
def span(
    name: str,
    *,
    kind: Kind = "internal",
    parent: Mapping[str, Any] | None = None,
    attributes: Mapping[str, Figure] | None = None,
) -> Iterator[Span]:
    """A span around a block, and the parent of those within; see `begin`."""
    if not is_on():
        yield INVALID_SPAN
        return
    begun = begin(name, kind=kind, parent=parent, attributes=attributes)
    token = context.attach(trace.set_span_in_context(begun))
    try:
        yield begun
    except BaseException as error:
        fail(begun, type(error).__name__)
        raise
    finally:
        context.detach(token)
        begun.end()


def enter(name: str, *, kind: Kind, parent: Mapping[str, Any]) -> Span:
    """Begin a span and make it the current one of this context, which ends with it."""
    begun = begin(name, kind=kind, parent=parent)
    if is_on():
        context.attach(trace.set_span_in_context(begun))
    return begun


def record(
    name: str,
    seconds: float,
    *,
    kind: Kind,
    parent: Mapping[str, Any],
    attributes: Mapping[str, Figure],
) -> None:
    """A span of so many seconds that ends now."""
    if is_on():
        now = time.time_ns()
        started_at = now - int(seconds * 1e9)
        begin(name, kind=kind, parent=parent, started_at=started_at, attributes=attributes).end(now)


def fail(failed: Span, error: str) -> None:
    """Say that it went wrong. `error`: of which kind."""
    if is_on():
        failed.set_attribute("error.type", error)
        failed.set_status(Status(StatusCode.ERROR))


def carry() -> dict[str, str]:
    """The current span as headers, for whoever goes on elsewhere; empty without one."""
    carrier: dict[str, str] = {}
    if is_on():
        _PROPAGATOR.inject(carrier)
    return carrier


def trace_id() -> str:
    """The current trace's id in hexadecimal digits; empty without one."""
    return carry().get("traceparent", "--").split("-")[1]


def flush() -> None:
    """Send what is left: the process may end without asking anybody."""
    if is_on() and _provider.cache_info().currsize:
        _provider().force_flush(EXPORT_SECONDS * 1000)


@functools.cache
def _provider() -> "TracerProvider":
    # 40 ms and 15 MB, so only where spans are exported.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    name = os.environ.get("OTEL_SERVICE_NAME") or SERVICE
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(timeout=EXPORT_SECONDS)))
    return provider


def _read(parent: Mapping[str, Any]) -> Context:
    """The context that headers name: with nothing of the one that happens to be current here."""
    names = ("traceparent", "tracestate")
    carrier = {name: parent[name] for name in names if name in parent}
    return _PROPAGATOR.extract(carrier, context=Context())
