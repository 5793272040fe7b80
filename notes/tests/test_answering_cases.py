"""The small notes of `bench/answering_cases.json`, through HTTP: what answers say and quote."""

import json
from pathlib import Path
from typing import Any

import pytest

from conftest import ApiClient

CASES = json.loads(Path("bench/answering_cases.json").read_text())
BY_KIND = {case["kind"]: case for case in CASES if not any("pages" in n for n in case["notes"])}


def from_utf16(text: str, start: int, end: int) -> str:
    """A slice as JavaScript makes it."""
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


@pytest.fixture
def unlimited(settings: Any) -> None:
    settings.RATE_LIMIT_RAG_CHAT = 1000


def ask(api: ApiClient, question: str) -> dict[str, Any]:
    return api.post("/api/notes/ai-qa", {"question": question}).json()


@pytest.mark.parametrize("kind", [kind for kind, case in BY_KIND.items() if case["asks"]])
def test_each_question_of_a_kind_is_answered_rightly(
    api: ApiClient, unlimited: None, kind: str
) -> None:
    texts = {}
    for note in BY_KIND[kind]["notes"]:
        texts[api.post("/api/notes", note).json()["id"]] = note["content"]

    for question, must, must_not in BY_KIND[kind]["asks"]:
        answer = ask(api, question)
        said = answer["answer"].lower()
        assert answer["status"] == ("answered" if must else "not_found"), question
        assert all(text.lower() in said for text in must), (question, said)
        assert not any(text.lower() in said for text in must_not), (question, said)
        for source in answer["sources"]:
            text = texts[source["note_id"]]
            assert text[source["start"] : source["end"]] == source["quote"]
            assert from_utf16(text, source["start_utf16"], source["end_utf16"]) == source["quote"]
            assert source["supports"], question


@pytest.mark.parametrize("kind", [kind for kind, case in BY_KIND.items() if case["chat"]])
def test_each_conversation_of_a_kind_is_answered_rightly(
    api: ApiClient, unlimited: None, kind: str
) -> None:
    for note in BY_KIND[kind]["notes"]:
        api.post("/api/notes", note)
    started = api.post("/api/chat/start", {"scope": {"type": "all", "ids": []}}).json()

    for question, must in BY_KIND[kind]["chat"]:
        path = f"/api/chat/{started['conversation_id']}/message"
        answer = api.post(path, {"message": question}).json()
        assert must in answer["answer"], question


def test_places_are_told_in_utf16_units_too(api: ApiClient) -> None:
    content = "# Cells 🧬\n\n🔬 The nucleus 🧠 holds DNA. It is round."
    api.post("/api/notes", {"title": "Cells", "content": content})

    answer = ask(api, "What does the nucleus hold?")

    source = answer["sources"][0]
    assert source["start_utf16"] == source["start"] + 2 - source["quote"].startswith("🔬")
    assert from_utf16(content, source["start_utf16"], source["end_utf16"]) == source["quote"]
    start, end = source["supports_utf16"][0]
    supported = answer["answer"][slice(*source["supports"][0])]
    assert from_utf16(answer["answer"], start, end) == supported == source["quote"]
    hit = api.get("/api/search?q=nucleus").json()[0]
    shown = [from_utf16(hit["preview"], *span) for span in hit["highlights_utf16"]]
    assert shown == [hit["preview"][slice(*span)] for span in hit["highlights"]] == ["nucleus"]


def test_each_item_of_a_list_is_quoted_even_where_there_is_room_for_one_source(
    api: ApiClient,
) -> None:
    phases = ["prophase", "prometaphase", "metaphase", "anaphase", "telophase", "cytokinesis"]
    listed = "\n".join(f"- {phase}" for phase in phases)
    content = f"The phases of mitosis are:\n\n{listed}\n"
    api.post("/api/notes", {"title": "Mitosis", "content": content})

    answer = ask(api, "What are the phases of mitosis?")

    assert len(answer["sources"]) <= 5
    quotes = " ".join(source["quote"] for source in answer["sources"])
    assert all(phase in answer["answer"] and phase in quotes for phase in phases)
