"""Something scarce of a web process (its threads), shared so that nobody can take all of it.

Who finds nothing free waits in line. The lines are one a user, served in turn, so that somebody
with a hundred requests at once delays his own and hardly anyone else's.
"""

import asyncio
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from contextlib import suppress

from learningaier.server.callers import Caller

Waiter = tuple["asyncio.Future[None]", float, Caller]


class Busy(Exception):
    """There is no slot for this caller in reasonable time; `is_own_doing`: he holds too many."""

    def __init__(self, *, is_own_doing: bool) -> None:
        super().__init__("no slot")
        self.is_own_doing = is_own_doing


class FairSlots:
    """`total` slots; at most `a_user` of them for one user, `an_address` for one address.

    `max_waiting`: callers in all lines together; of one user a quarter of it may wait.
    `patience`: seconds until a waiting caller is sent away. `on_change` hears how many slots are in
    use and how many callers wait.
    """

    def __init__(
        self,
        total: int,
        *,
        a_user: int,
        an_address: int,
        max_waiting: int,
        patience: float,
        on_change: Callable[[int, int], None] = lambda _used, _waiting: None,
    ) -> None:
        self.total = total
        self._a_user = a_user
        self._an_address = an_address
        self._max_waiting = max_waiting
        self._patience = patience
        self._on_change = on_change
        self._users: Counter[str] = Counter()
        self._addresses: Counter[str] = Counter()
        self._lines: OrderedDict[str, deque[Waiter]] = OrderedDict()
        self.used = 0
        self.waiting = 0

    @property
    def waits_since(self) -> float:
        """How many seconds the first in line has been waiting; 0 if nobody is."""
        begun = [line[0][1] for line in self._lines.values() if line]
        return time.monotonic() - min(begun) if begun else 0.0

    async def acquire(self, caller: Caller) -> None:
        """Take a slot, which `release` gives back. Raises: Busy."""
        if not self._lines and self._may_take(caller):
            self._take(caller)
            return
        line = self._lines.setdefault(caller.user, deque())
        if self.waiting >= self._max_waiting or len(line) >= self._max_waiting // 4:
            self._drop_empty(caller.user)
            raise Busy(is_own_doing=len(line) >= self._max_waiting // 4)
        waiter: Waiter = (asyncio.get_running_loop().create_future(), time.monotonic(), caller)
        line.append(waiter)
        self.waiting += 1
        self._serve_lines()  # others may be waiting for what this caller needs not
        try:
            await asyncio.wait_for(asyncio.shield(waiter[0]), self._patience)
        except BaseException as error:
            self._leave(waiter)
            if isinstance(error, TimeoutError):
                raise Busy(is_own_doing=not self._may_take(caller)) from None
            raise

    def _leave(self, waiter: Waiter) -> None:
        """Step out of the line; a slot that was given at the same moment goes back."""
        caller = waiter[2]
        if waiter[0].done():
            self.release(caller)
            return
        waiter[0].cancel()
        with suppress(KeyError, ValueError):
            self._lines[caller.user].remove(waiter)
            self.waiting -= 1
        self._drop_empty(caller.user)

    def _may_take(self, caller: Caller) -> bool:
        return (
            self.used < self.total
            and self._users[caller.user] < self._a_user
            and self._addresses[caller.address] < self._an_address
        )

    def _take(self, caller: Caller) -> None:
        self.used += 1
        self._users[caller.user] += 1
        self._addresses[caller.address] += 1
        self._on_change(self.used, self.waiting)

    def release(self, caller: Caller) -> None:
        """Give a slot back, and serve whoever is first in line."""
        self.used -= 1
        for counts, key in ((self._users, caller.user), (self._addresses, caller.address)):
            counts[key] -= 1
            if not counts[key]:
                del counts[key]
        self._serve_lines()
        self._on_change(self.used, self.waiting)

    def _serve_lines(self) -> None:
        """Give what is free to the users in line, one each and in turn."""
        for user in [*self._lines]:
            if self.used >= self.total:
                return
            future, _, caller = self._lines[user][0]
            if self._may_take(caller):
                self._lines[user].popleft()
                self._lines.move_to_end(user)
                self._drop_empty(user)
                self.waiting -= 1
                self._take(caller)
                future.set_result(None)

    def _drop_empty(self, user: str) -> None:
        if not self._lines.get(user, True):
            del self._lines[user]
