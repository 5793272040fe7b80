"""Searching the library."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from learningaier.accounts.caller import get_caller
from learningaier.knowledge.scope import Scope
from learningaier.knowledge.search import describe_source, search
from learningaier.knowledge.serializers import SearchSerializer, SourceSerializer


class SearchView(APIView):
    """The passages of the caller's library that speak most about something."""

    @extend_schema(parameters=[SearchSerializer], responses=SourceSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Sources, the best first."""
        asked = SearchSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        scope = Scope(get_caller(request).pk, asked.validated_data.get("note_id"))
        found = search(asked.validated_data["q"], scope)
        best = found.ranked[: asked.validated_data["limit"]]
        return Response(
            [
                describe_source(found.chunks[ranked.id], ranked.best_span, ranked.score)
                for ranked in best
            ]
        )
