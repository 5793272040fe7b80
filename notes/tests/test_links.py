"""Links between notes: `[[Title]]`."""

from typing import Any

import pytest

from notes.wikilinks import find_links


def make(api: Any, title: str, content: str = "", **fields: Any) -> str:
    return api.post("/api/notes", {"title": title, "content": content} | fields).json()["id"]


def links_of(api: Any, pk: str) -> dict[str, str | None]:
    links = api.get(f"/api/notes/{pk}").json()["links"]
    return {link["title"]: link["note_id"] for link in links}


def backlinks_of(api: Any, pk: str) -> list[str]:
    return [link["note_id"] for link in api.get(f"/api/notes/{pk}").json()["backlinks"]]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("[[Osmosis]] and [[osmosis]]", ["Osmosis"]),
        ("[[Osmosis|water]] [[Cells#Membranes]] [[Cells#A|b]]", ["Osmosis", "Cells"]),
        ("`[[code]]` and\n```\n[[block]]\n```\n[[text]]", ["text"]),
        ("[[]] [[ ]] [[a\nb]] [[[x]]] [[y", ["x"]),
        ("[[渗透]]", ["渗透"]),
    ],
)
def test_titles_are_found(text: str, titles: list[str]) -> None:
    assert list(find_links([text]).values()) == titles


def test_a_link_finds_its_note_whatever_the_case_and_shows_back(api: Any) -> None:
    target = make(api, "Osmosis")
    source = make(api, "Cells", "Water enters by [[osmosis]].")

    assert links_of(api, source) == {"osmosis": target}
    assert backlinks_of(api, target) == [source]


def test_a_link_waits_for_its_note(api: Any) -> None:
    source = make(api, "Cells", "[[Osmosis]] [[Nothing]]")
    assert links_of(api, source) == {"Osmosis": None, "Nothing": None}

    target = make(api, "osmosis")

    assert links_of(api, source) == {"Osmosis": target, "Nothing": None}


def test_a_renamed_note_keeps_its_links(api: Any) -> None:
    target = make(api, "Osmosis")
    source = make(api, "Cells", "[[Osmosis]]")

    api.patch(f"/api/notes/{target}", {"title": "Diffusion of water"})
    api.patch(f"/api/notes/{source}", {"content": "See [[Osmosis]]."})

    assert links_of(api, source) == {"Osmosis": target}
    assert backlinks_of(api, target) == [source]


def test_of_two_notes_of_one_title_the_one_in_the_same_folder_is_meant(api: Any) -> None:
    oldest = make(api, "Osmosis")
    neighbour = make(api, "Osmosis", folder="Biology")

    assert links_of(api, make(api, "A", "[[Osmosis]]", folder="Biology")) == {"Osmosis": neighbour}
    assert links_of(api, make(api, "B", "[[Osmosis]]")) == {"Osmosis": oldest}


def test_a_note_that_links_to_itself_is_no_backlink(api: Any) -> None:
    pk = make(api, "Osmosis", "[[Osmosis]]")

    assert links_of(api, pk) == {"Osmosis": pk}
    assert backlinks_of(api, pk) == []


def test_a_deleted_target_is_linked_again_when_it_is_back(api: Any) -> None:
    target = make(api, "Osmosis")
    source = make(api, "Cells", "[[Osmosis]]")

    api.delete(f"/api/notes/{target}")
    assert links_of(api, source) == {"Osmosis": None}
    api.post(f"/api/trash/{target}/restore")

    assert links_of(api, source) == {"Osmosis": target}


def test_a_deleted_source_links_back_no_more(api: Any) -> None:
    target = make(api, "Osmosis")
    api.delete(f"/api/notes/{make(api, 'Cells', '[[Osmosis]]')}")

    assert backlinks_of(api, target) == []


def test_links_of_translations_count(api: Any) -> None:
    target = make(api, "Osmosis")

    source = make(api, "Cells", "Water.", content_md_zh="水通过[[Osmosis]]进入。")

    assert links_of(api, source) == {"Osmosis": target}


def test_a_link_that_is_taken_out_is_gone(api: Any) -> None:
    target = make(api, "Osmosis")
    source = make(api, "Cells", "[[Osmosis]]")

    api.patch(f"/api/notes/{source}", {"content": "No link."})

    assert links_of(api, source) == {}
    assert backlinks_of(api, target) == []


def test_nobody_links_to_someone_elses_note(api: Any, stranger_api: Any) -> None:
    make(stranger_api, "Osmosis")

    assert links_of(api, make(api, "Cells", "[[Osmosis]]")) == {"Osmosis": None}
