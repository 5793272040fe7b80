"""Decks, cards and reviews in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from flashcards.models import Deck, Flashcard, Fit, Review
from flashcards.scheduling import Schedule
from learningaier.core.admin import ReadOnlyAdmin


class SettledAdmin(admin.ModelAdmin[Any]):
    """Rows that keep their owner: what hangs on them would stay behind with the old one."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The owner is chosen once."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "owner"] if obj else [*fields]


@admin.register(Deck)
class DeckAdmin(SettledAdmin):
    """Decks."""

    list_display = ["name", "owner", "desired_retention", "new_per_day", "exam_date", "updated_at"]
    list_filter = ["exam_date", "created_at"]
    search_fields = ["=id", "name", "owner__username", "owner__email"]
    list_select_related = ["owner"]
    raw_id_fields = ["owner"]
    readonly_fields = ["id", "created_at", "updated_at"]


@admin.register(Flashcard)
class FlashcardAdmin(SettledAdmin):
    """Cards, with their schedule read-only: FSRS can't go on from numbers made up by hand."""

    list_display = ["term", "owner", "deck", "status", "due", "reps", "lapses", "updated_at"]
    list_filter = ["status", "due", "created_at"]
    search_fields = ["=id", "term", "owner__username", "owner__email"]
    list_select_related = ["owner", "deck"]
    raw_id_fields = ["owner", "deck", "note"]
    readonly_fields = ["id", *Schedule.names(), "source", "created_at", "updated_at"]

    def save_model(self, request: HttpRequest, obj: Flashcard, form: Any, change: bool) -> None:
        """Save what was edited only: a review that came in meanwhile keeps its schedule."""
        obj.save(update_fields=[*form.changed_data, "updated_at"] if change else None)


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin[Review]):
    """Reviews: history, which is read and never written."""

    list_display = ["flashcard", "owner", "rating", "state", "scheduled_days", "reviewed_at"]
    list_filter = ["rating", "state", "reviewed_at"]
    search_fields = ["=id", "=flashcard__id", "flashcard__term", "owner__username", "owner__email"]
    list_select_related = ["owner", "flashcard"]


@admin.register(Fit)
class FitAdmin(ReadOnlyAdmin[Fit]):
    """What FSRS has learned of whom: a loss below the default's means better predictions."""

    list_display = ["owner", "reviews", "is_taken", "loss", "default_loss", "created_at"]
    list_filter = ["created_at"]
    search_fields = ["=owner__id", "owner__username", "owner__email"]
    list_select_related = ["owner"]

    @admin.display(boolean=True, description="Taken")
    def is_taken(self, fit: Fit) -> bool:
        """Whether the learner's cards are scheduled by it."""
        return fit.parameters is not None
