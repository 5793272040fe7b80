"""The pytest plugin that gives every test run its own PostgreSQL and Redis.

Loaded by `-p` before Django reads its settings. The process that steers the run starts the servers
in a temporary folder; the xdist workers inherit their addresses, a test database and a Redis
database each. So neither a second run nor a running service is touched.
"""

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from learningaier.embedded import redis
from learningaier.embedded.stack import Stack

_SOCKETS = "LEARNINGAIER_TEST_SOCKETS"
_stack: Stack | None = None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """Start the servers, or in an xdist worker choose this worker's part of them.

    A wrapper, as only wrappers come before pytest-django, which reads the settings here.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        _start()
    database = 0 if worker is None else 1 + int(worker.removeprefix("gw"))
    os.environ["REDIS_URL"] = redis.url(Path(os.environ[_SOCKETS]), database)
    return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers and remove their folder."""
    if _stack is not None:
        _stack.close()
        shutil.rmtree(_stack.folder, ignore_errors=True)
        shutil.rmtree(_stack.sockets, ignore_errors=True)


def _start() -> None:
    global _stack  # noqa: PLW0603  pytest calls the plugin's hooks, not an object of ours
    folder = Path(tempfile.mkdtemp(prefix="learningaier-test-"))
    _stack = Stack(folder, durable=False)
    _stack.open()
    for name in [name for name in os.environ if name in _FOREIGN]:
        del os.environ[name]
    os.environ |= {
        "APP_ENV": "local",
        "DATA_DIR": str(folder),
        "SECRET_KEY": _stack.secret_key(),
        "DATABASE_URL": _stack.start_postgres(),
        _SOCKETS: str(_stack.sockets),
    }
    _stack.start_redis()


# Settings of the caller's shell that would make the tests run against something else.
_FOREIGN = {
    "DEBUG", "ENABLE_REDIS_CACHE", "FIREBASE_AUTH_EMULATOR_HOST", "FIREBASE_CREDENTIALS",
    "FIREBASE_PROJECT_ID", "FIREBASE_STORAGE_BUCKET", "QUEUE_REDIS_URL", "RATELIMIT_ENABLE",
    "RATELIMIT_FAIL_OPEN", "RATE_LIMIT_ANALYTICS", "RATE_LIMIT_DOCUMENT_UPLOAD",
    "RATE_LIMIT_RAG_CHAT", "RATE_LIMIT_ANONYMOUS", "RATE_LIMIT_SIGN_IN", "TRUSTED_PROXIES",
    "LLM_PROVIDER", "EMBEDDINGS_PROVIDER", "AI_DAILY_TOKEN_BUDGET", "PINECONE_API_KEY",
    "LOCAL_TOKEN_DAYS", "PROMETHEUS_MULTIPROC_DIR", "DATABASE_POOLER", "SECRET_KEY_FALLBACKS",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
}  # fmt: skip
