"""Prometheus metrics over several processes: whose files they are in, and how they are shown.

With PROMETHEUS_MULTIPROC_DIR every process adds up its figures in files of its own, named by its
process id. A worker's jobs run in a process each: so that there are not as many files as jobs, all
that a worker forks, which is one at a time, share a name and go on where the last one ended.
"""

import os
from collections.abc import Iterable
from typing import Protocol

from prometheus_client import REGISTRY, CollectorRegistry, generate_latest, multiprocess, values
from prometheus_client.metrics_core import Metric

_name = ""


class Collector(Protocol):
    """Figures that are read when they are asked for, as they are everyone's: `collect` of them."""

    def collect(self) -> Iterable[Metric]:
        """The figures of now. What can't be read is left out; nothing is raised."""
        ...


_collectors: list[Collector] = []


def share_between_processes() -> None:
    """Choose where figures are kept. Has to come before the first metric is made."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        values.ValueClass = values.MultiProcessValue(_identify)  # type: ignore[no-untyped-call]


def _identify() -> str:
    return _name or str(os.getpid())


def go_on_as(name: str) -> None:
    """Go on with the figures of that name; only one process may bear it at a time."""
    global _name  # noqa: PLW0603  a process has one name
    _name = name


def collect_when_asked(collector: Collector) -> None:
    """Have the web processes show a collector's figures too."""
    _collectors.append(collector)


def render() -> bytes:
    """The figures of all processes that share this one's folder, in Prometheus' text format."""
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def render_collectors() -> bytes:
    """The figures of the whole service, in the same format."""
    registry = CollectorRegistry()
    for collector in _collectors:
        registry.register(collector)
    return generate_latest(registry)
