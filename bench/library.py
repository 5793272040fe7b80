"""A database of the benchmark's own, in this process, and libraries in it."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command

from learningaier.dev.environment import NO_DOTENV
from learningaier.embedded.stack import Stack


@dataclass(frozen=True)
class Question:
    """A question of the file; `paragraph`: the place of its paragraph in the article."""

    text: str
    answers: tuple[str, ...]
    paragraph: int


@dataclass(frozen=True)
class Article:
    """A text with questions about it."""

    title: str
    paragraphs: tuple[str, ...]
    questions: tuple[Question, ...]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n\n".join(self.paragraphs)

    def span(self, paragraph: int) -> tuple[int, int]:
        """Where a paragraph stands in the text."""
        start = sum(len(text) + 2 for text in self.paragraphs[:paragraph])
        return start, start + len(self.paragraphs[paragraph])


def read_articles(path: Path) -> list[Article]:
    """The articles of a file, as `[{title, paragraphs: [{text, questions: [{question, …}]}]}]`.

    Questions that their own paragraph does not answer are left out.
    """
    return [parse_article(found) for found in json.loads(path.read_text())]


def parse_article(found: dict[str, Any]) -> Article:
    """An article of a file; questions without an accepted answer are left out."""
    questions = [
        Question(asked["question"], tuple(asked["answers"]), place)
        for place, paragraph in enumerate(found["paragraphs"])
        for asked in paragraph["questions"]
        if asked["answers"]
    ]
    paragraphs = tuple(paragraph["text"] for paragraph in found["paragraphs"])
    return Article(found["title"].replace("_", " "), paragraphs, tuple(questions))


@contextmanager
def own_database(*, durable: bool = False) -> Iterator[None]:
    """PostgreSQL and Redis in a temporary folder, Django set up on them, the schema made."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        stack = Stack(Path(folder) / "data", durable=durable)
        stack.open()
        try:
            set_up_django(Path(folder), stack.start_postgres(), stack.start_redis())
            call_command("migrate", verbosity=0)
            yield
        finally:
            stack.close()


def set_up_django(data: Path, database: str, redis: str) -> None:
    """Set Django up in this process on servers that run."""
    os.environ |= NO_DOTENV
    os.environ["DATA_DIR"] = str(data)
    os.environ["DATABASE_URL"] = database
    os.environ["REDIS_URL"] = redis
    os.environ["LOG_LEVEL"] = "WARNING"
    os.environ["DJANGO_SETTINGS_MODULE"] = "learningaier.settings"
    django.setup()
