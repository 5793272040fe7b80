"""A Firestore and a bucket of the earlier service on 127.0.0.1, and the command that reads them."""

import io
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from django.core.management import call_command
from django.test import TestCase

from documents.tests.bucket_server import BucketServer
from learningaier.conf.stores import storages
from learningaier.firestore.tests.server import FirestoreServer


@pytest.fixture
def bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[BucketServer]:
    """Google's storage, behind its real SDK."""
    with closing(BucketServer()) as server:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", server.url)
        settings.FIREBASE_STORAGE_BUCKET = "test-bucket"
        settings.STORAGES = storages("test-bucket")
        yield server


@pytest.fixture
def old(monkeypatch: pytest.MonkeyPatch) -> Iterator[FirestoreServer]:
    """The Firestore of the project `old`, empty."""
    with closing(FirestoreServer()) as server:
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", server.address)
        yield server


@pytest.fixture
def run_import(old: FirestoreServer, db: None) -> Callable[..., str]:
    """The command. Answers what it has written."""

    def run(*options: str) -> str:
        out = io.StringIO()
        with TestCase.captureOnCommitCallbacks(execute=True):
            call_command("import_firestore", "--project", "old", *options, stdout=out)
        return out.getvalue()

    return run


@pytest.fixture
def learner(owner: Any) -> Any:
    """The owner, as the earlier service knows them: by the uid `uid-1`."""
    owner.firebase_uid = "uid-1"
    owner.save()
    return owner
