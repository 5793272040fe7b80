"""Searching the library."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from learningaier.accounts.current_user import current_user
from learningaier.knowledge.retrieval.search import list_hits, search
from learningaier.knowledge.serializers import HitSerializer, SearchSerializer


class SearchView(APIView):
    """The passages of the caller's library that speak most about something."""

    @extend_schema(
        summary="Search the library",
        description=(
            "The passages that speak most about `q`, the best first, by keywords and by meaning. "
            "`note_id`, `document_id`, `folder` and `tags` narrow the search."
        ),
        parameters=[SearchSerializer],
        responses=HitSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """The passages found, as sources, the best first."""
        asked = SearchSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        scope = asked.make_scope(current_user(request))
        found = search(asked.validated_data["q"], scope)
        return Response(list_hits(found, asked.validated_data["limit"]))
