"""The API of documents, one request an operation."""

from learningaier.api.tests.steps import Step

TEXT = "Osmosis is the movement of water through a membrane."
STEPS = [
    Step(
        "documents_upload_create",
        "POST",
        "/api/documents/upload",
        files={"file": ("osmosis.txt", TEXT)},
        keep={"document": "id"},
    ),
    Step("documents_cancel_create", "POST", "/api/documents/{document}/cancel"),
    Step("documents_retry_create", "POST", "/api/documents/{document}/retry"),
    Step("documents_retrieve", "GET", "/api/documents/{document}", is_after_jobs=True),
    Step(
        "documents_upload_process_create",
        "POST",
        "/api/documents/upload-process",
        {"document_id": "{document}", "file_path": "documents/{me}/osmosis.txt"},
    ),
    Step("documents_list", "GET", "/api/documents/"),
    Step("documents_partial_update", "PATCH", "/api/documents/{document}", {"title": "On osmosis"}),
    Step("documents_text_retrieve", "GET", "/api/documents/{document}/text"),
    Step(
        "documents_upload_create",
        "POST",
        "/api/documents/upload",
        files={"file": ("draft.txt", "A draft.")},
        keep={"draft": "id"},
    ),
    Step("documents_destroy", "DELETE", "/api/documents/{draft}"),
]
