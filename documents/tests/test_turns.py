"""Learners take turns: one who uploads much keeps nobody waiting."""

from django.core.files.uploadedfile import SimpleUploadedFile

from conftest import ApiClient
from documents.jobs import process_document
from documents.models import Document


def upload(client: ApiClient, name: str) -> str:
    file = SimpleUploadedFile(name, f"The text of {name}.".encode())
    return client.upload("/api/documents/upload", file=file).json()["id"]


def test_anothers_upload_does_not_wait_for_all_of_the_first(
    api: ApiClient, stranger_api: ApiClient
) -> None:
    first = [upload(api, f"{number}.txt") for number in range(5)]
    upload(stranger_api, "other.txt")

    for document in first[:3]:
        process_document(document)

    ready = Document.objects.filter(status="ready")
    assert ready.filter(owner=stranger_api.user).count() == 1
    assert ready.filter(owner=api.user).count() == 2
