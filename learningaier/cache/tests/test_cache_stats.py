"""`manage.py cache_stats` counts what is there."""

from io import StringIO

from django.core.management import call_command
from django_redis import get_redis_connection

from learningaier.accounts.models import User


def test_keys_and_memory_are_shown_by_kind_and_by_user(owner: User, stranger: User) -> None:
    client = get_redis_connection("default")
    client.flushdb()
    client.set(f"rag:{owner.pk}:all:abc", "x" * 10_000)
    client.set(f"rag:{owner.pk}:all:version", 1)
    client.set(f"analytics:{stranger.pk}:overview", "x")
    client.set("rq:job:1", "x" * 100_000)
    out = StringIO()

    call_command("cache_stats", stdout=out)

    rows = {line.split()[0]: line.split()[1:] for line in out.getvalue().splitlines() if line}
    assert rows["rag"][0] == "2"
    assert 9 < float(rows["rag"][1]) < 20
    assert rows["analytics"][0] == "1"
    assert rows["auth"][0] == "0"
    assert rows["owner"][0] == "2"
    assert rows["stranger"][0] == "1"


def test_only_the_users_with_most_are_shown(owner: User, stranger: User) -> None:
    client = get_redis_connection("default")
    client.set(f"rag:{owner.pk}:all:abc", "x" * 10_000)
    out = StringIO()

    call_command("cache_stats", "--top", "1", stdout=out)

    assert "owner" in out.getvalue()
    assert "stranger" not in out.getvalue()
