"""Starting conversations, and answering in them."""

from collections.abc import Generator, Sequence
from contextlib import closing
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from chat.models import Conversation, Message
from chat.titles import make_title
from learningaier.accounts.models import User
from learningaier.ai.language import estimate_tokens
from learningaier.core.errors import Conflict, ServiceError
from learningaier.knowledge.answering.answers import stream_answer
from learningaier.knowledge.answering.drafts import Answer
from learningaier.knowledge.answering.followups import Turn
from notes.services.versions import keep_cited

SOURCES = 5  # of an answer, at most
HISTORY_TOKENS = 2000  # of earlier messages, given to the model
HISTORY_MESSAGES = 40
GRACE_SECONDS = 60

Role, Status = Message.Role, Message.Status


@transaction.atomic
def start_conversation(
    *,
    owner: User,
    scope_type: str,
    scope_ids: Sequence[str],
    title: str = "",
    external_id: str = "",
) -> Conversation:
    """Make a conversation; without a title it takes its first question's."""
    return Conversation.objects.create(
        owner=owner,
        scope_type=scope_type,
        scope_ids=list(scope_ids),
        title=title,
        external_id=external_id,
    )


def begin_answer(*, conversation: Conversation, question: str) -> Message:
    """Store the question, and an empty answer that `write_answer` is to fill.

    Raises: Conflict (409) while another answer is being written in this conversation.
    """
    seconds = 2 * settings.LLM_TIMEOUT_SECONDS + GRACE_SECONDS
    until = timezone.now() + timedelta(seconds=seconds)
    with transaction.atomic():
        if not Conversation.objects.filter(pk=conversation.pk).claim(until):
            raise Conflict("An answer is being written in this conversation. Wait for it.")
        conversation.messages.filter(status=Status.WRITING).update(status=Status.INTERRUPTED)
        if not conversation.title:
            Conversation.objects.filter(pk=conversation.pk).update(title=make_title(question))
        owned = {"owner_id": conversation.owner_id, "conversation": conversation}
        Message.objects.create(**owned, role=Role.USER, content=question)
        return Message.objects.create(**owned, role=Role.ASSISTANT, status=Status.WRITING)


def write_answer(*, answer: Message) -> Generator[str | Answer, None, None]:
    """The answer piece by piece, as `stream_answer` gives it; the whole one is stored by then.

    Closing the generator stores what was written until then as interrupted.
    Raises: ServiceError, after the answer is stored as failed.
    """
    question, history = _read_history(answer)
    scope = answer.conversation.scope
    answer.status = Status.INTERRUPTED
    stream = stream_answer(question, scope=scope, top_k=SOURCES, history=history)
    try:
        with closing(stream):
            for piece in stream:
                if isinstance(piece, Answer):
                    _take_over(answer, piece)
                    break
                answer.content += piece
                yield piece
    except ServiceError:
        answer.status = Status.FAILED
        raise
    finally:
        _store(answer)
    yield piece


def _read_history(answer: Message) -> tuple[str, list[Turn]]:
    """The question to answer, and what was said before it: the latest that fits, oldest first."""
    before = answer.conversation.messages.filter(created_at__lt=answer.created_at)
    question, *earlier = before.order_by("-created_at", "-id")[:HISTORY_MESSAGES]
    turns: list[Turn] = []
    room = HISTORY_TOKENS
    for message in earlier:
        room -= estimate_tokens(message.content)
        if room < 0:
            break
        if message.content:
            is_question = message.role == Role.USER
            turns.append(Turn("user" if is_question else "assistant", message.content))
    return question.content, turns[::-1]


def _take_over(message: Message, answer: Answer) -> None:
    message.content, message.sources = answer.answer, answer.sources
    message.status, message.degraded, message.model = answer.status, answer.degraded, answer.model


def _store(answer: Message) -> None:
    """Write the answer down and let the conversation go; both may have been deleted meanwhile."""
    fields = {name: getattr(answer, name) for name in _WRITTEN}
    with transaction.atomic():
        Message.objects.filter(pk=answer.pk).update(**fields, updated_at=timezone.now())
        cited = [one for one in answer.sources if one.get("version")]
        keep_cited(answer.owner_id, [(one["note_id"], one["version"]) for one in cited])
        conversation = Conversation.objects.filter(pk=answer.conversation_id)
        conversation.update(answering_until=None, updated_at=timezone.now())


_WRITTEN = ["content", "sources", "status", "degraded", "model"]
