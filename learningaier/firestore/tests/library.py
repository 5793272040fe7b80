"""A library as the earlier service keeps it: a row or two of each collection, of one account."""

from datetime import UTC, datetime
from typing import Any

from documents.tests.bucket_server import BucketServer
from learningaier.firestore.tests.server import FirestoreServer

NOTE, EMPTY_NOTE = "Nt3dEf6hIj9lMn2pQr5t", "Nt4dEf6hIj9lMn2pQr5t"
FOLDER, ABOVE = "Aa3dEf6hIj9lMn2pQr5t", "Zz3dEf6hIj9lMn2pQr5t"
CARD, DOCUMENT, CHAT = "Cd3dEf6hIj9lMn2pQr5t", "Dc3dEf6hIj9lMn2pQr5t", "Ch3dEf6hIj9lMn2pQr5t"
TEXT = "Osmosis is the diffusion of water through a membrane."


def fill(old: FirestoreServer, bucket: BucketServer, uid: str = "uid-1", mark: str = "") -> None:
    """Put a library of one account there. `mark`: ends its ids."""
    for path, values in _rows(uid, mark).items():
        old.put(path, values)
    bucket.objects[f"documents/{uid}/1764000000000-osmosis.txt"] = f"{TEXT} {mark}".encode()


def _rows(uid: str, mark: str) -> dict[str, dict[str, Any]]:
    mine = {"user_id": uid, "created_at": "2025-03-01T08:00:00.000Z"}
    return {
        f"profiles/{uid}": {"preferred_language": "zh", "llm_model": None},
        f"folders/{FOLDER}{mark}": {**mine, "name": "Plants", "parent_id": f"{ABOVE}{mark}"},
        f"folders/{ABOVE}{mark}": {**mine, "name": "Biology", "parent_id": None, "sort_order": 1.5},
        f"notes/{NOTE}{mark}": {
            **mine,
            "title": "光合作用 🌱",
            "content_md_zh": "植物把光变成糖。",
            "content_md_en": "Plants turn light into sugar.",
            "primary_language": "zh",
            "folder_id": f"{FOLDER}{mark}",
            "sort_order": 2.25,
        },
        f"notes/{EMPTY_NOTE}{mark}": {
            **mine,
            "title": "Osmosis",
            "content_md_en": "",
            "is_processing": True,
            "source_document_id": f"{DOCUMENT}{mark}",
        },
        f"note_versions/v1{mark}": {
            **mine,
            "note_id": f"{NOTE}{mark}",
            "title": "光合作用",
            "content_md_zh": "植物。",
            "primary_language": "zh",
            "snapshot_reason": "manual",
        },
        f"note_versions/v2{mark}": {
            **mine,
            "note_id": f"{NOTE}{mark}",
            "title": "光合作用",
            "content_md_zh": "植物要光。",
            "snapshot_reason": "system",
            "created_at": "2025-03-02T08:00:00+02:00",
        },
        f"documents/{DOCUMENT}{mark}": {
            **mine,
            "title": "Osmosis",
            "file_name": "osmosis.txt",
            "storage_path": f"documents/{uid}/1764000000000-osmosis.txt",
            "created_at": datetime(2025, 3, 1, 8, tzinfo=UTC),
        },
        f"flashcards/{CARD}{mark}": {
            **mine,
            "note_id": f"{NOTE}{mark}",
            "term": "ATP",
            "definition": "Carries energy",
            "category": "concept",
            "context": None,
            "status": "review",
            "interval": 3,
        },
        f"flashcard_reviews/r1{mark}": {
            "user_id": uid,
            "flashcard_id": f"{CARD}{mark}",
            "rating": "good",
            "reviewed_at": "2025-03-02T08:00:00Z",
        },
        f"flashcard_reviews/r2{mark}": {
            "user_id": uid,
            "flashcard_id": f"{CARD}{mark}",
            "response": "easy",
            "reviewed_at": "2025-03-12T08:00:00Z",
        },
        f"users/{uid}/conversations/{CHAT}{mark}": {
            "title": "Light",
            "scope": {"type": "doc", "ids": [f"{NOTE}{mark}"]},
            "created_at": "2025-04-01T08:00:00Z",
        },
        f"users/{uid}/conversations/{CHAT}{mark}/messages/m2": {
            "role": "assistant",
            "content": "Sugar.",
            "created_at": "2025-04-01T08:00:02Z",
            "sources": [{"title": "光合作用"}],
        },
        f"users/{uid}/conversations/{CHAT}{mark}/messages/m1": {
            "role": "user",
            "content": "What do plants make?",
            "created_at": "2025-04-01T08:00:01Z",
        },
    }
