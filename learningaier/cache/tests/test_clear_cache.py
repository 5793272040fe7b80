"""`manage.py clear_cache` deletes what it was asked to, and nothing else."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django_redis import get_redis_connection

from learningaier.accounts.models import User


@pytest.fixture
def client(owner: User, stranger: User) -> Any:
    """Redis with cached values of two people, a rate limit and a job."""
    redis = get_redis_connection("default")
    redis.flushdb()  # making people has begun versions of its own
    for user in (owner, stranger):
        redis.set(f"rag:{user.pk}:all:abc", "x")
        redis.set(f"rag:{user.pk}:all:version", 1)
        redis.set(f"analytics:{user.pk}:overview", "x")
        redis.set(f"auth:{user.pk}", "x")
        redis.set(f"limit:ai_qa:{user.pk}", "x")
    redis.set("rq:job:1", "x")
    return redis


def clear(**options: Any) -> str:
    out = StringIO()
    call_command("clear_cache", stdout=out, stderr=StringIO(), **options)
    return out.getvalue().strip()


def test_all_leaves_jobs_and_limits(client: Any, owner: User, stranger: User) -> None:
    assert clear(all=True) == "Deleted 8 keys."

    left = {key.decode() for key in client.keys("*")}
    assert left == {"rq:job:1", f"limit:ai_qa:{owner.pk}", f"limit:ai_qa:{stranger.pk}"}


@pytest.mark.parametrize("field", ["pk", "username", "email"])
def test_a_user_is_found_by_id_name_or_address(
    client: Any, owner: User, stranger: User, field: str
) -> None:
    assert clear(user=str(getattr(owner, field))) == "Deleted 4 keys."
    assert client.exists(f"analytics:{stranger.pk}:overview", f"auth:{stranger.pk}") == 2
    assert client.exists(f"analytics:{owner.pk}:overview", f"auth:{owner.pk}") == 0


def test_a_kind_of_a_user(client: Any, owner: User) -> None:
    assert clear(user="owner", kind="analytics") == "Deleted 1 keys."
    assert client.exists(f"rag:{owner.pk}:all:abc")


def test_a_pattern_reaches_cached_values_only(client: Any) -> None:
    assert clear(pattern="*") == "Deleted 8 keys."
    assert client.exists("rq:job:1")


def test_a_dry_run_counts_and_deletes_nothing(client: Any) -> None:
    before = client.dbsize()

    assert clear(kind="rag", dry_run=True) == "Would delete 4 keys."
    assert client.dbsize() == before


def test_many_keys_go_in_batches(client: Any, owner: User) -> None:
    client.mset({f"rag:{owner.pk}:all:{number}": "x" for number in range(5000)})

    assert clear(kind="rag") == "Deleted 5004 keys."


@pytest.mark.parametrize(
    ("options", "reason"),
    [({}, "Say what to delete"), ({"user": "nobody"}, "No user fit")],
)
def test_unclear_requests_are_refused(client: Any, options: dict[str, Any], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        clear(**options)
    assert client.exists("rq:job:1")
