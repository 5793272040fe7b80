"""gunicorn's settings, the same for `make run` and the container."""

import gc
import os
import resource
import sys
from typing import Any

from prometheus_client import multiprocess

from learningaier.conf.variables import read_dotenv

read_dotenv()  # before the lines below read the environment

wsgi_app = "learningaier.asgi"
bind = f"0.0.0.0:{os.environ.get('PORT', '8080')}"
worker_class = "learningaier.server.draining.DrainingWorker"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
preload_app = True  # what loading makes is shared by the processes
keepalive = 65  # s; a load balancer's 60 must end first, or it meets a closed connection
timeout = 60
graceful_timeout = 25  # below Kubernetes' 30 s
control_socket_disable = True
errorlog = "-"
loglevel = "warning"
logger_class = "learningaier.observability.server_logs.JsonLogger"


def on_starting(_server: Any) -> None:
    """Let a process have as many connections as the system allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def when_ready(_server: Any) -> None:
    """Refuse to serve vectors that the settings do not fit, before any process is forked.

    The weights that every search needs are loaded once, for all processes. What preloading made
    stays out of every later garbage collection: a full one took 0.1 s.
    """
    from learningaier.ai.providers import get_sentence_embedder  # noqa: PLC0415  Django is set up
    from learningaier.api.clients import is_trusted_proxy  # noqa: PLC0415
    from learningaier.observability import tracing  # noqa: PLC0415
    from learningaier.server.connections import PatientProtocol  # noqa: PLC0415

    PatientProtocol.trusts = staticmethod(is_trusted_proxy)
    _check_database()
    get_sentence_embedder()
    tracing.load()
    gc.collect()
    gc.freeze()


def _check_database() -> None:
    # The application is loaded by now, and Django set up with it.
    from django.core.checks import run_checks  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    errors = [error for error in run_checks(databases=["default"]) if error.is_serious()]
    connections.close_all()
    if errors:
        sys.stderr.write("".join(f"{error}\n" for error in errors))
        sys.exit(os.EX_CONFIG)


def child_exit(_server: Any, worker: Any) -> None:
    """Take a dead process's gauges out of /metrics."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
