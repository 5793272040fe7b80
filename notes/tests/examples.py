"""The API of notes, one request an operation."""

from learningaier.api.tests.steps import Step

NOTE = {
    "title": "Rome",
    "content": "Augustus became the first Roman emperor in 27 BC.",
    "folder": "History",
    "tags": ["rome"],
}
STEPS = [
    Step("notes_create", "POST", "/api/notes/", NOTE, keep={"note": "id"}),
    Step("notes_list", "GET", "/api/notes/"),
    Step("notes_retrieve", "GET", "/api/notes/{note}"),
    Step("notes_update", "PUT", "/api/notes/{note}", NOTE | {"title": "Rome and its emperors"}),
    Step(
        "notes_partial_update",
        "PATCH",
        "/api/notes/{note}",
        {"tags": ["rome", "emperors"], "content_md_zh": "公元前27年，奥古斯都成为罗马皇帝。"},
    ),
    Step("notes_versions_list", "GET", "/api/notes/{note}/versions"),
    Step("notes_versions_retrieve", "GET", "/api/notes/{note}/versions/1"),
    Step("notes_versions_restore_create", "POST", "/api/notes/{note}/versions/1/restore"),
    Step("folders_create", "POST", "/api/folders/", {"name": "Latin"}, keep={"folder": "id"}),
    Step("folders_list", "GET", "/api/folders/"),
    Step("folders_retrieve", "GET", "/api/folders/{folder}"),
    Step("folders_partial_update", "PATCH", "/api/folders/{folder}", {"name": "Latin authors"}),
    Step(
        "notes_order_partial_update",
        "PATCH",
        "/api/notes/order",
        [{"id": "{note}", "sort_order": 1.5, "folder_id": "{folder}"}],
    ),
    Step("folders_destroy", "DELETE", "/api/folders/{folder}?move_to="),
    Step("notes_reindex_create", "POST", "/api/notes/reindex", {"note_id": "{note}"}),
    Step(
        "notes_ai_qa_create",
        "POST",
        "/api/notes/ai-qa",
        {"question": "When did Augustus become emperor?", "top_k": 1},
    ),
    Step("notes_create", "POST", "/api/notes/", {"title": "A draft"}, keep={"draft": "id"}),
    Step("notes_destroy", "DELETE", "/api/notes/{draft}"),
    Step("trash_list", "GET", "/api/trash"),
    Step("trash_restore_create", "POST", "/api/trash/{draft}/restore"),
    Step("notes_reindex_all_create", "POST", "/api/notes/reindex-all", keep={"job": "job_id"}),
    Step("jobs_retrieve", "GET", "/api/jobs/{job}"),
    Step("jobs_cancel_create", "POST", "/api/jobs/{job}/cancel"),
]
