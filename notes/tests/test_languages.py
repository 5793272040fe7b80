"""Notes in two languages, through the API."""

from typing import Any

import pytest

from learningaier.knowledge.models import Material

ENGLISH = "Mitochondria make most of the energy of a cell."
CHINESE = "线粒体制造细胞的大部分能量。"


def make(api: Any, **fields: Any) -> Any:
    response = api.post("/api/notes", {"title": "Cells"} | fields)
    assert response.status_code == 201, response.content
    return response.json()


def change(api: Any, note: Any, **fields: Any) -> Any:
    response = api.patch(f"/api/notes/{note['id']}", fields)
    assert response.status_code == 200, response.content
    return response.json()


def test_a_note_in_the_clients_own_shape_is_a_whole_note(api: Any) -> None:
    note = make(api, content_md_zh=CHINESE)

    assert (note["content"], note["content_md_zh"], note["content_md_en"]) == (
        CHINESE, CHINESE, None,
    )  # fmt: skip
    assert (note["primary_language"], note["translations"]) == ("zh", {})
    assert [hit["note_id"] for hit in api.get("/api/search?q=线粒体").json()] == [note["id"]]


def test_the_language_is_told_by_the_text_and_told_again_when_it_changes(api: Any) -> None:
    note = make(api, content="Die Zelle ist die kleinste Einheit des Lebens und der Welt.")
    assert (note["primary_language"], note["content_md_en"]) == ("de", None)

    changed = change(api, note, content=ENGLISH)

    assert (changed["primary_language"], changed["content_md_en"]) == ("en", ENGLISH)


def test_what_was_said_of_the_language_stays(api: Any) -> None:
    note = make(api, content="Gift", primary_language="DE")
    assert note["primary_language"] == "de"

    assert change(api, note, content=ENGLISH)["primary_language"] == "de"
    assert change(api, note, primary_language=None)["primary_language"] == "en"


@pytest.mark.parametrize("tag", ["english", "e", "en_US", "", 5, "x" * 40])
def test_what_is_no_language_is_400(api: Any, tag: Any) -> None:
    response = api.post("/api/notes", {"title": "Cells", "primary_language": tag})

    assert (response.status_code, list(response.json()["errors"])) == (400, ["primary_language"])


def test_a_question_in_chinese_finds_the_chinese_text_and_cites_it(api: Any) -> None:
    note = make(api, content=ENGLISH, content_md_zh=CHINESE)

    answer = api.post("/api/notes/ai-qa", {"question": "线粒体制造什么？"}).json()

    (source,) = answer["sources"]
    assert (source["note_id"], source["translation"]) == (note["id"], "zh")
    assert CHINESE[source["start"] : source["end"]] == source["quote"]
    english = api.post("/api/notes/ai-qa", {"question": "What do mitochondria make?"}).json()
    assert english["sources"][0]["translation"] is None


def test_a_translation_that_is_taken_away_is_found_no_more(api: Any) -> None:
    note = make(api, content=ENGLISH, content_md_zh=CHINESE, translations={"de": "Mitochondrien"})
    assert Material.objects.count() == 3

    changed = change(api, note, content_md_zh=None, translations={})

    assert (changed["content_md_zh"], changed["translations"]) == (None, {})
    assert [hit["translation"] for hit in api.get("/api/search?q=线粒体").json()] in ([], [None])
    assert Material.objects.count() == 1


def test_a_deleted_note_takes_its_translations_along_and_brings_them_back(api: Any) -> None:
    note = make(api, content=ENGLISH, content_md_zh=CHINESE)

    api.delete(f"/api/notes/{note['id']}")
    assert api.get("/api/search?q=线粒体").json() == []
    assert not Material.objects.exists()

    api.post(f"/api/trash/{note['id']}/restore")
    assert "zh" in [hit["translation"] for hit in api.get("/api/search?q=线粒体").json()]


def test_a_question_about_a_note_reaches_its_translations(api: Any) -> None:
    note = make(api, content=ENGLISH, content_md_zh=CHINESE)
    question = {"question": "线粒体制造什么？", "note_id": note["id"]}

    assert api.post("/api/notes/ai-qa", question).json()["status"] == "answered"
    assert api.get(f"/api/search?q=线粒体&note_id={note['id']}").json()


def test_two_devices_that_write_two_languages_lose_none(api: Any) -> None:
    note = make(api, content=ENGLISH)

    change(api, note, translations={"de": "Mitochondrien"})
    changed = change(api, note, content_md_zh=CHINESE)

    assert changed["translations"] == {"de": "Mitochondrien"}
    assert changed["content_md_zh"] == CHINESE


def test_the_whole_note_can_be_sent_back(api: Any) -> None:
    note = make(api, content=ENGLISH, content_md_zh=CHINESE, folder="Biology/Cells", sort_order=2.5)
    stable = {
        key: value for key, value in note.items() if key not in ("updated_at", "index_status")
    }

    for method in (api.put, api.patch):
        response = method(f"/api/notes/{note['id']}", note, content_type="application/json")
        assert response.status_code == 200, response.content
        assert {key: response.json()[key] for key in stable} == stable


@pytest.mark.parametrize(
    ("content", "seconds"),
    [("", 0), ("one", 1), ("word " * 250, 60), ("字" * 250, 60), ("字" * 125 + " word" * 125, 60)],
)
def test_the_time_to_read_it_is_estimated(api: Any, content: str, seconds: int) -> None:
    assert make(api, content=content)["reading_time_seconds"] == seconds


@pytest.mark.parametrize("number", ["nan", "inf", 1e400, "first", None])
def test_an_order_that_is_no_number_is_400(api: Any, number: Any) -> None:
    body = '{"title": "x", "sort_order": %s}' % ("1e400" if number == 1e400 else f'"{number}"')
    response = api.post("/api/notes", body, content_type="application/json")

    assert response.status_code == 400
