"""The database backend that ENGINE names.

A thread keeps its connection from one request to the next, and has to find out whether it is still
open. Django asks the server `SELECT 1` before every request's first query. What closes a connection
(the server's end, an operator, a proxy) reaches our socket first, so a socket on which nothing has
arrived is as good as that answer. HTTP clients look after their pools in the same way.
"""

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is asked for its health only where something has arrived on it."""

    def close_if_health_check_failed(self) -> None:
        """Close a connection that has ended. Django calls it before a request's first query."""
        if self.connection is not None and not _has_news(self.connection):
            self.health_check_done = True
        super().close_if_health_check_failed()


def _has_news(connection: Any) -> bool:
    """Whether there is something to read: the end of the connection, or a server's message."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(poll.poll(0))
