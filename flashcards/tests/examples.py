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
    Step("flashcards_reviews_list", "GET", "/api/flashcards/reviews?card={card}"),
    Step(
        "flashcards_reviews_create",
        "POST",
        "/api/flashcards/reviews",
        {
            "reviews": [
                {
                    "id": "0b6f3c1e-52f5-4a57-9c1b-3d6b8f2f7a10",
                    "flashcard_id": "{card}",
                    "rating": 3,
                    "reviewed_at": "2020-01-01T00:00:00Z",
                }
            ]
        },
    ),
    Step("flashcards_queue_retrieve", "GET", "/api/flashcards/queue?deck=Biology"),
    Step("flashcards_queue_more_create", "POST", "/api/flashcards/queue/more", {"new": 10}),
    Step("flashcards_cram_create", "POST", "/api/flashcards/cram", {"deck": "Biology"}),
    Step("flashcards_settings_retrieve", "GET", "/api/flashcards/settings"),
    Step(
        "flashcards_settings_partial_update",
        "PATCH",
        "/api/flashcards/settings",
        {"learning_steps": [1, 10], "easy_days": ["normal"] * 5 + ["reduced", "none"]},
    ),
    Step("flashcards_suspend_create", "POST", "/api/flashcards/{card}/suspend"),
    Step("flashcards_unsuspend_create", "POST", "/api/flashcards/{card}/unsuspend"),
    Step("flashcards_bury_create", "POST", "/api/flashcards/{card}/bury"),
    Step("flashcards_unbury_create", "POST", "/api/flashcards/{card}/unbury"),
    Step("flashcards_flag_create", "POST", "/api/flashcards/{card}/flag", {"flag": 1}),
    Step("flashcards_set_due_create", "POST", "/api/flashcards/{card}/set-due", {"days": 3}),
    Step("flashcards_forget_create", "POST", "/api/flashcards/{card}/forget"),
    Step(
        "flashcards_bulk_create",
        "POST",
        "/api/flashcards/bulk",
        {"action": "suspend", "filter": {"deck": "Biology"}, "dry_run": True},
    ),
    Step(
        "flashcards_batch_create",
        "POST",
        "/api/flashcards/batch",
        [{"op": "create", "kind": "cloze", "term": "{{c1::Osmosis}} moves water"}],
    ),
    Step(
        "flashcards_review_create",
        "POST",
        "/api/flashcards/review",
        {"flashcard_id": "{card}", "rating": 3},
    ),
    Step(
        "flashcards_recommend_next_create",
        "POST",
        "/api/flashcards/recommend-next",
        {"rating": 3, "current_interval": 10},
    ),
    Step(
        "flashcards_create",
        "POST",
        "/api/flashcards/",
        {"term": "A draft", "definition": "To be deleted"},
        keep={"draft": "id"},
    ),
    Step(
        "flashcards_plans_create",
        "POST",
        "/api/flashcards/plans",
        {"kind": "catch_up", "deck": "Biology", "days": 5},
        keep={"plan": "id"},
    ),
    Step("flashcards_plans_retrieve", "GET", "/api/flashcards/plans/{plan}"),
    Step("flashcards_plans_apply_create", "POST", "/api/flashcards/plans/{plan}/apply"),
    Step("flashcards_fit_retrieve", "GET", "/api/flashcards/fit"),
    Step("flashcards_fit_create", "POST", "/api/flashcards/fit"),
    Step("flashcards_workload_retrieve", "GET", "/api/flashcards/workload?deck=Biology"),
    Step("flashcards_destroy", "DELETE", "/api/flashcards/{draft}"),
    Step("decks_create", "POST", "/api/decks/", {"name": "Drafts"}, keep={"draft": "id"}),
    Step("decks_destroy", "DELETE", "/api/decks/{draft}"),
]
