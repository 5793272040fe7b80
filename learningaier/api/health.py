"""Liveness and readiness."""

from collections.abc import Callable
from http import HTTPStatus

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from learningaier.cache.connection import CacheDown, cache_client
from learningaier.core.database import release_connection
from learningaier.jobs.queues import queue_connection
from learningaier.server import threads

OK, DEGRADED, DOWN = "ok", "degraded", "down"


def show_liveness(request: HttpRequest) -> JsonResponse:
    """GET /health: this process answers; nothing else is asked."""
    return JsonResponse({"status": OK})


def show_readiness(request: HttpRequest) -> JsonResponse:
    """GET /health/ready: 200 while requests can be served, 503 while they can't.

    Only the database is needed to serve. Without Redis, answers are uncached and uploads wait.
    """
    checks = {
        "database": _check(_ask_database, DOWN),
        "cache": _check(_ask_cache, DEGRADED) if settings.ENABLE_REDIS_CACHE else DEGRADED,
        "queue": _check(_ask_queue, DEGRADED),
        "index": _check(_ask_index, DOWN),
        "threads": _check_threads(),
    }
    release_connection()  # this thread is seldom asked
    is_ready = DOWN not in checks.values()
    status = OK if set(checks.values()) == {OK} else DEGRADED if is_ready else DOWN
    return JsonResponse(
        {"status": status, "checks": checks},
        status=HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE,
    )


def _check(ask: Callable[[], object], otherwise: str) -> str:
    try:
        ask()
    except (DatabaseError, redis.RedisError, CacheDown):
        return otherwise
    return OK


def _check_threads() -> str:
    """Whether requests find threads in this process; `down` where they wait for long."""
    if threads.slots.waits_since > threads.STUCK_SECONDS:
        return DOWN
    return DEGRADED if threads.slots.used >= threads.THREADS else OK


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM knowledge_chunk LIMIT 1")


def _ask_cache() -> None:
    with cache_client() as client:
        client.ping()


def _ask_queue() -> None:
    queue_connection().ping()
