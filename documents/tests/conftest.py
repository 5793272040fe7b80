"""Uploading in tests."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from documents.models import Document
from documents.tests.files import make_pdf

PAGES = [
    [
        "Cells and their parts",
        "The mitochondrion is the power plant of the cell.",
        "It makes ATP from sugar and oxygen.",
    ],
    [
        "Plants",
        "Chlorophyll absorbs red and blue light in the thylakoid.",
        "The Calvin cycle fixes carbon dioxide into sugar.",
    ],
]


@pytest.fixture(autouse=True)
def many_uploads(settings: Any) -> None:
    """No test about something else meets the limit of uploads."""
    settings.RATE_LIMIT_DOCUMENT_UPLOAD = 1000


@pytest.fixture
def send(api: Any) -> Callable[..., Any]:
    """Upload bytes under a name as the owner, or as another person. Returns: the response."""

    def upload(
        content: bytes, name: str = "cells.pdf", *, by: Any = None, kind: str = "", **fields: Any
    ) -> Any:
        file = SimpleUploadedFile("file", content, kind or "application/octet-stream")
        file.__dict__["_name"] = name  # as a client sends it: File itself would clean it
        return (by or api).upload("/api/documents/upload", file=file, **fields)

    return upload


@pytest.fixture
def pdf() -> bytes:
    """Two pages about cells and plants."""
    return make_pdf(PAGES)


@pytest.fixture
def process(send: Callable[..., Any], run_jobs: Callable[[], int]) -> Callable[..., Document]:
    """Upload and process. Returns: the document as it is then."""

    def through(content: bytes, name: str = "cells.pdf", **fields: Any) -> Document:
        response = send(content, name, **fields)
        assert response.status_code == 202, response.content
        run_jobs()
        return Document.objects.get(pk=response.json()["id"])

    return through
