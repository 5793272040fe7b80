"""The connection to the database, where something slow is ahead."""

from django.db import connection


def release_connection() -> None:
    """Give this thread's connection back; the next query opens one.

    Whoever waits for a model or a client for seconds would else keep others from the database.
    Within a transaction nothing happens.
    """
    if not connection.in_atomic_block:
        connection.close()
