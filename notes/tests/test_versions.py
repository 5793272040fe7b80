"""Versions: what a note said at each save that changed its text."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.models import Note, NoteVersion
from notes.services.versions import MAX_VERSIONS, compare


def make(api: Any, content: str = "One.", **fields: Any) -> str:
    return api.post("/api/notes", {"title": "Cells", "content": content} | fields).json()["id"]


def save(api: Any, pk: str, content: str, query: str = "") -> Any:
    response = api.patch(f"/api/notes/{pk}{query}", {"content": content})
    assert response.status_code == 200, response.content
    return response.json()


def versions(api: Any, pk: str) -> list[tuple[int, str, str]]:
    found = api.get(f"/api/notes/{pk}/versions").json()
    return [(one["number"], one["content"], one["reason"]) for one in found]


def age(pk: str, seconds: int = 61) -> None:
    for version in NoteVersion.objects.filter(note=pk):
        version.created_at -= timedelta(seconds=seconds)
        version.save()


def test_each_save_that_changes_the_text_is_a_version(api: Any) -> None:
    pk = make(api)
    save(api, pk, "Two.")
    save(api, pk, "Two.")
    api.patch(f"/api/notes/{pk}", {"tags": ["x"], "folder": "Biology", "sort_order": 3})
    api.patch(f"/api/notes/{pk}", {"title": "Cells again"})

    assert versions(api, pk) == [
        (3, "Two.", "manual"),
        (2, "Two.", "manual"),
        (1, "One.", "manual"),
    ]
    first = api.get(f"/api/notes/{pk}/versions/1").json()
    assert (first["title"], first["content"]) == ("Cells", "One.")
    assert set(first) >= {"number", "title", "content", "reason", "created_at"}


def test_a_version_that_is_restored_is_a_new_one(api: Any) -> None:
    pk = make(api, content_md_zh="一。")
    save(api, pk, "Two.")
    api.patch(f"/api/notes/{pk}", {"content_md_zh": None})

    restored = api.post(f"/api/notes/{pk}/versions/1/restore")

    assert restored.status_code == 200, restored.content
    assert (restored.json()["number"], restored.json()["reason"]) == (4, "restore")
    note = api.get(f"/api/notes/{pk}").json()
    assert (note["content"], note["content_md_zh"], note["version"]) == ("One.", "一。", 4)
    assert api.get("/api/search?q=one").json()[0]["quote"] in ("One.", "一。")


def test_to_restore_what_has_changed_since_is_412(api: Any) -> None:
    pk = make(api)
    old = api.get(f"/api/notes/{pk}")["ETag"]
    save(api, pk, "Two.")

    refused = api.post(f"/api/notes/{pk}/versions/1/restore", headers={"If-Match": old})

    assert (refused.status_code, refused.json()["current"]["content"]) == (412, "Two.")


def test_autosave_makes_at_most_a_version_a_minute(api: Any) -> None:
    pk = make(api)
    for word in ("a", "ab", "abc"):
        save(api, pk, word, "?autosave=true")
    assert [one[1:] for one in versions(api, pk)] == [("abc", "auto"), ("One.", "manual")]

    age(pk)
    save(api, pk, "abcd", "?autosave=true")

    assert [one[1] for one in versions(api, pk)] == ["abcd", "abc", "One."]
    save(api, pk, "By hand.")
    save(api, pk, "By hand. And", "?autosave=true")
    assert [one[1] for one in versions(api, pk)] == ["By hand. And", "By hand.", "abc", "One."]


def test_the_newest_50_are_kept(api: Any) -> None:
    pk = make(api, "0")
    for number in range(1, MAX_VERSIONS + 5):
        save(api, pk, f"{number} " * 3)

    found = versions(api, pk)

    assert len(found) == MAX_VERSIONS
    assert (found[0][0], found[-1][0]) == (MAX_VERSIONS + 5, 6)
    assert [one[1] for one in found] == [f"{n} " * 3 for n in range(MAX_VERSIONS + 4, 4, -1)]
    assert api.get(f"/api/notes/{pk}/versions/1").status_code == 404


def test_a_kept_answer_can_open_the_version_that_it_quoted(api: Any) -> None:
    pk = make(api, "Chlorophyll makes leaves green.")
    chat = api.post("/api/chat/start", {}).json()["conversation_id"]
    api.post(f"/api/chat/{chat}/message", {"message": "What makes leaves green?"})
    for number in range(MAX_VERSIONS + 2):
        save(api, pk, f"Something else: {number}.")

    (source,) = api.get(f"/api/chat/{chat}").json()["messages"][1]["sources"]

    assert source["version"] == 1
    opened = api.get(source["version_link"]).json()
    assert opened["content"][source["start"] : source["end"]] == source["quote"]
    assert len(versions(api, pk)) == MAX_VERSIONS + 1


def test_autosave_leaves_a_version_that_was_quoted(api: Any) -> None:
    pk = make(api, "")
    save(api, pk, "Chlorophyll makes leaves green.", "?autosave=true")
    chat = api.post("/api/chat/start", {}).json()["conversation_id"]
    path = f"/api/chat/{chat}/message"
    (source,) = api.post(path, {"message": "What makes leaves green?"}).json()["sources"]

    save(api, pk, "Nothing.", "?autosave=true")

    assert api.get(source["version_link"]).json()["content"] == "Chlorophyll makes leaves green."


def test_a_note_from_before_there_were_versions_keeps_its_text(api: Any, owner: Any) -> None:
    note = Note.objects.create(owner=owner, title="Old", content="Old text.")

    save(api, str(note.pk), "New text.")

    assert [one[1] for one in versions(api, str(note.pk))] == ["New text.", "Old text."]


def test_a_long_note_costs_what_was_changed(api: Any) -> None:
    content = "\n\n".join(f"Paragraph {number} is about whales." for number in range(1000))
    pk = make(api, content)

    for number in range(5):
        save(api, pk, content.replace("Paragraph 500", f"Chapter {number}"))

    sizes = [one.size for one in NoteVersion.objects.filter(note=pk)]
    assert sizes[0] > 10_000
    assert max(sizes[1:]) < 100
    assert versions(api, pk)[-1][1] == content


def test_nobody_reads_someone_elses_versions(api: Any, stranger_api: Any) -> None:
    pk = make(api)

    for path in ("", "/1"):
        assert stranger_api.get(f"/api/notes/{pk}/versions{path}").status_code == 404
    assert stranger_api.post(f"/api/notes/{pk}/versions/1/restore").status_code == 404


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999", "x", "-1"])
def test_a_version_that_is_not_there_is_404(api: Any, number: str) -> None:
    pk = make(api)

    assert api.get(f"/api/notes/{pk}/versions/{number}").status_code == 404
    assert api.post(f"/api/notes/{pk}/versions/{number}/restore").status_code == 404


@given(before=st.text("ab", max_size=20), same=st.text(max_size=20), after=st.text("ab"))
def test_a_text_is_its_difference_and_the_next(before: str, same: str, after: str) -> None:
    text, other = f"{before}{same}{after}", f"{after}{same}{before}"

    prefix, suffix = compare(text, other)

    assert prefix + suffix <= min(len(text), len(other))
    middle = text[prefix : len(text) - suffix]
    assert other[:prefix] + middle + other[len(other) - suffix :] == text
    assert len(middle) == len(text) - prefix - suffix
