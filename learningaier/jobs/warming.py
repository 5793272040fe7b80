"""What a worker loads before its first job: each job is a fork of it and finds it there."""

from collections.abc import Callable

_LOADERS: list[Callable[[], object]] = []


def load_before_jobs(load: Callable[[], object]) -> None:
    """Have something loaded once a worker instead of once a job. It must open no connection."""
    _LOADERS.append(load)


def warm_up() -> None:
    """Load what every job would load, before any is forked."""
    for load in _LOADERS:
        load()
