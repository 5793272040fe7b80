"""Searching the library."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from learningaier.accounts.current_user import current_user
from learningaier.api.views import StrictView
from learningaier.knowledge.retrieval.search import list_hits, search
from learningaier.knowledge.serializers import HitSerializer, SearchSerializer


class SearchView(StrictView):
    """The passages of the caller's library that speak most about something."""

    query_serializers = {"get": SearchSerializer}

    @extend_schema(
        summary="Search the library",
        description=(
            "The passages that speak most about `q`, the best first, by keywords and by meaning. "
            "`note_id`, `document_id`, `folder` and `tags` narrow the search."
        ),
        responses=HitSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """The passages found, as sources, the best first."""
        asked = self.read_query()
        scope = asked.make_scope(current_user(request))
        found = search(asked.validated_data["q"], scope)
        return Response(list_hits(found, asked.validated_data["limit"]))
