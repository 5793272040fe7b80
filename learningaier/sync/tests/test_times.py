"""Times that a client names, at the edges of what there is."""

import pytest

LISTS = ["/api/notes", "/api/documents", "/api/flashcards", "/api/decks", "/api/chat/conversations"]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("0060-07-23T09:40:38-18:46", 200),
        ("2026-11-25T08:00:00+23:59", 200),
        ("9999-12-31T23:59:59Z", 200),
        ("9999-12-31T23:59:59-12:00", 400),
        ("0001-01-01T00:00:00+12:00", 400),
        ("2026-02-30T00:00:00Z", 400),
        ("yesterday", 400),
        ("", 400),
    ],
)
def test_a_time_is_understood_or_refused(api, path, moment, status):
    response = api.get(path, query_params={"updated_since": moment})

    assert response.status_code == status, response.content
