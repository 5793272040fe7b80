"""`manage.py scheduler`: calls what recurs, in one small process."""

import signal
import threading
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from learningaier.jobs import schedule
from learningaier.jobs.health_server import HealthServer, Pulse

TICK_SECONDS = 0.5
PULSE_SECONDS = 300


class Command(BaseCommand):
    """Runs until SIGTERM. Two at once do no harm: every task claims its rows."""

    help = "Call what recurs: sweeps of lost uploads and the like."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--once` calls everything a single time."""
        parser.add_argument("--once", action="store_true", help="call everything once, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        """Call what is due, again and again."""
        if options["once"]:
            schedule.run_due(float("inf"))
            return
        is_over = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: is_over.set())
        pulse = Pulse(PULSE_SECONDS)
        if settings.WORKER_PORT:
            HealthServer(settings.WORKER_PORT, pulse)
        while not is_over.wait(TICK_SECONDS):
            pulse.beat()
            close_old_connections()
            schedule.run_due(time.monotonic())
