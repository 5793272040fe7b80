"""A connection that has ended is replaced before it is used; a living one is not asked."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kept() -> Iterator[Any]:
    """A connection that a thread keeps, between two requests."""
    wrapper = connection.copy()
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT 'the request before'")
    wrapper.close_if_unusable_or_obsolete()
    yield wrapper
    wrapper.close()


def pid_of(wrapper: Any) -> int:
    return int(wrapper.connection.info.backend_pid)


def begin_request(wrapper: Any) -> int:
    """Run a first query. Returns: the process of the server that answered."""
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_a_connection_that_the_server_has_ended_is_replaced(kept: Any) -> None:
    before = pid_of(kept)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
    time.sleep(0.1)  # its last message is on the way

    assert begin_request(kept) != before


def test_a_living_connection_is_not_asked(kept: Any) -> None:
    kept.close_if_health_check_failed()

    with connection.cursor() as cursor:
        cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [pid_of(kept)])
        assert cursor.fetchone()[0] == "SELECT 'the request before'"
    assert begin_request(kept) == pid_of(kept)


def test_a_message_of_the_server_costs_a_question_and_not_the_connection(kept: Any) -> None:
    with kept.cursor() as cursor:
        cursor.execute("LISTEN news")
    kept.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY news")
    time.sleep(0.1)
    before = pid_of(kept)

    assert begin_request(kept) == before
