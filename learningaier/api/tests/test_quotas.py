"""What one account may hold, and how fast it may write."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from conftest import ApiClient


def upload(api: ApiClient, text: str) -> Any:
    file = SimpleUploadedFile("a.txt", text.encode())
    return api.upload("/api/documents/upload", file=file)


def test_one_note_too_many_is_refused_with_what_is_used(api: ApiClient, settings: Any) -> None:
    settings.USER_NOTES = 1
    api.post("/api/notes", {"title": "One"})

    refused = api.post("/api/notes", {"title": "Two"})

    assert refused.status_code == 409
    found = refused.json()
    assert (found["code"], found["used"], found["limit"]) == ("quota_reached", 1, 1)
    assert len(api.get("/api/notes").json()) == 1


def test_one_document_too_many_is_refused_with_what_is_used(api: ApiClient, settings: Any) -> None:
    settings.USER_DOCUMENTS = 1
    upload(api, "The first text.")

    refused = upload(api, "The second text.")

    assert (refused.status_code, refused.json()["used"]) == (409, 1)


def test_files_that_take_too_much_room_are_refused(api: ApiClient, settings: Any) -> None:
    settings.USER_STORAGE_MB = 1
    upload(api, "a " * 400_000)

    refused = upload(api, "b " * 400_000)

    assert refused.status_code == 413
    assert (refused.json()["code"], refused.json()["limit_mb"]) == ("storage_full", 1)


def test_writes_without_end_are_slowed(api: ApiClient, settings: Any) -> None:
    settings.RATE_LIMIT_WRITES = 3

    tried = [api.post("/api/notes", {"title": str(number)}) for number in range(5)]

    assert [answer.status_code for answer in tried] == [201] * 3 + [429] * 2
    assert int(tried[-1].headers["Retry-After"]) > 0
    assert api.get("/api/notes").status_code == 200


def test_an_import_of_2000_notes_meets_no_limit(api: ApiClient, settings: Any) -> None:
    statuses = {api.post("/api/notes/", {}).status_code for _ in range(2_000)}  # each counts

    assert statuses == {400}
    assert settings.USER_NOTES >= 2_000


def test_a_text_is_a_text(api: ApiClient) -> None:
    for body in ({"title": 0}, {"title": "a", "tags": [0]}, {"title": True}):
        assert api.post("/api/notes", body).status_code == 400
    question = {"question": "What is it?", "note_id": ""}
    assert api.post("/api/notes/ai-qa", question).status_code == 400
    assert api.get("/api/notes").json() == []


def test_answers_with_a_persons_data_are_not_stored_on_the_way(api: ApiClient) -> None:
    assert api.get("/api/me").headers["Cache-Control"] == "no-store"


def test_pages_run_no_foreign_script(client: Any) -> None:
    for path in ("/admin/login/", "/api/docs"):
        assert "default-src 'self'" in client.get(path).headers["Content-Security-Policy"]


def test_figures_may_be_behind_a_token(client: Any, settings: Any, db: None) -> None:
    settings.METRICS_TOKEN = "of the scraper"

    assert client.get("/metrics").status_code == 401
    bearer = {"Authorization": "Bearer of the scraper"}
    assert client.get("/metrics", headers=bearer).status_code == 200
