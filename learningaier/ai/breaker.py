"""A circuit breaker that all processes share, in Redis.

Closed: calls pass. After FAILURES in a row within WINDOW seconds it opens, and no call is made for
COOL_DOWN seconds. Then one caller at a time may try; its success closes the breaker, its failure
opens it again. Without Redis nothing is known of it, and calls pass: those that cost money are
refused by their rate limit then.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from learningaier.cache import keys
from learningaier.cache.connection import CacheDown, cache_client

FAILURES, WINDOW, COOL_DOWN, MEMORY = 5, 60, 20, 600  # failures, and seconds
SHOWN = 7 * 24 * 3600  # seconds after a breaker has last opened

# KEYS: failures, open, tripped, probe, the names. `tripped` outlives `open`: between them one may
# try.
ASK = """
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
if redis.call('EXISTS', KEYS[3]) == 0 then return 1 end
return redis.call('SET', KEYS[4], 1, 'NX', 'EX', ARGV[1]) and 1 or 0
"""
FAIL = """
local failures = redis.call('INCR', KEYS[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
if failures < tonumber(ARGV[1]) and redis.call('EXISTS', KEYS[3]) == 0 then return 0 end
redis.call('SET', KEYS[2], 1, 'EX', ARGV[3])
redis.call('SET', KEYS[3], 1, 'EX', ARGV[4])
redis.call('DEL', KEYS[4])
redis.call('SADD', KEYS[5], ARGV[5])
redis.call('EXPIRE', KEYS[5], ARGV[6])
return 1
"""


class Breaker:
    """Of the thing called `name`. `seconds`: how long one call may take at most."""

    def __init__(self, name: str, *, seconds: float) -> None:
        self.name = name
        self._probe_seconds = int(seconds) + 5
        self._keys = [keys.breaker(name, part) for part in ("failures", "open", "tripped", "probe")]

    def allow(self) -> bool:
        """Whether a call may be made now; who gets a yes must tell how it went."""
        return self._run(ASK, self._probe_seconds) != 0

    def record_failure(self) -> None:
        """A call has failed in a way that the next one would, too."""
        self._run(FAIL, FAILURES, WINDOW, COOL_DOWN, MEMORY, self.name, SHOWN)

    def record_success(self) -> None:
        """A call has succeeded: all is forgotten."""
        with suppress(CacheDown), cache_client() as client:
            client.delete(*self._keys)

    def _run(self, script: str, *arguments: int | str) -> int | None:
        """None while Redis does not answer."""
        names = [*self._keys, keys.BREAKERS]
        try:
            with cache_client() as client:
                reply = client.register_script(script)(keys=names, args=arguments)
        except CacheDown:
            return None
        return int(reply)


class BreakerCollector:
    """The breakers that have opened within a week, and which of them have not closed since."""

    def collect(self) -> Iterable[Metric]:
        """Ask Redis: two round trips."""
        family = GaugeMetricFamily(
            "learningaier_breaker_open",
            "Whether a model has failed again and again, and is tried once in a while at most.",
            labels=["name"],
        )
        try:
            with cache_client() as client:
                states = _read_states(client)
        except CacheDown:
            return []
        for name, is_open in states:
            family.add_metric([name], is_open)
        return [family]


def _read_states(client: Any) -> Iterable[tuple[str, int]]:
    names = sorted(name.decode() for name in client.smembers(keys.BREAKERS))
    asked = client.pipeline(transaction=False)
    for name in names:
        asked.exists(keys.breaker(name, "tripped"))
    return zip(names, asked.execute(), strict=True)
