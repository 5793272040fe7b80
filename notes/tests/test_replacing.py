"""PUT replaces a note: a title and a text are required."""

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ({}, "title"),
        ({"content": "New."}, "title"),
        ({"tags": ["new"]}, "title"),
        ({"title": "", "content": "New."}, "title"),
        ({"title": "New"}, "content"),
        ({"title": "New", "tags": ["new"]}, "content"),
        ({"title": "New", "content": None}, "content"),
    ],
)
def test_put_without_a_whole_note_is_400_and_changes_nothing(
    api: Any, body: Any, missing: str
) -> None:
    note = api.post(
        "/api/notes", {"title": "Cells", "content": "Membranes.", "tags": ["biology"]}
    ).json()

    response = api.put(f"/api/notes/{note['id']}", body, content_type="application/json")

    assert response.status_code == 400
    assert missing in response.json()["errors"]
    after = api.get(f"/api/notes/{note['id']}").json()
    for field in ("title", "content", "tags", "updated_at"):
        assert after[field] == note[field]


@pytest.mark.parametrize("text", [{"content": ""}, {"content": "New."}, {"content_md_zh": "新"}])
def test_put_with_title_and_text_replaces_them_and_keeps_the_rest(api: Any, text: Any) -> None:
    note = api.post("/api/notes", {"title": "Cells", "content": "Old.", "tags": ["a"]}).json()

    response = api.put(
        f"/api/notes/{note['id']}", {"title": "New", **text}, content_type="application/json"
    )

    assert response.status_code == 200, response.content
    after = response.json()
    assert (after["title"], after["tags"]) == ("New", ["a"])
    assert {name: after[name] for name in text} == text
