"""Questions about notes."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from learningaier.accounts.current_user import current_user
from learningaier.api.ratelimit import ratelimit
from learningaier.api.scopes import Scope, needs_scope
from learningaier.api.views import StrictView
from learningaier.knowledge.answering.answers import answer_question
from learningaier.knowledge.serializers import AnswerSerializer, QuestionSerializer


class QuestionView(StrictView):
    """Questions to the library, or to a part of it."""

    @extend_schema(
        summary="Ask your library",
        description=(
            "An answer whose every sentence cites a passage of your notes and documents, or "
            "`not_found`. Without a scope the whole library is asked. Answers are kept for half an "
            "hour while nothing in their scope changes; `cached` says so."
        ),
        request=QuestionSerializer,
        responses=AnswerSerializer,
    )
    @needs_scope(Scope.READ)
    @ratelimit(group="ai_qa", setting="RATE_LIMIT_RAG_CHAT", is_paid=True)
    def post(self, request: Request) -> Response:
        """An answer with its citations, or `not_found`."""
        asked = QuestionSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        scope = asked.make_scope(current_user(request))
        question, top_k = asked.validated_data["question"], asked.validated_data["top_k"]
        return Response(answer_question(question, scope=scope, top_k=top_k))
