"""What invalidates what: after every change the next look is fresh."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conftest import ApiClient
from learningaier.accounts.models import User
from learningaier.ai.providers import get_embedder_name, get_model_name
from learningaier.knowledge.answering import answers
from learningaier.knowledge.answering.answers import answer_cache_key
from learningaier.knowledge.retrieval.scope import Scope

ASK, NOTES, DOCUMENTS = "/api/notes/ai-qa", "/api/notes", "/api/documents"
CARDS, OVERVIEW = "/api/flashcards", "/api/analytics/overview"
QUESTION = "What does the harbour crane lift?"
GRANITE = "The harbour crane lifts granite."
TIMBER = "The harbour crane lifts timber."


@pytest.fixture
def note(api: ApiClient) -> dict[str, Any]:
    """A note about the crane."""
    return api.post(NOTES, {"title": "Harbour", "content": GRANITE}).json()


def ask(api: ApiClient, note_id: str | None = None) -> dict[str, Any]:
    body = {"question": QUESTION} | ({"note_id": note_id} if note_id else {})
    response = api.post(ASK, body)
    assert response.status_code == 200, response.content
    return response.json()


def ask_until_cached(api: ApiClient, note_id: str | None = None) -> dict[str, Any]:
    """The answer, which is in the cache from now on."""
    ask(api, note_id)
    answer = ask(api, note_id)
    assert answer["cached"]
    return answer


def change(api: ApiClient, path: str, **fields: Any) -> None:
    response = api.patch(path, fields)
    assert response.status_code == 200, response.content


def upload(api: ApiClient, text: str = GRANITE, **fields: Any) -> str:
    """Upload a text. Returns: the path of the document."""
    file = SimpleUploadedFile("harbour.txt", text.encode())
    response = api.upload(f"{DOCUMENTS}/upload", file=file, **fields)
    assert response.status_code == 202, response.content
    return f"{DOCUMENTS}/{response.json()['id']}"


@pytest.mark.parametrize("is_scoped", [True, False], ids=["over the note", "over everything"])
@pytest.mark.parametrize(
    ("fields", "seen"),
    [
        ({"content": TIMBER}, TIMBER),
        ({"title": "Docks"}, "Docks"),
        ({"folder": "Trade"}, GRANITE),
    ],
    ids=["saved", "renamed", "moved"],
)
def test_answers_are_fresh_after_a_note_is(
    api: ApiClient, note: dict[str, Any], fields: dict[str, str], seen: str, is_scoped: bool
) -> None:
    scope = note["id"] if is_scoped else None
    ask_until_cached(api, scope)
    change(api, f"{NOTES}/{note['id']}", **fields)

    answer = ask(api, scope)

    assert not answer["cached"]
    assert seen in (answer["answer"], answer["sources"][0]["title"])
    assert ask(api, scope)["cached"]


def test_answers_are_fresh_after_a_first_note(api: ApiClient) -> None:
    assert ask_until_cached(api)["status"] == "not_found"
    api.post(NOTES, {"title": "Harbour", "content": GRANITE})

    assert ask(api)["answer"] == GRANITE


def test_answers_are_fresh_after_a_note_is_deleted(api: ApiClient, note: dict[str, Any]) -> None:
    ask_until_cached(api)
    assert api.delete(f"{NOTES}/{note['id']}").status_code == 200

    assert ask(api)["status"] == "not_found"


def test_answers_are_fresh_after_a_reindexing(api: ApiClient, note: dict[str, Any]) -> None:
    ask_until_cached(api, note["id"])
    assert api.post(f"{NOTES}/reindex", {"note_id": note["id"]}).status_code == 200

    assert not ask(api, note["id"])["cached"]


def test_answers_are_fresh_once_a_document_is_ready(
    api: ApiClient, run_jobs: Callable[[], int]
) -> None:
    ask_until_cached(api)
    upload(api)
    assert ask(api)["cached"]  # nothing to answer from has changed yet
    run_jobs()

    assert ask(api)["answer"] == GRANITE


def test_answers_are_fresh_after_a_retry(api: ApiClient, run_jobs: Callable[[], int]) -> None:
    document = upload(api)
    assert api.post(f"{document}/cancel").json()["status"] == "cancelled"
    run_jobs()
    assert ask_until_cached(api)["status"] == "not_found"
    assert api.post(f"{document}/retry").status_code == 200
    run_jobs()

    assert ask(api)["answer"] == GRANITE


def test_answers_are_fresh_after_a_document_is_deleted(
    api: ApiClient, run_jobs: Callable[[], int]
) -> None:
    document = upload(api)
    run_jobs()
    ask_until_cached(api)
    assert api.delete(document).status_code == 200

    assert ask(api)["status"] == "not_found"


def test_answers_over_a_note_are_fresh_after_its_documents_come_and_go(
    api: ApiClient, run_jobs: Callable[[], int]
) -> None:
    note = api.post(NOTES, {"title": "Empty", "content": "Nothing yet."}).json()["id"]
    document = upload(api)
    run_jobs()
    assert ask_until_cached(api, note)["status"] == "not_found"

    change(api, document, note_id=note)
    assert ask(api, note)["answer"] == GRANITE
    assert ask(api, note)["cached"]

    change(api, document, note_id=None)
    assert ask(api, note)["status"] == "not_found"


def test_answers_over_a_note_are_fresh_after_its_document_is_deleted(
    api: ApiClient, run_jobs: Callable[[], int]
) -> None:
    note = api.post(NOTES, {"title": "Empty", "content": "Nothing yet."}).json()["id"]
    document = upload(api, note_id=note)
    run_jobs()
    assert ask_until_cached(api, note)["answer"] == GRANITE
    api.delete(document)

    assert ask(api, note)["status"] == "not_found"


def test_the_overview_is_fresh_after_every_step_of_a_cards_life(api: ApiClient) -> None:
    def look() -> tuple[int, int]:
        for _ in range(2):  # the second comes from the cache and stays there
            figures = api.get(OVERVIEW).json()["overview"]
        return figures["total_flashcards"], figures["total_reviews"]

    assert look() == (0, 0)
    card = api.post(CARDS, {"term": "crane", "definition": "lifts"}).json()["id"]
    assert look() == (1, 0)
    api.post(f"{CARDS}/review", {"flashcard_id": card, "rating": 3})
    assert look() == (1, 1)
    api.post(f"{CARDS}/undo")
    assert look() == (1, 0)
    api.post(f"{CARDS}/review", {"flashcard_id": card, "rating": 1})
    assert look() == (1, 1)
    api.delete(f"{CARDS}/{card}")
    assert look() == (0, 1)


def close(user: User) -> None:
    user.is_active = False
    user.save()


def change_password(user: User) -> None:
    user.set_password("another long password")
    user.save()


@pytest.mark.parametrize(
    "end", [User.delete, close, change_password], ids=["deleted", "closed", "password changed"]
)
def test_a_token_is_refused_at_once_after_its_account_is(
    api: ApiClient, owner: User, stranger_api: ApiClient, end: Callable[[User], object]
) -> None:
    for _ in range(2):
        assert api.get(NOTES).status_code == 200
    end(User.objects.get(pk=owner.pk))

    refused = api.get(NOTES)

    assert refused.status_code == 401
    assert refused["WWW-Authenticate"] == "Bearer"
    assert stranger_api.get(NOTES).status_code == 200


def key_of(user: User, question: str = QUESTION, *, top_k: int = 5, note: Any = None) -> str:
    return answer_cache_key(question, scope=Scope(user.pk, note), top_k=top_k).key


def test_the_key_of_an_answer_tells_what_is_asked_whom_and_of_what(
    owner: User, stranger: User
) -> None:
    keys = [
        key_of(owner),
        key_of(owner, "What does the harbour crane drop?"),
        key_of(owner, top_k=6),
        key_of(owner, note=stranger.pk),
        key_of(stranger),
    ]

    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("question", [QUESTION.upper(), f"  {QUESTION.replace(' ', '  ')}\n"])
def test_space_and_case_do_not_tell_questions_apart(owner: User, question: str) -> None:
    assert key_of(owner, question) == key_of(owner)


@pytest.mark.parametrize("changed", [None, "model", "prompt", "embedder"])
def test_the_key_covers_whatever_else_changes_an_answer(owner: User, changed: str | None) -> None:
    """With the versions as they are, the digest is the key's; with any other one, it is not."""
    versions = {
        "model": get_model_name(),
        "prompt": str(answers.PROMPT_VERSION),
        "embedder": get_embedder_name(),
    }
    if changed:
        versions[changed] += "-next"
    parts = [QUESTION.casefold(), str(Scope(owner.pk)), "5", *versions.values()]
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]

    assert (key_of(owner) == f"rag:{owner.pk}:all:{digest}") is (changed is None)


def test_another_model_embedder_or_scope_has_other_keys(owner: User, settings: Any) -> None:
    scopes = [Scope(owner.pk), Scope(owner.pk, folders=("a",)), Scope(owner.pk, tags=("a",))]
    keys = {answer_cache_key(QUESTION, scope=scope, top_k=5).key for scope in scopes}
    settings.LLM_PROVIDER, settings.LLM_MODEL = "openai", "m"
    keys.add(key_of(owner))
    settings.EMBEDDINGS_PROVIDER, settings.EMBEDDINGS_MODEL = "openai", "e"
    keys.add(key_of(owner))

    assert len(keys) == 5
