"""Facts: what is known, whatever cards ask for it."""

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from flashcards.names import fold_name
from learningaier.core.errors import NotFound
from learningaier.core.ownership import OwnedModel, OwnedQuerySet
from notes.models import Note

MAX_TAG = 50  # characters
MAX_TERM = 1000  # characters; a cloze may be longer, as it is the whole text


class Kind(models.TextChoices):
    """What cards a fact makes."""

    BASIC = "basic"
    REVERSED = "reversed"
    CLOZE = "cloze"
    TYPED = "typed"
    CUSTOM = "custom"


class NoteType(OwnedModel):
    """An imported kind of fact, with fields and card templates of its own.

    `fields`: names in order; `templates`: `{name, question, answer}` in order, one a card;
    `is_cloze`: one template, and a card for each cloze number.
    """

    name = models.CharField(max_length=200)
    fields = models.JSONField(default=list)
    templates = models.JSONField(default=list)
    css = models.TextField(blank=True)
    is_cloze = models.BooleanField(default=False)
    external_id = models.CharField(max_length=100, blank=True)

    objects = OwnedQuerySet["NoteType"].as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["owner", "-created_at"], name="note_type_owner_newest")]

    def __str__(self) -> str:
        return self.name


class FactQuerySet(OwnedQuerySet["Fact"]):
    """The facts of one owner, and locks on them."""

    def lock(self, fact_id: uuid.UUID) -> "Fact":
        """One fact, locked until the transaction ends. Raises: NotFound."""
        fact = self.select_for_update(no_key=True).filter(pk=fact_id).first()
        if fact is None:
            raise NotFound
        return fact


class Fact(OwnedModel):
    """What is known: a term and its definition, a text with clozes, or an imported note.

    `fields`: the values by name of a note type's fields, for the kind `custom` only;
    `guid`: names the fact in another program; `media`: names of the files that it shows;
    `search_text`: all its words, folded, for `?q=`.
    """

    kind = models.CharField(max_length=8, choices=Kind, default=Kind.BASIC)
    note_type = models.ForeignKey(
        NoteType, null=True, blank=True, on_delete=models.RESTRICT, related_name="facts"
    )
    term = models.TextField(null=True, blank=True)  # noqa: DJ001  null and "" are two answers
    definition = models.TextField(blank=True)
    context = models.TextField(null=True, blank=True, default="")  # noqa: DJ001
    fields = models.JSONField(default=dict, blank=True)
    tags = ArrayField(models.CharField(max_length=MAX_TAG), default=list, blank=True)
    category = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=35, blank=True)
    source = models.JSONField(null=True, blank=True, editable=False)
    media = models.JSONField(default=list, blank=True, editable=False)
    guid = models.CharField(max_length=100, blank=True, editable=False)
    note = models.ForeignKey(
        Note, null=True, blank=True, on_delete=models.SET_NULL, related_name="facts"
    )
    search_text = models.TextField(blank=True, editable=False)

    objects = FactQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "guid"], condition=~Q(guid=""), name="fact_guid_once_an_owner"
            )
        ]
        indexes = [models.Index(fields=["owner", "-created_at", "-id"], name="fact_owner_newest")]

    def __str__(self) -> str:
        return self.term or self.definition

    def clean(self) -> None:
        """Keep a fact and its note in one person's hands."""
        super().clean()
        if self.note and self.note.owner_id != self.owner_id:
            raise ValidationError({"note": "This note is someone else's."})

    def save(self, **kwargs: Any) -> None:
        """Save, with the text by which the fact is found."""
        self.renew_search_text()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = [*fields, "search_text"]
        super().save(**kwargs)

    def renew_search_text(self) -> None:
        """Fold all words of the fact into one text."""
        texts = [self.term, self.definition, self.context, *self.fields.values(), *self.tags]
        self.search_text = fold_name("\n".join(str(text) for text in texts if text))
