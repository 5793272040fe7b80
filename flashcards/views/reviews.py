"""Reviews: made now, handed in later, taken back."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from flashcards.models import Review
from flashcards.serializers.reviews import (
    HandedInSerializer,
    HandInSerializer,
    RatingSerializer,
    ReviewedSerializer,
    ReviewFilterSerializer,
    ReviewSerializer,
    StepUndoneSerializer,
    UndoAnswerSerializer,
)
from flashcards.services.changes import undo_latest_change
from flashcards.services.recording import Given
from flashcards.services.reviews import hand_in_reviews, review_card
from learningaier.accounts.current_user import current_user
from learningaier.api.pagination import LinkPagination
from learningaier.api.schema import also_answers
from learningaier.api.scopes import Scope, needs_scope
from learningaier.api.views import OwnedView, StrictView
from learningaier.sync.idempotency import idempotent


class ReviewView(StrictView):
    """Takes the rating of one card and schedules it."""

    @extend_schema(
        summary="Review a card",
        description=(
            "Schedules the card by how well it was remembered: 1 again to 4 easy. With an `id` of "
            "yours, sending it again changes nothing; with `reviewed_at`, it is put in its place "
            "among the card's reviews."
        ),
        request=RatingSerializer,
        responses=ReviewedSerializer,
    )
    @idempotent()
    @needs_scope(Scope.REVIEW)
    @also_answers(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
    def post(self, request: Request) -> Response:
        """Schedule the card by how well it was remembered."""
        given = RatingSerializer(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        card, review_id = review_card(
            owner=current_user(request), given=Given(**given.validated_data)
        )
        vars(card)["review_id"] = review_id
        return Response(ReviewedSerializer(card, context={"request": request}).data)


class ReviewPagination(LinkPagination):
    """Reviews in the order in which they were made, whenever they were handed in."""

    ordering = ("-reviewed_at", "-id")


@extend_schema_view(
    get=extend_schema(
        summary="List reviews",
        description="Your reviews, latest first; those that were taken back are left out.",
    ),
)
class ReviewsView(OwnedView[Review], ListAPIView[Review]):
    """Lists the caller's reviews and takes those made offline."""

    queryset = Review.objects.all()
    serializer_class = ReviewSerializer
    query_serializers = {"get": ReviewFilterSerializer}
    pagination_class = ReviewPagination

    def filter_queryset(self, queryset: Any) -> Any:
        """The reviews that the query asks for."""
        filters = {"since": "reviewed_at__gte", "card": "flashcard_id"}
        told = {filters[name]: value for name, value in self.read_query().validated_data.items()}
        return super().filter_queryset(queryset).filter(**told)

    @extend_schema(
        summary="Hand in reviews",
        description=(
            "Up to 1,000 reviews of a device that was offline, in any order. Each counts once by "
            "its id; those that can not be are listed under `refused`, the others count."
        ),
        request=HandInSerializer,
        responses=HandedInSerializer,
    )
    @needs_scope(Scope.REVIEW)
    def post(self, request: Request) -> Response:
        """Take what a device has collected."""
        given = HandInSerializer(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        reviews = [Given(**one) for one in given.validated_data["reviews"]]
        handed_in = hand_in_reviews(owner=current_user(request), reviews=reviews)
        return Response(HandedInSerializer(handed_in).data)


class UndoView(StrictView):
    """Taking back what changed schedules."""

    bodiless_methods = frozenset({"post"})

    @extend_schema(
        summary="Take back the latest change of schedules",
        description=(
            "A review, a batch, a suspension, a plan …: up to 30 steps back. Answers the first of "
            "its cards as it was before; 409 where there is nothing to take back, or where that "
            "card has been deleted since."
        ),
        request=None,
        responses=PolymorphicProxySerializer(
            "CardOrStepUndone",
            [UndoAnswerSerializer, StepUndoneSerializer],
            resource_type_field_name=None,
        ),
    )
    @idempotent()
    @needs_scope(Scope.REVIEW)
    @also_answers(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
    def post(self, request: Request) -> Response:
        """Take back the caller's latest step. Returns: its first card as it was before."""
        change, card = undo_latest_change(owner=current_user(request))
        if card is None:
            return Response(StepUndoneSerializer({"undone": change}).data)
        vars(card)["undone"] = change
        return Response(UndoAnswerSerializer(card, context={"request": request}).data)
