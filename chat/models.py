"""Conversations and their messages."""

from datetime import datetime
from typing import Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from learningaier.core.ownership import (
    ImportableModel,
    OwnedModel,
    OwnedQuerySet,
    external_id_once,
)
from learningaier.knowledge.retrieval.scope import Scope
from notes.models import Folder

MAX_TITLE = 200


class ConversationQuerySet(OwnedQuerySet["Conversation"]):
    """Conversations of one owner, with what lists show of them."""

    def with_counts(self) -> Self:
        """Annotate each conversation with its `message_count`."""
        return self.annotate(message_count=Count("messages"))

    def claim(self, until: datetime) -> bool:
        """Take the right to answer, of one conversation; False while somebody else has it."""
        free = Q(answering_until=None) | Q(answering_until__lt=timezone.now())
        return bool(self.filter(free).update(answering_until=until, updated_at=timezone.now()))


class Conversation(ImportableModel):
    """Questions and answers over a part of the library.

    `scope_ids`: ids of notes and documents, ids or names of folders, or tags. `answering_until`:
    while it is ahead, an answer is being written; who writes it and dies loses that right by then.
    """

    class ScopeType(models.TextChoices):
        DOC = "doc"
        FOLDER = "folder"
        TAG = "tag"
        ALL = "all"

    title = models.CharField(max_length=MAX_TITLE, blank=True)
    scope_type = models.CharField(max_length=8, choices=ScopeType.choices, default=ScopeType.ALL)
    scope_ids = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    answering_until = models.DateTimeField(null=True, editable=False)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [external_id_once("conversation")]
        indexes = [models.Index(fields=["owner", "-created_at", "-id"], name="conversation_newest")]

    def __str__(self) -> str:
        return f"conversation {self.pk}"

    @property
    def shown_title(self) -> str:
        """The title; before the first question has given one, what the conversation is about."""
        if self.title or self.scope_type == self.ScopeType.ALL:
            return self.title or "Chat - all"
        count = len(self.scope_ids)
        return f"Chat - {self.scope_type} ({count} item{'' if count == 1 else 's'})"

    @property
    def scope(self) -> Scope:
        """What its questions may see."""
        ids = tuple(self.scope_ids)
        match self.scope_type:
            case self.ScopeType.DOC:
                return Scope(self.owner_id, ids=tuple(map(UUID, ids)))
            case self.ScopeType.FOLDER:
                return Scope(self.owner_id, folders=self._find_folders())
            case self.ScopeType.TAG:
                return Scope(self.owner_id, tags=ids)
            case _:
                return Scope(self.owner_id)

    def _find_folders(self) -> tuple[UUID, ...]:
        """What its folders are now; one that is gone holds nothing."""
        folders = Folder.objects.filter(owner_id=self.owner_id)
        return tuple(pk for name in self.scope_ids for pk in folders.find(name) or [])


class MessageQuerySet(OwnedQuerySet["Message"]):
    """Messages of conversations, and those whose writer may be dead."""


class Message(OwnedModel):
    """A question, or an answer with its sources as they were when it was given."""

    class Role(models.TextChoices):
        USER = "user"
        ASSISTANT = "assistant"

    class Status(models.TextChoices):
        WRITING = "writing"
        ANSWERED = "answered"
        NOT_FOUND = "not_found"
        INTERRUPTED = "interrupted"
        FAILED = "failed"

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    role = models.CharField(max_length=9, choices=Role.choices)
    content = models.TextField(blank=True)
    sources = models.JSONField(default=list, blank=True)
    status = models.CharField(max_length=11, choices=Status.choices, blank=True)
    degraded = models.BooleanField(default=False)
    model = models.CharField(max_length=128, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["conversation", "created_at"], name="message_in_order")]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"

    @property
    def state(self) -> str:
        """The status; an answer whose writer has died is interrupted."""
        until = self.conversation.answering_until
        is_dead = until is None or until < timezone.now()
        if self.status == self.Status.WRITING and is_dead:
            return self.Status.INTERRUPTED
        return self.status
