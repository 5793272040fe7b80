"""Questions in another language than the text, with an embedder that knows both."""

from typing import Any

import pytest

from conftest import ApiClient
from learningaier.ai.tests.servers import ModelServer, Reply

NOTE = "线粒体产生能量。光合作用发生在叶绿体中。细胞核保存遗传信息。1815年签订了条约。"
ASKED = "Where does photosynthesis happen?"
AXES = [[float(at == place) for at in range(8)] for place in range(8)]


@pytest.fixture(autouse=True)
def meanings(openai_embedder: ModelServer, settings: Any) -> ModelServer:
    """Photosynthesis lies along the first axis, everything else along axes of its own."""
    settings.RATE_LIMIT_RAG_CHAT = 1000
    openai_embedder.vectors = {
        "photosynthesis": AXES[0],
        "treaty": AXES[3],
        "骑车": AXES[6],
        "开门": AXES[7],
        "线粒体产生能量。光合": [0.8, 0.2, 0.2, 0.2, 0, 0, 0, 0],  # the whole passage
        "光合作用": AXES[0],
        "线粒体": AXES[1],
        "细胞核": AXES[2],
        "条约": AXES[3],
    }
    return openai_embedder


@pytest.fixture
def note(api: ApiClient) -> str:
    return api.post("/api/notes", {"title": "细胞", "content": NOTE}).json()["id"]


def ask(api: ApiClient, question: str = ASKED) -> dict[str, Any]:
    response = api.post("/api/notes/ai-qa", {"question": question})
    assert response.status_code == 200, response.content
    return response.json()


def test_the_sentence_that_means_the_same_is_quoted(api: ApiClient, note: str) -> None:
    answer = ask(api)

    assert answer["status"] == "answered"
    assert answer["answer"] == "光合作用发生在叶绿体中。"
    [source] = answer["sources"]
    assert source["note_id"] == note
    assert NOTE[source["start"] : source["end"]] == source["quote"] == answer["answer"]
    assert not answer["degraded"]


def test_what_no_sentence_means_is_refused(
    api: ApiClient, note: str, meanings: ModelServer
) -> None:
    meanings.vectors = {"philosopher": AXES[5], **meanings.vectors}

    answer = ask(api, "Which philosopher was born in Königsberg?")

    assert (answer["status"], answer["degraded"]) == ("not_found", False)


@pytest.mark.parametrize(("year", "status"), [(1815, "answered"), (1814, "not_found")])
def test_a_figure_binds_in_every_language(
    api: ApiClient, note: str, year: int, status: str, meanings: ModelServer
) -> None:
    assert ask(api, f"Was a treaty signed in {year}?")["status"] == status


def test_a_name_binds_where_the_scripts_are_the_same(api: ApiClient, meanings: ModelServer) -> None:
    text = "Pierre Curie entdeckte mit seiner Frau das Radium, und die Arbeit war schwer."
    api.post("/api/notes", {"title": "Physik", "content": text})
    meanings.vectors = {"Curie": AXES[4], **meanings.vectors}

    assert ask(api, "What was found by Pierre Curie?")["status"] == "answered"
    assert ask(api, "What was found by Ernest Curie?")["status"] == "not_found"


def test_notes_in_the_language_of_the_question_answer_first(
    api: ApiClient, note: str, meanings: ModelServer
) -> None:
    text = "Photosynthesis happens in the chloroplasts of a plant."
    api.post("/api/notes", {"title": "Plants", "content": text})
    asked = len(meanings.calls)

    assert ask(api)["answer"] == text
    assert len(meanings.calls) == asked + 1  # the question alone


def test_an_answer_given_once_embeds_no_sentence_again(
    api: ApiClient, note: str, meanings: ModelServer
) -> None:
    ask(api)
    asked = len(meanings.calls)

    ask(api, f"{ASKED} Tell me.")

    assert len(meanings.calls) == asked + 1


def test_a_slow_embedder_delays_no_answer_beyond_its_time(
    api: ApiClient, meanings: ModelServer
) -> None:
    text = "The mitochondrion makes the energy of a cell."
    api.post("/api/notes", {"title": "Cell", "content": text})
    meanings.script = [Reply(pause=60)]

    answer = ask(api, "What does the mitochondrion make?")

    assert (answer["answer"], answer["degraded"]) == (text, True)
    assert meanings.sent == 1  # the note's; the question's vector is not there yet


def test_sentences_without_vectors_refuse_and_the_refusal_is_not_kept(
    api: ApiClient, note: str, meanings: ModelServer
) -> None:
    meanings.script = [Reply(), Reply(status=400)]
    answer = ask(api)
    assert (answer["status"], answer["degraded"]) == ("not_found", True)

    meanings.script = [Reply()]

    assert ask(api)["status"] == "answered"
