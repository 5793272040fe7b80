"""Many rows cost as many queries as few."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


def write(api: Any, number: int) -> str:
    body = {
        "title": f"Note {number}",
        "content": f"See [[Note {number - 1}]] and [[Note 0]].",
        "content_md_zh": "渗透。",
        "folder": f"Biology/{number % 3}",
    }
    response = api.post("/api/notes", body)
    assert response.status_code == 201
    pk: str = response.json()["id"]
    return pk


def count(api: Any, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert api.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "path", ["/api/notes", "/api/notes?include_deleted=true", "/api/folders", "/api/trash"]
)
def test_a_list_costs_the_same_however_long_it_is(api: Any, path: str) -> None:
    api.delete(f"/api/notes/{write(api, 0)}")
    write(api, 1)
    count(api, path)  # the first call reads what is read once
    few = count(api, path)
    for number in range(2, 12):
        write(api, number)
        api.delete(f"/api/notes/{write(api, 100 + number)}")

    assert count(api, path) == few


def test_versions_cost_the_same_however_many_there_are(api: Any) -> None:
    pk = write(api, 1)
    path = f"/api/notes/{pk}/versions"
    count(api, path)
    few = count(api, path)
    for number in range(10):
        api.patch(f"/api/notes/{pk}", {"content": f"Another text: {number}."})

    assert count(api, path) == few
    assert count(api, f"{path}/1") <= few + 1
