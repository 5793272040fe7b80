"""Fits of FSRS' parameters in the API."""

from typing import Any

from rest_framework import serializers

from flashcards.models import Fit
from flashcards.names import MAX_NAME
from learningaier.api.serializers import StrictModelSerializer, StrictSerializer


class FitDeckSerializer(StrictSerializer[Any]):
    """Whose fit is meant: a deck's, or the learner's."""

    deck = serializers.CharField(
        required=False, allow_null=True, max_length=MAX_NAME, help_text="A deck's name or id."
    )


class ParameterSerializer(StrictSerializer[Any]):
    """One of FSRS' 21 parameters, with what it means."""

    name = serializers.CharField()
    value = serializers.FloatField()
    default = serializers.FloatField()
    meaning = serializers.CharField()


class BinSerializer(StrictSerializer[Any]):
    """Reviews whose predicted recall lies from `low` to `high`, and how many were remembered."""

    low = serializers.FloatField()
    high = serializers.FloatField()
    reviews = serializers.IntegerField()
    predicted = serializers.FloatField()
    recalled = serializers.FloatField()


class CalibrationSerializer(StrictSerializer[Any]):
    """Predicted and true recall on reviews that the fit has not seen: by it, and before it."""

    fitted = BinSerializer(many=True)
    before = BinSerializer(many=True)


class FitSerializer(StrictModelSerializer[Fit]):
    """One fit. `scope`: what was fitted; `usable`: reviews that tell how something is forgotten.

    The losses are mean log losses of recall on the latest fifth, which the fit has not seen;
    `is_used` is false where what counted before was no worse.
    """

    deck_id = serializers.UUIDField(read_only=True, allow_null=True)
    is_used = serializers.SerializerMethodField()
    calibration = CalibrationSerializer(allow_null=True)

    class Meta:
        model = Fit
        fields = [
            "id",
            "deck_id",
            "scope",
            "reviews",
            "usable",
            "loss",
            "default_loss",
            "is_used",
            "calibration",
            "created_at",
        ]
        read_only_fields = fields

    def get_is_used(self, fit: Fit) -> bool:
        """Whether its parameters were taken."""
        return fit.parameters is not None


class FitReportSerializer(StrictSerializer[Any]):
    """How the cards are forgotten: the parameters that count, in words, and the fits so far."""

    is_available = serializers.BooleanField()
    deck_id = serializers.UUIDField(allow_null=True)
    parameters = ParameterSerializer(many=True)
    summary = serializers.ListField(child=serializers.CharField())
    latest = FitSerializer(allow_null=True)
    fits = FitSerializer(many=True)
