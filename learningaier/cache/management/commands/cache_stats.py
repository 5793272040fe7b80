"""`manage.py cache_stats`: what lies in the cache, how often it is hit, and whose it is."""

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from prometheus_client import CollectorRegistry, multiprocess
from redis.exceptions import RedisError

from learningaier.cache import keys, scan

LOOKUPS = "learningaier_cache_lookups_total"


class Command(BaseCommand):
    """Walks through the keys in batches, which lets Redis serve others in between."""

    help = "Show the cache's keys and memory by kind, its hit rates, and the users with most."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--top`: how many users are listed, the largest first."""
        parser.add_argument("--top", type=int, default=10, help="how many users to show")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count the keys by kind and user, and print a table."""
        try:
            count, memory, users = _measure()
        except RedisError as error:
            raise CommandError(f"Redis does not answer: {error}") from error
        hits = _read_lookups()
        self._row("kind", "keys", "KiB", "hit rate")
        for kind in keys.KINDS:
            rate = _hit_rate(hits, kind)
            self._row(kind, str(count[kind]), f"{memory[kind] / 1024:.1f}", rate)
        self.stdout.write("")
        self._row("user", "keys", "KiB", "")
        names = _names(users)
        for user_id, size in users.most_common(options["top"]):
            held = str(count[user_id])
            self._row(names.get(user_id, user_id), held, f"{size / 1024:.1f}", "")

    def _row(self, name: str, held: str, size: str, rate: str) -> None:
        self.stdout.write(f"{name:<40}{held:>10}{size:>12}{rate:>12}".rstrip())


def _measure() -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Keys by kind and by user, bytes by kind, bytes by user."""
    client = scan.operator_client()
    count, memory, users = Counter[str](), Counter[str](), Counter[str]()
    for kind in keys.KINDS:
        for batch in scan.find_keys(client, f"{kind}:*"):
            for key, size in zip(batch, _sizes(client, batch), strict=True):
                user_id = key.decode().split(":")[1]
                count.update([kind, user_id])
                memory[kind] += size
                users[user_id] += size
    return count, memory, users


def _sizes(client: Any, batch: Iterable[bytes]) -> list[int]:
    pipeline = client.pipeline(transaction=False)
    for key in batch:
        pipeline.memory_usage(key)
    return [size or 0 for size in pipeline.execute()]  # None: gone since the scan saw it


def _read_lookups() -> Counter[tuple[str, str]]:
    """Lookups by kind and result, as this machine's web processes have counted them."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR") or str(settings.DATA_DIR / "metrics")
    found = Counter[tuple[str, str]]()
    if not Path(folder).is_dir():
        return found
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]
    for metric in registry.collect():
        for sample in metric.samples:
            if sample.name == LOOKUPS:
                found[sample.labels["kind"], sample.labels["result"]] += int(sample.value)
    return found


def _hit_rate(lookups: Counter[tuple[str, str]], kind: str) -> str:
    asked = sum(value for (of, _), value in lookups.items() if of == kind)
    return f"{lookups[kind, 'hit'] / asked:.1%}" if asked else "-"


def _names(users: Counter[str]) -> dict[str, str]:
    found = get_user_model().objects.filter(pk__in=[key for key in users if len(key) == 36])
    return {str(user.pk): user.get_username() for user in found}
