"""gunicorn's settings, the same for `make run` and the container."""

import gc
import os
from typing import Any

from prometheus_client import multiprocess

wsgi_app = "learningaier.asgi"
bind = f"0.0.0.0:{os.environ.get('PORT', '8080')}"
worker_class = "asgi"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
preload_app = True  # what loading makes is shared by the processes
keepalive = 65  # s; a load balancer's 60 must end first, or it meets a closed connection
timeout = 60
graceful_timeout = 25  # below Kubernetes' 30 s
control_socket_disable = True
errorlog = "-"
loglevel = "warning"


def when_ready(_server: Any) -> None:
    """Keep what preloading made out of every later garbage collection: a full one took 0.1 s."""
    gc.collect()
    gc.freeze()


def child_exit(_server: Any, worker: Any) -> None:
    """Take a dead process's gauges out of /metrics."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
