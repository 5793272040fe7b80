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

from learningaier.dev.environment import bare_environment
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
    kept = {name: os.environ[name] for name in os.environ if name.startswith(_OF_TEST_TOOLS)}
    bare = bare_environment() | kept
    os.environ.clear()
    os.environ.update(bare)
    os.environ |= {
        "APP_ENV": "local",
        "DATA_DIR": str(folder),
        "SECRET_KEY": _stack.secret_key(),
        "DATABASE_URL": _stack.start_postgres(),
        _SOCKETS: str(_stack.sockets),
    }
    _stack.start_redis()


# Variables that steer the tests' own tools. All else of the caller's shell, and their `.env`, would
# make the tests run against something else.
_OF_TEST_TOOLS = (
    "CHROMIUM", "CI", "COLUMNS", "COV", "DJANGO_SETTINGS_MODULE", "FORCE_COLOR", "HYPOTHESIS",
    "NO_COLOR", "PY", "REWRITE_EXAMPLES", "TERM", "TZ", "VIRTUAL_ENV",
)  # fmt: skip
