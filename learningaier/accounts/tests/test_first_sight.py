"""Two first requests of one person at once."""

import threading
import time
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from learningaier.accounts.identity import Identity
from learningaier.accounts.models import User
from learningaier.accounts.services import find_or_create_firebase_user
from learningaier.accounts.tests.google import Google

pytestmark = pytest.mark.django_db(transaction=True)


def request_in_threads(token: str, count: int) -> tuple[list[threading.Thread], list[Any]]:
    answers: list[Any] = []

    def ask() -> None:
        try:
            client = Client(headers={"Authorization": f"Bearer {token}"})
            answers.append(client.get("/api/me"))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads, answers


def wait_for_blocked_insert() -> None:
    """Return when another session waits for what this transaction has inserted."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    pytest.fail("The second request did not try to make the account.")


def test_a_request_that_finds_the_account_half_made_uses_it(google: Google) -> None:
    with transaction.atomic():
        first = find_or_create_firebase_user(identity=Identity("uid-1", "uid-1@example.org"))
        threads, answers = request_in_threads(google.signer.token(), 1)
        wait_for_blocked_insert()
    threads[0].join()

    assert answers[0].status_code == 200
    assert answers[0].json()["id"] == str(first.pk)
    assert User.objects.count() == 1


def test_many_first_requests_at_once_make_one_account(google: Google) -> None:
    threads, answers = request_in_threads(google.signer.token(), 8)
    for thread in threads:
        thread.join()

    assert [answer.status_code for answer in answers] == [200] * 8
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert User.objects.count() == 1
