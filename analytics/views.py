"""How the learning goes."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from analytics import services
from analytics.serializers import HardCardSerializer, LimitSerializer, OverviewSerializer
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

    query_serializers = {"get": LimitSerializer}

    @extend_schema(
        summary="List the hardest cards",
        description="The cards that were forgotten most, by `difficulty_score`, hardest first.",
        responses=HardCardSerializer(many=True),
    )
    @ratelimit(group="analytics", setting="RATE_LIMIT_ANALYTICS")
    def get(self, request: Request) -> Response:
        """The cards that were forgotten most, hardest first."""
        limit = self.read_query().validated_data["limit"]
        return Response(services.list_hardest_cards(user=current_user(request), limit=limit))
