"""PUT replaces a note: a title is required, `content` is not."""

from typing import Any

import pytest


@pytest.mark.parametrize("body", [{}, {"content": "New."}, {"tags": ["new"]}, {"title": ""}])
def test_put_without_a_title_is_400_and_changes_nothing(api: Any, body: Any) -> None:
    note = api.post(
        "/api/notes", {"title": "Cells", "content": "Membranes.", "tags": ["biology"]}
    ).json()

    response = api.put(f"/api/notes/{note['id']}", body, content_type="application/json")

    assert response.status_code == 400
    assert "title" in response.json()["errors"]
    after = api.get(f"/api/notes/{note['id']}").json()
    for field in ("title", "content", "tags", "updated_at"):
        assert after[field] == note[field]
