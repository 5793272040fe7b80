"""ETags: nobody's change is lost by a client that saw the row before it."""

import threading
from typing import Any

import pytest
from django.db import connection

from conftest import ApiClient

PATHS = {
    "/api/notes": {"title": "Osmosis", "content": "Water moves."},
}
CHANGES = {"/api/notes": "title"}
everywhere = pytest.mark.parametrize("path", PATHS)


@everywhere
def test_what_is_made_and_read_has_the_same_etag(api: Any, path: str) -> None:
    made = api.post(path, PATHS[path])
    read = api.get(f"{path}/{made.json()['id']}")

    assert read["ETag"]
    assert made["ETag"].partition("-")[0] == read["ETag"].partition("-")[0]


@everywhere
def test_a_change_with_the_present_etag_is_made(api: Any, path: str) -> None:
    made = api.post(path, PATHS[path])
    address = f"{path}/{made.json()['id']}"

    changed = api.patch(
        address, {CHANGES[path]: "Diffusion"}, headers={"If-Match": api.get(address)["ETag"]}
    )

    assert changed.status_code == 200
    assert changed["ETag"] != made["ETag"]
    assert api.get(address)["ETag"] == changed["ETag"]


@everywhere
@pytest.mark.parametrize("method", ["patch", "delete"])
def test_an_old_etag_is_412_with_the_present_object(api: Any, path: str, method: str) -> None:
    made = api.post(path, PATHS[path])
    address = f"{path}/{made.json()['id']}"
    api.patch(address, {CHANGES[path]: "Diffusion"})

    body = [{CHANGES[path]: "Mine"}] if method == "patch" else []
    refused = getattr(api, method)(address, *body, headers={"If-Match": made["ETag"]})

    assert refused.status_code == 412
    assert refused.json()["code"] == "precondition_failed"
    assert refused.json()["current"][CHANGES[path]] == "Diffusion"
    assert refused["ETag"] == api.get(address)["ETag"]
    assert api.get(address).json()[CHANGES[path]] == "Diffusion"


def test_any_version_and_a_list_of_versions_match(api: Any) -> None:
    made = api.post("/api/notes", {"title": "Osmosis"})
    address = f"/api/notes/{made.json()['id']}"

    for form in ("*", '"other-1", {}', "W/{}"):
        header = form.format(made["ETag"])
        made = api.patch(address, {"title": "Osmosis"}, headers={"If-Match": header})
        assert made.status_code == 200, header


@pytest.mark.parametrize("header", ['"old"', "", "-", '""', "W/"])
def test_what_names_no_version_does_not_match(api: Any, header: str) -> None:
    address = f"/api/notes/{api.post('/api/notes', {'title': 'Osmosis'}).json()['id']}"

    assert api.patch(address, {"title": "x"}, headers={"If-Match": header}).status_code == 412


def test_a_client_that_has_the_row_is_told_304(api: Any) -> None:
    address = f"/api/notes/{api.post('/api/notes', {'title': 'Osmosis'}).json()['id']}"
    etag = api.get(address)["ETag"]

    same = api.get(address, headers={"If-None-Match": etag})
    api.patch(address, {"title": "Diffusion"})
    other = api.get(address, headers={"If-None-Match": etag})

    assert (same.status_code, same.content, same["ETag"]) == (304, b"", etag)
    assert other.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_two_that_change_the_same_version_at_once_one_is_refused(owner: Any) -> None:
    api = ApiClient(owner)
    made = api.post("/api/notes", {"title": "Osmosis"})
    address, etag = f"/api/notes/{made.json()['id']}", made["ETag"]
    statuses: list[int] = []
    start = threading.Barrier(6)

    def change(number: int) -> None:
        client = ApiClient(owner)
        start.wait()
        answer = client.patch(address, {"title": f"{number}"}, headers={"If-Match": etag})
        statuses.append(answer.status_code)
        connection.close()

    threads = [threading.Thread(target=change, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200, 412, 412, 412, 412, 412]
