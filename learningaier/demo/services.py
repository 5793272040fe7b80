"""The demo accounts and their library, made through the same services that the API calls."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from documents.services import create_document
from flashcards.services.cards import create_card
from learningaier.accounts.models import User
from learningaier.demo.cards import CARDS, DECK
from notes.services.notes import create_note

LIBRARY = Path(__file__).parent / "library"


def create_demo() -> None:
    """Make what is missing of `demo` / `demo` with its library, and `admin` / `admin`."""
    if not User.objects.filter(username="admin").exists():
        User.objects.create_superuser("admin", "admin@example.org", "admin")
    if User.objects.filter(username="demo").exists():
        return
    with transaction.atomic():
        learner = User.objects.create_user(
            "demo", "demo@example.org", "demo", display_name="Demo learner"
        )
        _write_notes(learner)
        _upload_document(learner)
        for term, definition in CARDS:
            create_card(owner=learner, term=term, definition=definition, deck_name=DECK)


def _write_notes(learner: User) -> None:
    for path in sorted(LIBRARY.glob("*.md")):
        title, _, content = path.read_text(encoding="utf-8").partition("\n")
        create_note(
            owner=learner,
            title=title.lstrip("# ").strip(),
            content=content.strip(),
            folder="Biology",
            tags=["demo"],
        )


def _upload_document(learner: User) -> None:
    path = LIBRARY / "spaced-repetition.pdf"
    upload = SimpleUploadedFile(path.name, path.read_bytes(), "application/pdf")
    create_document(owner=learner, upload=upload, title="Spaced repetition in brief")
