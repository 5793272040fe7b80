"""How a learner forgets: the fit of FSRS' parameters."""

from http import HTTPStatus

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from flashcards.jobs import start_fit
from flashcards.serializers.fits import FitDeckSerializer, FitReportSerializer
from flashcards.services.fit_reports import report_fit
from flashcards.views.selection import find_deck
from learningaier.accounts.current_user import current_user
from learningaier.api.jobs import AcceptedSerializer, accept
from learningaier.api.schema import also_answers
from learningaier.api.views import StrictView


class FitView(StrictView):
    """Shows the parameters by which cards are scheduled, and has them fitted."""

    query_serializers = {"get": FitDeckSerializer}

    @extend_schema(
        summary="Read how you forget",
        description=(
            "The parameters of FSRS that count, in words, and the fits so far with their losses "
            "and their calibration; of a deck where `deck` names one."
        ),
        responses=FitReportSerializer,
    )
    @also_answers(HTTPStatus.NOT_FOUND)
    def get(self, request: Request) -> Response:
        """The parameters in words, the losses, the calibration."""
        user = current_user(request)
        deck = find_deck(user, self.read_query().validated_data.get("deck"))
        return Response(FitReportSerializer(report_fit(owner=user, deck=deck)).data)

    @extend_schema(
        summary="Fit FSRS to your reviews",
        description=(
            "A job: fits the parameters to your reviews, and to each deck that has enough of its "
            "own, or to one deck. They are taken where they predict held-out reviews better, and "
            "count from the next review on; a plan of the kind `retention` reschedules by them."
        ),
        request=FitDeckSerializer,
        responses={HTTPStatus.ACCEPTED: AcceptedSerializer},
    )
    @also_answers(HTTPStatus.NOT_FOUND)
    def post(self, request: Request) -> Response:
        """Start the job."""
        given = FitDeckSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = current_user(request)
        deck = find_deck(user, given.validated_data.get("deck"))
        return accept(start_fit(owner=user, deck=deck))
