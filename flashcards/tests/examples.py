"""The API of flashcards, one request an operation."""

from learningaier.api.tests.steps import Step

STEPS = [
    Step("decks_create", "POST", "/api/decks/", {"name": "Biology"}, keep={"deck": "id"}),
    Step("decks_list", "GET", "/api/decks/"),
    Step("decks_retrieve", "GET", "/api/decks/{deck}"),
    Step("decks_partial_update", "PATCH", "/api/decks/{deck}", {"desired_retention": 0.92}),
    Step(
        "flashcards_create",
        "POST",
        "/api/flashcards/",
        {
            "term": "Osmosis",
            "definition": "The movement of water through a membrane",
            "deck": "Biology",
        },
        keep={"card": "id"},
    ),
    Step("flashcards_list", "GET", "/api/flashcards/?due=true"),
    Step("flashcards_retrieve", "GET", "/api/flashcards/{card}"),
    Step("flashcards_partial_update", "PATCH", "/api/flashcards/{card}", {"tags": ["cells"]}),
    Step("flashcards_preview_retrieve", "GET", "/api/flashcards/{card}/preview"),
    Step(
        "flashcards_review_create",
        "POST",
        "/api/flashcards/review",
        {"flashcard_id": "{card}", "rating": 3},
    ),
    Step("flashcards_undo_create", "POST", "/api/flashcards/undo"),
    Step(
        "flashcards_review_create",
        "POST",
        "/api/flashcards/review",
        {"flashcard_id": "{card}", "rating": 3},
    ),
    Step(
        "flashcards_create",
        "POST",
        "/api/flashcards/",
        {"term": "A draft", "definition": "To be deleted"},
        keep={"draft": "id"},
    ),
    Step("flashcards_destroy", "DELETE", "/api/flashcards/{draft}"),
    Step("decks_create", "POST", "/api/decks/", {"name": "Drafts"}, keep={"draft": "id"}),
    Step("decks_destroy", "DELETE", "/api/decks/{draft}"),
]
