"""GET /api/search and the scopes of questions, through HTTP."""

import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conftest import ApiClient
from learningaier.ai.tests.servers import ModelServer, Reply

CELL = "The mitochondrion makes ATP. The café sells coffee to Müller."
PLANT = "The chloroplast makes sugar. ATP is used in the Calvin cycle."


@pytest.fixture(autouse=True)
def many_calls(settings: Any) -> None:
    settings.RATE_LIMIT_RAG_CHAT = 1000


@pytest.fixture
def cell(api: ApiClient) -> str:
    note = {"title": "Cell", "content": CELL, "folder": "Biology", "tags": ["exam", "cell"]}
    return api.post("/api/notes", note).json()["id"]


@pytest.fixture
def plant(api: ApiClient) -> str:
    note = {"title": "Plant", "content": PLANT, "folder": "Botany", "tags": ["exam"]}
    return api.post("/api/notes", note).json()["id"]


@pytest.fixture
def document(api: ApiClient, cell: str, run_jobs: Any) -> str:
    """A document attached to the note about cells."""
    file = SimpleUploadedFile("ribosome.txt", b"The ribosome uses ATP to make proteins.")
    answer = api.upload("/api/documents/upload", file=file, note_id=cell)
    assert answer.status_code == 202
    run_jobs()
    return answer.json()["id"]


def titles(client: ApiClient, query: str) -> set[str]:
    response = client.get(f"/api/search?q=ATP{query}")
    assert response.status_code == 200, response.content
    return {hit["title"] for hit in response.json()}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Cell", "Plant", "ribosome"}),
        ("&note_id={cell}", {"Cell", "ribosome"}),
        ("&document_id={document}", {"ribosome"}),
        ("&folder=Biology", {"Cell", "ribosome"}),
        ("&folder=Botany", {"Plant"}),
        ("&folder=biology", set()),
        ("&tags=exam", {"Cell", "Plant", "ribosome"}),
        ("&tags=cell", {"Cell", "ribosome"}),
        ("&tags=cell&tags=exam", {"Cell", "Plant", "ribosome"}),
        ("&folder=Botany&tags=cell", set()),
        ("&note_id={plant}&document_id={document}", set()),
    ],
)
def test_a_scope_narrows_a_search(
    api: ApiClient, cell: str, plant: str, document: str, query: str, expected: set[str]
) -> None:
    asked = query.format(cell=cell, plant=plant, document=document)

    assert titles(api, asked) == expected


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"folder": "Biology"}, "answered"),
        ({"folder": "Botany"}, "not_found"),
        ({"tags": ["cell"]}, "answered"),
        ({"tags": ["nothing"]}, "not_found"),
        ({"tags": []}, "answered"),
        ({"folder": None, "note_id": None, "document_id": None}, "answered"),
    ],
)
def test_a_scope_narrows_a_question(
    api: ApiClient, cell: str, plant: str, fields: dict[str, Any], status: str
) -> None:
    question = {"question": "What does the mitochondrion make?", **fields}

    assert api.post("/api/notes/ai-qa", question).json()["status"] == status


def test_a_note_that_changes_its_folder_changes_the_answers(api: ApiClient, cell: str) -> None:
    question = {"question": "What does the mitochondrion make?", "folder": "Biology"}
    assert api.post("/api/notes/ai-qa", question).json()["status"] == "answered"

    api.patch(f"/api/notes/{cell}", {"folder": "Elsewhere"})

    assert api.post("/api/notes/ai-qa", question).json()["status"] == "not_found"


@pytest.mark.parametrize("name", ["note_id", "document_id"])
def test_what_is_not_there_or_not_the_callers_is_404(
    api: ApiClient, stranger_api: ApiClient, cell: str, document: str, name: str
) -> None:
    foreign = {"note_id": cell, "document_id": document}[name]
    for client, pk in [(api, uuid.uuid4()), (stranger_api, foreign)]:
        assert client.get(f"/api/search?q=ATP&{name}={pk}").status_code == 404
        asked = {"question": "What is ATP?", name: str(pk)}
        assert client.post("/api/notes/ai-qa", asked).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"question": ""}, 400),
        ({"question": " \n\t\u00a0 "}, 400),
        ({"question": "x" * 1001}, 400),
        ({"question": "a\x00b"}, 400),
        ({"question": ["x"]}, 400),
        ({"question": {"x": 1}}, 400),
        ({"question": None}, 400),
        ({"question": True}, 400),
        ({}, 400),
        ([], 400),
        ("x", 400),
        ({"question": "x", "top_k": 0}, 400),
        ({"question": "x", "top_k": 21}, 400),
        ({"question": "x", "top_k": "many"}, 400),
        ({"question": "x", "note_id": "no uuid"}, 400),
        ({"question": "x", "document_id": 7.5}, 400),
        ({"question": "x", "folder": "y" * 101}, 400),
        ({"question": "x", "folder": ["y"]}, 400),
        ({"question": "x", "tags": "y"}, 400),
        ({"question": "x", "tags": ["y\x00"]}, 400),
        ({"question": "x", "tags": ["y"] * 51}, 400),
        ({"question": "x" * 10_000_000}, 413),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    api: ApiClient, cell: str, body: Any, status: int
) -> None:
    response = api.post("/api/notes/ai-qa", body)

    assert response.status_code == status
    assert response.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [b'{"question": "\\ud800"}', b'{"question": "\xed\xa0\x80"}', b'{"question": ', b"\xff", b""],
)
def test_what_is_no_json_is_400(api: ApiClient, body: bytes) -> None:
    assert api.post("/api/notes/ai-qa", body).status_code == 400


@pytest.mark.parametrize("question", ["\x07What\x1b makes ATP?", "x" * 1000, "🧬", "\u202eATP?"])
def test_odd_questions_are_served(api: ApiClient, cell: str, question: str) -> None:
    assert api.post("/api/notes/ai-qa", {"question": question}).status_code == 200
    assert api.get("/api/search", {"q": question}).status_code == 200


@pytest.mark.parametrize(
    "query", ["", "q=", "q=%20", "q=%00", "q=x&limit=0", "q=x&note_id=x", "q=x&folder=%00"]
)
def test_a_search_that_makes_no_sense_is_400(api: ApiClient, query: str) -> None:
    assert api.get(f"/api/search?{query}").status_code == 400


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("mitochondrion", ["mitochondrion"]),
        ("mitochondrions making", ["mitochondrion", "makes"]),
        ("cafe muller", ["café", "Müller"]),
        ("CAFÉ", ["café"]),
    ],
)
def test_the_preview_marks_what_matches(
    api: ApiClient, cell: str, query: str, marked: list[str]
) -> None:
    [hit] = api.get("/api/search", {"q": query}).json()

    assert [hit["preview"][start:end] for start, end in hit["highlights"]] == marked


def test_the_preview_of_a_long_passage_shows_the_place_that_matters(api: ApiClient) -> None:
    filler = " ".join(f"Sentence {number} speaks of gardens." for number in range(30))
    content = f"{filler} The axolotl regrows its legs. {filler[:200]}"
    api.post("/api/notes", {"title": "T", "content": content})

    hit = api.get("/api/search?q=axolotl legs").json()[0]

    assert "The axolotl regrows its legs." in hit["preview"]
    assert len(hit["preview"]) < 320
    assert hit["preview"].startswith("… ")
    assert hit["preview"].endswith(" …")


@pytest.mark.parametrize(
    ("text", "query", "quote"),
    [
        ("光合作用把二氧化碳变成糖。细胞呼吸释放能量。", "光合作用", "光合作用把二氧化碳变成糖。"),
        ("光合成は糖を作る。呼吸はエネルギーを出す。", "光合成", "光合成は糖を作る。"),
        ("광합성은 당을 만든다. 호흡은 에너지를 낸다.", "광합성", "광합성은 당을 만든다."),
        ("Größe heißt size. Ende.", "Grosse", None),
        ("La señal llega al niño. Fin de la clase.", "senal nino", "La señal llega al niño."),
    ],
)
def test_other_scripts_and_spellings_are_found(
    api: ApiClient, text: str, query: str, quote: str | None
) -> None:
    api.post("/api/notes", {"title": "T", "content": text})

    hits = api.get("/api/search", {"q": query}).json()

    if quote is not None:
        assert hits[0]["quote"] == quote
        assert hits[0]["highlights"]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (
            "Die Pflanzen wandeln das Licht der Sonne um. Die Häuser der Stadt sind alt.",
            "Wie alt ist das Haus?",
        ),
        ("Les chevaux mangent de l'herbe dans les prés.", "Où mange le cheval ? Dans quel pré ?"),
        ("Los niños cantaban canciones en la plaza.", "¿Qué cantan los niños?"),
    ],
)
def test_words_are_stemmed_by_the_language_of_the_text(
    api: ApiClient, text: str, question: str
) -> None:
    api.post("/api/notes", {"title": "T", "content": text})
    api.post("/api/notes", {"title": "English", "content": CELL})

    answer = api.post("/api/notes/ai-qa", {"question": question}).json()

    assert answer["status"] == "answered"
    assert answer["sources"][0]["title"] == "T"


@pytest.mark.parametrize(
    "question",
    [
        "프랑스의 수도는 어디입니까?",
        "누가 월드컵에서 우승했습니까?",
        "法国的首都是什么?",
        "谁赢得了世界杯?",
        "フランスの首都はどこですか?",
        "誰がワールドカップで優勝しましたか?",
        "Wer gewann die Weltmeisterschaft?",
        "Qui a gagné la coupe du monde ?",
    ],
)
def test_question_words_alone_are_no_answer(api: ApiClient, question: str) -> None:
    for text in [
        "광합성은 당을 만듭니다. 이것은 무엇입니까? 식물은 어디에서 자랍니까.",
        "光合作用把二氧化碳变成糖。这是什么? 谁都知道植物在哪里生长。",
        "光合成は糖を作ります。それは何ですか? 誰でも知っています。",
        "Die Pflanze wandelt Licht um. Wer weiß das?",
        "La plante change la lumière en sucre. Qui le sait ?",
    ]:
        api.post("/api/notes", {"title": "T", "content": text})

    assert api.post("/api/notes/ai-qa", {"question": question}).json()["status"] == "not_found"


def test_while_the_embedder_is_down_keywords_search_alone(
    api: ApiClient, cell: str, openai_embedder: ModelServer
) -> None:
    openai_embedder.script = [Reply(status=401)]

    asked = {"question": "What does the mitochondrion make?"}
    answers = [api.post("/api/notes/ai-qa", asked).json() for _ in range(2)]

    for answer in answers:
        assert (answer["status"], answer["degraded"]) == ("answered", True)
        assert answer["cached"] is False


def test_a_note_written_while_the_embedder_is_down_is_indexed_later(
    api: ApiClient, openai_embedder: ModelServer, run_jobs: Any
) -> None:
    openai_embedder.script = [Reply(status=401)]
    note = api.post("/api/notes", {"title": "Cell", "content": CELL})
    assert (note.status_code, note.json()["index_status"]) == (201, "pending")
    forced = api.post("/api/notes/reindex", {"note_id": note.json()["id"]})
    assert (forced.status_code, forced.json()["code"]) == (503, "unavailable")

    openai_embedder.script = [Reply()]
    run_jobs()

    assert api.get(f"/api/notes/{note.json()['id']}").json()["index_status"] == "indexed"
    assert json.loads(api.get("/api/search?q=mitochondrion").content)[0]["title"] == "Cell"
