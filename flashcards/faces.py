"""What a card shows: the question and the answer, as Markdown. A pure module."""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from flashcards import cloze

BASIC, REVERSED, CLOZE, TYPED, CUSTOM = "basic", "reversed", "cloze", "typed", "custom"
FIELD = re.compile(r"\{\{(?:cloze:)?([^{}:#/^]{1,100})\}\}")


class HasFields(Protocol):
    """A fact, as far as its cards' faces depend on it."""

    kind: str
    term: str | None
    definition: str
    context: str | None
    fields: dict[str, Any]
    note_type: Any


def list_ordinals(fact: HasFields) -> list[int]:
    """Which cards a fact makes, by ordinals. Raises: cloze.ClozeError for a text without gaps."""
    if fact.kind == CLOZE:
        return [number - 1 for number in cloze.find_numbers(fact.term or "")]
    if fact.kind == CUSTOM and fact.note_type.is_cloze:
        text = "\n".join(str(value) for value in fact.fields.values())
        return [number - 1 for number in cloze.find_numbers(text)]
    count = len(fact.note_type.templates) if fact.kind == CUSTOM else 1 + (fact.kind == REVERSED)
    return list(range(count))


def show_question(fact: HasFields, ordinal: int) -> str:
    """The question of a card, as Markdown."""
    if fact.kind == CLOZE:
        return cloze.hide(fact.term or "", ordinal + 1)
    if fact.kind == CUSTOM:
        return _fill_template(fact, ordinal, "question")
    return fact.definition if ordinal else fact.term or fact.context or ""


def show_answer(fact: HasFields, ordinal: int) -> str:
    """What a card expects; of a cloze the whole text, with the definition below it."""
    if fact.kind == CLOZE:
        text = cloze.reveal(fact.term or "", ordinal + 1)
        return f"{text}\n\n{fact.definition}" if fact.definition else text
    if fact.kind == CUSTOM:
        return _fill_template(fact, ordinal, "answer")
    return (fact.term or "") if ordinal else fact.definition


def _fill_template(fact: HasFields, ordinal: int, side: str) -> str:
    note_type = fact.note_type
    place = 0 if note_type.is_cloze else ordinal
    template: Mapping[str, str] = note_type.templates[place]
    turn = cloze.hide if side == "question" else cloze.reveal

    def fill(match: re.Match[str]) -> str:
        name = match.group(1).strip()
        if name == "FrontSide":
            return _fill_template(fact, ordinal, "question") if side == "answer" else ""
        value = str(fact.fields.get(name, ""))
        return turn(value, ordinal + 1) if note_type.is_cloze else value

    return FIELD.sub(fill, template.get(side, ""))
