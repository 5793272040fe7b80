"""What is read is what was written: files that readers get wrong, each with its right text."""

import pytest
from django.core.files.base import ContentFile

from documents.formats import detect_type
from documents.reading import read_file
from documents.tests.faults import EXPECTED, FAULTS, find_faults


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_that_readers_get_wrong_is_read_rightly(name):
    path = FAULTS / name
    kind = detect_type(ContentFile(path.read_bytes()), name)
    reading = read_file(path, kind, languages="eng")
    assert find_faults(name, reading.text, reading.warnings) == []
    assert all(reading.text[start:end].strip() for _, start, end in reading.spans)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("utf8-one-bad-byte.txt", "characters_replaced"),
        ("html-bad-utf8.html", "characters_replaced"),
    ],
)
def test_what_was_lost_is_said(process, api, name, code):
    document = process((FAULTS / name).read_bytes(), name)
    body = api.get(f"/api/documents/{document.pk}").json()
    assert body["status"] == "ready"
    assert [warning["code"] for warning in body["warnings"]] == [code]
    assert body["warnings"][0]["message"].endswith(".")


def test_a_document_that_lost_nothing_warns_of_nothing(process, api):
    document = process((FAULTS / "word-everything.docx").read_bytes(), "all.docx")
    assert api.get(f"/api/documents/{document.pk}").json()["warnings"] == []
