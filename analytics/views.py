"""How the learning goes."""

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from analytics import services
from analytics.serializers import (
    DifficultyQuerySerializer,
    HardCardSerializer,
    HardCardsSerializer,
    OverviewSerializer,
)
from learningaier.accounts.current_user import current_user
from learningaier.api.ratelimit import ratelimit
from learningaier.api.views import StrictView


class OverviewView(StrictView):
    """The totals and the activity of the caller."""

    @extend_schema(
        summary="Read the overview",
        description="Totals, streak, what is due today, and the last 30 days that had reviews.",
        responses=OverviewSerializer,
    )
    @ratelimit(group="analytics", setting="RATE_LIMIT_ANALYTICS")
    def get(self, request: Request) -> Response:
        """Totals, streak, what is due, and the last days' reviews."""
        return Response(services.find_overview(user=current_user(request)))


class DifficultyView(StrictView):
    """The cards that the caller forgets most."""

    query_serializers = {"get": DifficultyQuerySerializer}

    @extend_schema(
        summary="List the hardest cards",
        description=(
            "The cards that were forgotten most, by `difficulty_score`, hardest first: an array, "
            'or `{"flashcards": […]}` with `?shape=object`.'
        ),
        responses=PolymorphicProxySerializer(
            component_name="Difficulty",
            serializers=[HardCardSerializer(many=True), HardCardsSerializer],
            resource_type_field_name=None,
            many=False,
        ),
        operation_id="analytics_flashcard_difficulty_list",
    )
    @ratelimit(group="analytics", setting="RATE_LIMIT_ANALYTICS")
    def get(self, request: Request) -> Response:
        """The cards that were forgotten most, hardest first."""
        asked = self.read_query().validated_data
        cards = services.list_hardest_cards(user=current_user(request), limit=asked["limit"])
        return Response(cards if asked["shape"] == "array" else {"flashcards": cards})
