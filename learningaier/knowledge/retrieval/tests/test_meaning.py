"""What the configured embedder says counts in the order of what is found."""

import pytest

from conftest import ApiClient
from learningaier.ai.tests.servers import ModelServer
from learningaier.knowledge.retrieval.ranking import scale_cosines, select_candidates

EAST, NORTH = [1.0, *[0.0] * 7], [0.0, 1.0, *[0.0] * 6]
NOTES = {
    "Rivers": "The bank of a river keeps water from the fields.",
    "Money": "The bank of a town keeps money for the people.",
}


def first_hit(api: ApiClient, question: str) -> str:
    return api.get(f"/api/search?q={question}").json()[0]["title"]


@pytest.mark.parametrize("meant", NOTES)
def test_of_passages_with_the_same_words_the_nearer_is_first(
    api: ApiClient, openai_embedder: ModelServer, meant: str
) -> None:
    openai_embedder.vectors = {meant: EAST, "keeps": NORTH, "What": EAST}
    for title, content in NOTES.items():
        api.post("/api/notes", {"title": title, "content": content})

    assert first_hit(api, "What is a bank of it?") == meant


def test_the_words_count_still(api: ApiClient, openai_embedder: ModelServer) -> None:
    openai_embedder.vectors = {"bank": EAST}
    for title, content in NOTES.items():
        api.post("/api/notes", {"title": title, "content": content})

    assert first_hit(api, "Which bank keeps money?") == "Money"


def test_the_embedded_default_leaves_the_order_to_words_and_sentences(api: ApiClient) -> None:
    for title, content in NOTES.items():
        api.post("/api/notes", {"title": title, "content": content})

    assert first_hit(api, "Which bank keeps water?") == "Rivers"


def test_cosines_are_scaled_from_the_nearest_to_the_farthest() -> None:
    assert scale_cosines({}) == {}
    assert scale_cosines({1: 0.9, 2: 0.7, 3: 0.8}) == pytest.approx({1: 1.0, 2: 0.0, 3: 0.5})


def test_cosines_that_lie_together_are_not_torn_apart() -> None:
    assert scale_cosines({1: 0.81, 2: 0.80})[2] == pytest.approx(0.75)


def test_candidates_found_by_meaning_alone_have_a_chance() -> None:
    keywords = {pk: 30.0 - pk for pk in range(30)}

    assert 99 in select_candidates(keywords, {99: 1.0, 0: 0.5}, 0.5)
