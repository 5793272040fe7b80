"""Conversations with the library."""

from functools import partial
from http import HTTPStatus
from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView, RetrieveDestroyAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from chat import services
from chat.models import Conversation, Message
from chat.serializers import (
    ConversationSerializer,
    HistorySerializer,
    MessageTextSerializer,
    StartedSerializer,
    StartSerializer,
    WrittenSerializer,
)
from chat.streaming import describe_answer, stream_named, stream_plain
from learningaier.accounts.current_user import current_user
from learningaier.api.events import event_response
from learningaier.api.negotiation import AnyMedia
from learningaier.api.ratelimit import ratelimit
from learningaier.api.schema import also_answers
from learningaier.api.views import OwnedView, StrictView
from learningaier.sync.idempotency import idempotent
from learningaier.sync.views import DeletableView

EVENTS = (200, "text/event-stream")
limited = partial(ratelimit, group="chat", setting="RATE_LIMIT_RAG_CHAT")


class StartView(StrictView):
    """Starts a conversation about a part of the library."""

    @extend_schema(
        summary="Begin a conversation",
        description=(
            "About the whole library, or about the documents, notes or folders of `scope`. Without "
            "a title it is called after its scope, until its first question names it."
        ),
        request=StartSerializer,
        responses=StartedSerializer,
    )
    @idempotent()
    @also_answers(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
    @limited()
    def post(self, request: Request) -> Response:
        """Store the conversation and answer its id."""
        asked = StartSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        fields: dict[str, Any] = asked.validated_data
        scope = fields.get("scope", {"type": Conversation.ScopeType.ALL, "ids": []})
        conversation = services.start_conversation(
            owner=current_user(request),
            scope_type=scope["type"],
            scope_ids=scope["ids"],
            title=fields.get("title") or "",
            external_id=fields.get("external_id", ""),
        )
        return Response({"conversation_id": conversation.pk})


@extend_schema(
    summary="List conversations",
    description="Your conversations, newest first, with their number of messages.",
)
class ConversationsView(OwnedView[Conversation], ListAPIView[Conversation]):
    """The caller's conversations, newest first."""

    queryset = Conversation.objects.with_counts()
    serializer_class = ConversationSerializer


@extend_schema_view(
    get=extend_schema(
        summary="Read a conversation",
        description="The conversation with its messages, oldest first, and what answers cite.",
    ),
    delete=extend_schema(
        summary="Delete a conversation",
        description="The conversation and its messages are gone.",
    ),
)
class ConversationView(DeletableView[Conversation], RetrieveDestroyAPIView[Conversation]):
    """One conversation with its messages."""

    queryset = Conversation.objects.with_counts()
    serializer_class = HistorySerializer


class AnsweringView(OwnedView[Conversation]):
    """What both ways to ask have in common."""

    queryset = Conversation.objects.all()
    content_negotiation_class = AnyMedia

    def begin(self, request: Request) -> "partial[Message]":
        """The question, ready to be stored. Raises: ValidationError, Http404."""
        conversation = self.get_object()
        asked = MessageTextSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        question = asked.validated_data["message"]
        return partial(services.begin_answer, conversation=conversation, question=question)


class MessageView(AnsweringView):
    """Asking, for a whole answer or for events."""

    @extend_schema(
        summary="Ask in a conversation",
        description=(
            "Answers with sources, knowing what was said before. With `Accept: text/event-stream` "
            "the answer comes as events `delta`, `sources`, `done`, or `error`, with JSON data."
        ),
        request=MessageTextSerializer,
        responses={(200, "application/json"): WrittenSerializer, EVENTS: OpenApiTypes.STR},
    )
    @idempotent()
    @also_answers(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
    @limited(is_paid=True)
    def post(self, request: Request, pk: str) -> Response | StreamingHttpResponse:
        """The answer; with `Accept: text/event-stream` as events delta, sources, done, error."""
        begin = self.begin(request)
        if "text/event-stream" in request.headers.get("Accept", ""):
            return event_response(stream_named(begin))
        answer = begin()
        *_, _written = services.write_answer(answer=answer)
        return Response(describe_answer(answer))


class StreamView(AnsweringView):
    """Asking, for text as it is written."""

    @extend_schema(
        summary="Ask for a stream of plain text",
        description=(
            "Server-sent events: `data: <text>` lines, `data: [DONE]` at the end, "
            "`data: [ERROR] <sentence>` on failure. No line of an answer begins with either: join "
            "the events' data as it comes, without breaks between them."
        ),
        request=MessageTextSerializer,
        responses={EVENTS: OpenApiResponse(OpenApiTypes.STR)},
    )
    @limited(is_paid=True)
    def post(self, request: Request, pk: str) -> StreamingHttpResponse:
        """`data: <text>` lines, `data: [DONE]` at the end, `data: [ERROR] …` on failure."""
        return event_response(stream_plain(self.begin(request)))
