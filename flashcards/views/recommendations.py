"""FSRS and SM-2 side by side."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from flashcards.scheduling import Rating
from flashcards.serializers.recommendations import (
    RecommendationRequestSerializer,
    RecommendationSerializer,
)
from flashcards.services.recommendations import recommend_next
from learningaier.accounts.current_user import current_user
from learningaier.api.scopes import Scope, needs_scope
from learningaier.api.views import StrictView


class RecommendNextView(StrictView):
    """Compares the intervals of two algorithms."""

    @extend_schema(
        summary="Compare the next intervals of FSRS and SM-2",
        description=(
            "What FSRS, with your own parameters, and SM-2 would wait after this rating, in whole "
            "days. With `flashcard_id` FSRS reads that card's memory; without, a card of average "
            "difficulty that is due after `current_interval`. Nothing is stored."
        ),
        request=RecommendationRequestSerializer,
        responses=RecommendationSerializer,
    )
    @needs_scope(Scope.READ)
    def post(self, request: Request) -> Response:
        """Two intervals and their difference."""
        asked = RecommendationRequestSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        found = recommend_next(
            owner=current_user(request),
            rating=Rating(given["rating"]),
            current_interval=given["current_interval"],
            card_id=given.get("flashcard_id"),
        )
        return Response(RecommendationSerializer(found).data)
