"""Conversations that were held elsewhere, with their messages as they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from chat.models import Conversation, Message
from chat.services import start_conversation
from learningaier.accounts.models import User

MOMENT = timedelta(microseconds=1)  # between two messages of the same time, to keep their order


@dataclass(frozen=True)
class PastMessage:
    """What was said, by whom and when."""

    role: str
    content: str
    created_at: datetime


@transaction.atomic
def import_conversation(
    *,
    owner: User,
    external_id: str,
    title: str,
    scope: tuple[str, Sequence[str]],
    created_at: datetime | None,
    messages: Sequence[PastMessage],
) -> Conversation:
    """A conversation with its messages, the oldest first. `scope`: type and ids.

    Raises: IntegrityError (409) for an external id that is taken.
    """
    conversation = start_conversation(
        owner=owner,
        scope_type=scope[0],
        scope_ids=scope[1],
        title=title,
        external_id=external_id,
    )
    rows = [_make_message(conversation, message) for message in messages]
    Message.objects.bulk_create(rows)
    last: datetime | None = None
    for row, message in zip(rows, messages, strict=True):
        after = message.created_at if last is None else last + MOMENT
        last = row.created_at = max(message.created_at, after)
    Message.objects.bulk_update(rows, ["created_at"], batch_size=500)
    if created_at is not None:
        Conversation.objects.filter(pk=conversation.pk).update(created_at=created_at)
    return conversation


def _make_message(conversation: Conversation, message: PastMessage) -> Message:
    is_answer = message.role == Message.Role.ASSISTANT
    return Message(
        owner_id=conversation.owner_id,
        conversation=conversation,
        role=message.role,
        content=message.content,
        status=Message.Status.ANSWERED if is_answer else "",
    )
