"""GET /api/documents/{id}/events."""

import orjson

from documents.models import Document
from learningaier.api import watching


def read(lines):
    return [orjson.loads(line[6:]) for line in lines if line.startswith(b"data: ")]


def test_the_stream_tells_each_change_until_the_processing_has_ended(send, pdf, api, run_jobs):
    pk = send(pdf).json()["id"]
    response = api.get(f"/api/documents/{pk}/events", headers={"Accept": "text/event-stream"})
    assert response["Content-Type"] == "text/event-stream"
    assert response["X-Accel-Buffering"] == "no"
    assert response["Cache-Control"] == "no-store"
    stream = iter(response.streaming_content)
    assert next(stream).startswith(b"retry: ")
    assert read([next(stream)])[0]["status"] == "queued"
    Document.objects.update(status="processing", stage="extracting", progress=17)
    state = read([next(stream)])[0]
    assert (state["status"], state["stage"], state["progress"]) == ("processing", "extracting", 17)
    Document.objects.update(status="queued")
    run_jobs()
    last = read(list(stream))[-1]
    assert (last["status"], last["stage"], last["progress"]) == ("ready", "", 100)


def test_what_has_ended_is_told_at_once_and_the_stream_ends(process, api):
    document = process(b" ", "blank.txt")
    response = api.get(f"/api/documents/{document.pk}/events")
    messages = read(list(response.streaming_content))
    assert len(messages) == 1
    assert messages[0]["status"] == "failed"
    assert messages[0]["error"]["code"] == "empty"


def test_the_stream_of_a_document_that_is_deleted_ends(send, pdf, api):
    pk = send(pdf).json()["id"]
    stream = iter(api.get(f"/api/documents/{pk}/events").streaming_content)
    assert b"queued" in next(stream) + next(stream)
    api.delete(f"/api/documents/{pk}")
    assert list(stream) == []


def test_beyond_the_room_for_watchers_the_present_state_is_told(send, pdf, api):
    pk = send(pdf).json()["id"]
    address = f"/api/documents/{pk}/events"
    watched = [iter(api.get(address).streaming_content) for _ in range(watching.MAX_WATCHED)]
    for stream in watched:
        assert b"queued" in next(stream) + next(stream)
    crowded = list(api.get(address).streaming_content)
    assert crowded[0].startswith(b"retry: ")
    assert [state["status"] for state in read(crowded)] == ["queued"]
    Document.objects.update(status="cancelled")
    assert all(read(list(stream))[-1]["status"] == "cancelled" for stream in watched)


def test_an_error_is_json_whatever_is_accepted(api):
    address = "/api/documents/00000000-0000-0000-0000-000000000000/events"
    response = api.get(address, headers={"Accept": "text/event-stream"})
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
