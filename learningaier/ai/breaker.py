"""A circuit breaker that all processes share, in Redis.

Closed: calls pass. After FAILURES in a row within WINDOW seconds it opens, and no call is made for
COOL_DOWN seconds. Then one caller at a time may try; its success closes the breaker, its failure
opens it again. Without Redis nothing is known of it, and calls pass: those that cost money are
refused by their rate limit then.
"""

from prometheus_client import Gauge
from redis import Redis

from learningaier.cache import connection, keys

FAILURES, WINDOW, COOL_DOWN, MEMORY = 5, 60, 20, 600  # failures, and seconds

OPEN = Gauge(
    "learningaier_breaker_open",
    "Whether calls of a model are not made, as it has failed again and again.",
    ["name"],
    multiprocess_mode="mostrecent",
)

# KEYS: failures, open, tripped, probe. `tripped` outlives `open`: between them one may try.
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
return 1
"""


class Breaker:
    """Of the thing called `name`. `seconds`: how long one call may take at most."""

    def __init__(self, name: str, *, seconds: float) -> None:
        self.name = name
        self._probe_seconds = int(seconds) + 5
        self._keys = [keys.breaker(name, part) for part in ("failures", "open", "tripped", "probe")]

    def lets_pass(self) -> bool:
        """Whether a call may be made now; who gets a yes must tell how it went."""
        return self._run(ASK, self._probe_seconds) != 0

    def note_failure(self) -> None:
        """A call has failed in a way that the next one would, too."""
        opened = self._run(FAIL, FAILURES, WINDOW, COOL_DOWN, MEMORY)
        OPEN.labels(self.name).set(1 if opened else 0)

    def note_success(self) -> None:
        """A call has succeeded: all is forgotten."""
        try:
            connection.call(lambda client: client.delete(*self._keys))
        except connection.CacheDown:
            return
        OPEN.labels(self.name).set(0)

    def _run(self, script: str, *arguments: int) -> int | None:
        """None while Redis does not answer."""

        def ask(client: Redis) -> int:
            return int(client.register_script(script)(keys=self._keys, args=arguments))

        try:
            return connection.call(ask)
        except connection.CacheDown:
            return None
