"""PostgreSQL, Redis and the bucket as settings and clients, each made from its address.

Redis may stand alone (`redis://`, `rediss://`, `unix://`) or behind sentinels:
`redis+sentinel://user:password@host:26379,host:26379/service/database`. With `rediss+sentinel` the
servers and the sentinels speak TLS. `?sentinel_password=` is the sentinels' own, where they have
one; further parameters are redis-py's, as `?ssl_ca_certs=/path`.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import dj_database_url
from environs import ValidationError
from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.asyncio.retry import Retry as AsyncRetry
from redis.asyncio.sentinel import Sentinel as AsyncSentinel
from redis.backoff import NoBackoff
from redis.connection import parse_url
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry
from redis.sentinel import Sentinel

POOLERS = ("", "transaction")
# A server whose machine has gone says nothing: a thread would wait for a quarter of an hour.
POSTGRES_PATIENCE = {
    "connect_timeout": 3,  # s
    "keepalives_idle": 10,  # s
    "keepalives_interval": 5,  # s
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,  # ms
}
SENTINEL_PORT = 26379
SENTINEL_SECONDS = 0.1  # for a sentinel to answer, before the next one is asked


@dataclass(frozen=True)
class _Sentinels:
    """The sentinels of a URL, and the primary that they know.

    `servers`, `sentinels`: redis-py's options of connections to the one and the other.
    """

    hosts: list[tuple[str, int]]
    service: str
    servers: dict[str, Any]
    sentinels: dict[str, Any]

    @classmethod
    def read(cls, url: str) -> "_Sentinels | None":
        """Returns: None where the URL names a server. Raises: ValueError."""
        scheme, _, rest = url.partition("+sentinel://")
        if not rest or scheme not in {"redis", "rediss"}:
            return None
        parts = urlsplit(f"redis://{rest}")
        login, _, hosts = parts.netloc.rpartition("@")
        service, _, database = parts.path.strip("/").partition("/")
        if not service:
            raise ValueError("The URL names no service.")
        query = dict(parse_qsl(parts.query))
        password = query.pop("sentinel_password", None)
        plain = f"redis://{login}@server/{int(database or 0)}?{urlencode(query)}"
        servers = parse_url(plain)  # type: ignore[no-untyped-call]
        del servers["host"]
        tls = {name: value for name, value in servers.items() if name.startswith("ssl")}
        if scheme == "rediss":
            tls["ssl"] = True
        timeouts = {"socket_connect_timeout": SENTINEL_SECONDS, "socket_timeout": SENTINEL_SECONDS}
        own = {"password": password} | timeouts | tls
        return cls([_host(text) for text in hosts.split(",")], service, servers | tls, own)


def _host(text: str) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    if not parts.hostname:
        raise ValueError("The URL names no sentinel.")
    return parts.hostname, parts.port or SENTINEL_PORT


def redis_client(url: str, **options: Any) -> Any:
    """A client of the server, or of whichever server the sentinels call the primary.

    `options`: redis-py's, as `socket_timeout` in seconds. Nothing is connected yet.
    Raises: ValueError if the URL can't be understood.
    """
    known = _Sentinels.read(url)
    if known is None:
        return Redis.from_url(url, **options)
    # redis-py would ask a dead sentinel three times, with seconds in between.
    own = known.sentinels | {"retry": Retry(NoBackoff(), 0)}
    sentinel: Any = Sentinel(known.hosts, sentinel_kwargs=own)  # type: ignore[no-untyped-call]
    return sentinel.master_for(known.service, **known.servers | options)


def async_redis_client(url: str, **options: Any) -> Any:
    """A client of the same address for coroutines."""
    known = _Sentinels.read(url)
    if known is None:
        return AsyncRedis.from_url(url, **options)
    own = known.sentinels | {"retry": AsyncRetry(NoBackoff(), 0)}
    sentinel: Any = AsyncSentinel(known.hosts, sentinel_kwargs=own)  # type: ignore[no-untyped-call]
    return sentinel.master_for(known.service, **known.servers | options)


def redis_url(text: str) -> None:
    """Accept nothing, or a URL that a client can be made from.

    Raises: environs.ValidationError, which never repeats the URL, as it holds a password.
    """
    try:
        if text:
            redis_client(text)
    except ValueError as error:
        raise ValidationError(
            "must be a URL that starts with redis://, rediss:// or unix://, "
            "or be like redis+sentinel://:password@host:26379/service/0."
        ) from error


def databases(url: str, *, pooler: str) -> dict[str, dict[str, Any]]:
    """Django's DATABASES.

    `pooler`: "transaction" where a pooler gives every transaction another server connection, on
    which a cursor that outlives its transaction would be lost.
    """
    database: dict[str, Any] = {
        **dj_database_url.parse(
            url,
            engine="learningaier.core.postgresql",
            conn_max_age=60,
            conn_health_checks=True,
        ),
        "DISABLE_SERVER_SIDE_CURSORS": pooler == "transaction",
    }
    database["OPTIONS"] = POSTGRES_PATIENCE | database.get("OPTIONS", {})
    return {"default": database}


def caches(url: str) -> dict[str, dict[str, Any]]:
    """Django's CACHES: keys as they are, values as JSON."""
    # A dead Redis may cost a request 100 ms at most. One retry covers a connection that the
    # server has closed since its last use; a time-out is never tried again.
    connection: dict[str, Any] = {"retry": Retry(NoBackoff(), 1, (RedisConnectionError,))}
    options: dict[str, Any] = {
        "SERIALIZER": "django_redis.serializers.json.JSONSerializer",
        "SOCKET_CONNECT_TIMEOUT": 0.05,
        "SOCKET_TIMEOUT": 0.1,
        "CONNECTION_POOL_KWARGS": connection,
    }
    known = _Sentinels.read(url)
    if known is not None:
        url = f"redis://{known.service}"
        connection |= known.servers
        options |= {
            "CONNECTION_FACTORY": "django_redis.pool.SentinelConnectionFactory",
            "SENTINELS": known.hosts,
            "SENTINEL_KWARGS": known.sentinels | {"retry": Retry(NoBackoff(), 0)},
        }
    cache = {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": url,
        "KEY_FUNCTION": "learningaier.cache.keys.as_is",
        "OPTIONS": options,
    }
    return {"default": cache}


def storages(bucket: str) -> dict[str, dict[str, Any]]:
    """Django's STORAGES. `bucket`: a Google Cloud Storage bucket's name; empty: MEDIA_ROOT."""
    uploads: dict[str, Any] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    if bucket:
        uploads = {
            "BACKEND": "storages.backends.gcloud.GoogleCloudStorage",
            "OPTIONS": {"bucket_name": bucket, "file_overwrite": False},
        }
    static = {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"}
    return {"default": uploads, "staticfiles": static}
