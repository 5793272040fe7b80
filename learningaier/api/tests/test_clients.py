"""Whose address counts, as a table."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory

from learningaier.api.clients import client_address

NETWORKS = ["10.0.0.0/8", "192.168.1.1", "fd00::/8", "172.16.5.4/12"]


def address_of(remote: str, forwarded: str | None) -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_address(RequestFactory(REMOTE_ADDR=remote).get("/", headers=headers))


@pytest.mark.parametrize(
    ("remote", "forwarded", "address"),
    [
        # Nobody in between.
        ("203.0.113.7", None, "203.0.113.7"),
        # Whoever is no proxy of ours may write what he likes.
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("192.168.1.2", "198.51.100.1", "192.168.1.2"),
        # One and two proxies of ours.
        ("10.1.2.3", "198.51.100.1", "198.51.100.1"),
        ("10.1.2.3", "198.51.100.1, 192.168.1.1", "198.51.100.1"),
        ("172.31.0.1", "198.51.100.1,10.9.9.9 , 192.168.1.1", "198.51.100.1"),
        # What the client itself wrote stands to the left, and does not count.
        ("10.1.2.3", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("10.1.2.3", "10.0.0.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        # Our own machines call themselves.
        ("10.1.2.3", "10.0.0.1", "10.0.0.1"),
        ("10.1.2.3", None, "10.1.2.3"),
        # Ports and brackets.
        ("10.1.2.3", "198.51.100.1:51234", "198.51.100.1"),
        ("10.1.2.3", "[2001:db8:1:2:3:4:5:6]:51234", "2001:db8:1:2::/64"),
        ("10.1.2.3", "[2001:db8:1:2:3:4:5:6]", "2001:db8:1:2::/64"),
        # IPv6: one customer has 2**64 addresses.
        ("2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", None, "2001:db8:1:2::/64"),
        ("::1", None, "::/64"),
        ("fd00::1", "2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", None, "fe80::/64"),
        # A socket for both families shows IPv4 addresses so.
        ("::ffff:203.0.113.7", None, "203.0.113.7"),
        ("::ffff:10.1.2.3", "::ffff:198.51.100.1", "198.51.100.1"),
        # What is no address.
        ("10.1.2.3", "", "10.1.2.3"),
        ("10.1.2.3", ",", "10.1.2.3"),
        ("10.1.2.3", "unknown", "10.1.2.3"),
        ("10.1.2.3", "198.51.100.1, unknown", "10.1.2.3"),
        ("10.1.2.3", "198.51.100.1, unknown, 10.0.0.1", "10.0.0.1"),
        ("10.1.2.3", "unknown, 198.51.100.1", "198.51.100.1"),
        ("10.1.2.3", "198.51.100.999", "10.1.2.3"),
        ("10.1.2.3", "1.2.3.4'; DROP TABLE", "10.1.2.3"),
        ("10.1.2.3", "[", "10.1.2.3"),
        ("10.1.2.3", ":", "10.1.2.3"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_first_address_from_the_right_that_is_no_proxy_of_ours_counts(
    settings: Any, remote: str, forwarded: str | None, address: str
) -> None:
    settings.TRUSTED_PROXIES = NETWORKS

    assert address_of(remote, forwarded) == address


@pytest.mark.parametrize("entries", [[], ["garbage"], [""], ["10.0.0.0/33"], ["*"]])
def test_an_entry_that_is_no_network_trusts_nobody(settings: Any, entries: list[str]) -> None:
    settings.TRUSTED_PROXIES = entries

    assert address_of("10.1.2.3", "198.51.100.1") == "10.1.2.3"


def test_an_entry_that_is_no_network_does_not_spoil_the_others(settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["garbage", " 10.0.0.0/8 "]

    assert address_of("10.1.2.3", "198.51.100.1") == "198.51.100.1"


@pytest.mark.django_db
def test_the_admins_sign_in_is_limited_by_address(settings: Any) -> None:
    settings.RATE_LIMIT_SIGN_IN = 2
    credentials = {"username": "operator", "password": "wrong"}
    first, second = Client(REMOTE_ADDR="192.0.2.1"), Client(REMOTE_ADDR="192.0.2.2")

    answers = [first.post("/admin/login/", credentials) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == "ratelimited"
    assert int(answers[2]["Retry-After"]) > 0
    assert first.get("/admin/login/").status_code == 200
    assert second.post("/admin/login/", credentials).status_code == 200


@pytest.mark.django_db
def test_an_operator_can_sign_in_at_the_admin() -> None:
    get_user_model().objects.create_superuser("operator", password="a long password")
    credentials = {"username": "operator", "password": "a long password", "next": "/admin/"}

    response = Client().post("/admin/login/", credentials)

    assert response.status_code == 302
    assert response["Location"] == "/admin/"
