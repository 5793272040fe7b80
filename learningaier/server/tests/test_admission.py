"""Nobody gets all of a process: threads in turn, bodies with a deadline, crowds turned away."""

import asyncio
from typing import Any

import pytest

from learningaier.server import admission, intake
from learningaier.server.admission import Admission, ShortHeaders
from learningaier.server.callers import Caller
from learningaier.server.intake import ClientGone, TooSlow, read_body
from learningaier.server.slots import Busy, FairSlots

ANNA, BORIS = Caller("anna", "192.0.2.1"), Caller("boris", "192.0.2.1")


def make_slots(**options: Any) -> FairSlots:
    usual = {"a_user": 3, "an_address": 4, "max_waiting": 40, "patience": 5.0}
    return FairSlots(4, **(usual | options))


def test_one_user_leaves_room_for_another() -> None:
    async def run() -> list[int]:
        slots = make_slots()
        for _ in range(3):
            await slots.acquire(ANNA)
        crowd = [asyncio.create_task(slots.acquire(ANNA)) for _ in range(5)]
        await asyncio.sleep(0)
        await slots.acquire(BORIS)
        counts = [slots.used, slots.waiting]
        for task in crowd:
            task.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
        return [*counts, slots.used, slots.waiting]

    assert asyncio.run(run()) == [4, 5, 4, 0]


def test_those_in_line_are_served_in_turn() -> None:
    async def run() -> list[str]:
        slots, served = make_slots(a_user=4), []

        async def take(caller: Caller) -> None:
            await slots.acquire(caller)
            served.append(caller.user)

        for _ in range(4):
            await slots.acquire(ANNA)
        tasks = [asyncio.create_task(take(who)) for who in (ANNA, ANNA, ANNA, BORIS)]
        await asyncio.sleep(0)
        for _ in range(4):
            slots.release(ANNA)
        await asyncio.gather(*tasks)
        return served

    assert asyncio.run(run())[:2] == ["anna", "boris"]


def test_who_waits_too_long_is_sent_away_and_holds_nothing() -> None:
    async def run() -> tuple[int, int]:
        slots = make_slots(patience=0.01)
        for _ in range(3):
            await slots.acquire(ANNA)
        with pytest.raises(Busy):
            await slots.acquire(ANNA)
        return slots.used, slots.waiting

    assert asyncio.run(run()) == (3, 0)


def receive_from(*messages: Any) -> Any:
    """What the server gives: these messages, then nothing more."""
    left = [*messages]

    async def receive() -> Any:
        if left:
            return left.pop(0)
        return await asyncio.Future()

    return receive


def piece(body: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_in_pieces_of_unknown_number_is_whole() -> None:
    receive = receive_from(piece(b"ab", more=True), piece(b"cd"))

    body = asyncio.run(read_body(receive, announced=None, limit=10))

    assert (body.length, body.file.read()) == (4, b"abcd")
    body.file.close()


def test_a_body_over_the_limit_is_not_read_to_its_end() -> None:
    receive = receive_from(*[piece(b"x" * 100, more=True)] * 1000)

    body = asyncio.run(read_body(receive, announced=None, limit=250))

    assert body.length == 300
    body.file.close()


def test_a_body_that_does_not_come_is_given_up(monkeypatch: Any) -> None:
    monkeypatch.setattr(intake, "GRACE_SECONDS", 0.05)
    with pytest.raises(TooSlow):
        asyncio.run(read_body(receive_from(piece(b"a", more=True)), announced=100, limit=1000))


def test_a_client_that_leaves_in_the_middle_is_no_request() -> None:
    receive = receive_from(piece(b"a", more=True), {"type": "http.disconnect"})
    with pytest.raises(ClientGone):
        asyncio.run(read_body(receive, announced=100, limit=1000))


def test_a_crowd_of_one_user_is_turned_away_and_others_are_served() -> None:
    async def run() -> list[int]:
        held, statuses = asyncio.Event(), []

        async def app(scope: Any, _receive: Any, send: Any) -> None:
            await held.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        guard = Admission(
            app, identify=lambda scope: scope["who"], limit_body=lambda _scope, _caller: 100
        )
        scope = {"type": "http", "method": "GET", "headers": []}
        calls = [scope | {"who": ANNA}] * (admission.MAX_OF_USER + 2) + [scope | {"who": BORIS}]
        tasks = [asyncio.create_task(guard(one, receive_from(), send)) for one in calls]
        await asyncio.sleep(0)
        held.set()
        await asyncio.gather(*tasks)
        return statuses

    statuses = asyncio.run(run())

    assert statuses.count(429) == 2
    assert statuses.count(200) == admission.MAX_OF_USER + 1


@pytest.mark.parametrize(("length", "status"), [(1000, 200), (1001, 400), (8000, 400)])
def test_a_content_type_without_end_is_refused_before_a_thread_reads_it(
    length: int, status: int
) -> None:
    async def run() -> int:
        sent: list[Any] = []

        async def app(_scope: Any, _receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})

        async def send(message: Any) -> None:
            sent.append(message)

        kind = b'a/b; c="'
        headers = [(b"content-type", kind + b";" * (length - len(kind)))]
        await ShortHeaders(app)({"type": "http", "headers": headers}, receive_from(), send)
        return int(sent[0]["status"])

    assert asyncio.run(run()) == status
