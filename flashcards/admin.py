"""Decks, facts, cards and what has happened to them, in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from flashcards.models import (
    Deck,
    Fact,
    Fit,
    Flashcard,
    NoteType,
    Reschedule,
    Review,
    StudyChange,
    StudySettings,
)
from flashcards.scheduling import Schedule
from learningaier.core.admin import ReadOnlyAdmin

OWNER_SEARCH = ["owner__username", "owner__email"]


class SettledAdmin(admin.ModelAdmin[Any]):
    """Rows that keep their owner: what hangs on them would stay behind with the old one."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The owner is chosen once."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "owner"] if obj else [*fields]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save what was edited only: a review that came in meanwhile keeps its schedule."""
        obj.save(update_fields=[*form.changed_data, "updated_at"] if change else None)


@admin.register(Deck)
class DeckAdmin(SettledAdmin):
    """The decks of all learners, with their options."""

    list_display = ["name", "owner", "desired_retention", "new_per_day", "exam_date", "updated_at"]
    list_filter = ["exam_date", "created_at"]
    search_fields = ["=id", "name", *OWNER_SEARCH]
    list_select_related = ["owner"]
    raw_id_fields = ["owner"]
    readonly_fields = ["id", "parameters", "created_at", "updated_at"]

    def save_model(self, request: HttpRequest, obj: Deck, form: Any, change: bool) -> None:
        """Save the key of the name with the name."""
        fields = [*form.changed_data, "name_key", "updated_at"]
        obj.save(update_fields=fields if change else None)


@admin.register(StudySettings)
class StudySettingsAdmin(admin.ModelAdmin[StudySettings]):
    """What learners want of all their decks."""

    list_display = ["owner", "desired_retention", "max_new_per_day", "max_reviews_per_day"]
    search_fields = ["=owner__id", *OWNER_SEARCH]
    list_select_related = ["owner"]
    raw_id_fields = ["owner"]
    readonly_fields = ["parameters"]


@admin.register(NoteType)
class NoteTypeAdmin(SettledAdmin):
    """Note types that were imported, with fields and templates of their own."""

    list_display = ["name", "owner", "is_cloze", "updated_at"]
    search_fields = ["=id", "name", *OWNER_SEARCH]
    list_select_related = ["owner"]
    raw_id_fields = ["owner"]
    readonly_fields = ["id", "created_at", "updated_at"]


@admin.register(Fact)
class FactAdmin(SettledAdmin):
    """Facts. Their kind and texts decide which cards there are, so those are changed by the API."""

    list_display = ["__str__", "owner", "kind", "category", "updated_at"]
    list_filter = ["kind", "created_at"]
    search_fields = ["=id", "term", "=guid", *OWNER_SEARCH]
    list_select_related = ["owner"]
    raw_id_fields = ["owner", "note"]
    readonly_fields = [
        "id", "kind", "note_type", "fields", "source", "media", "guid", "created_at", "updated_at",
    ]  # fmt: skip


@admin.register(Flashcard)
class FlashcardAdmin(SettledAdmin):
    """Cards, with their schedule read-only: FSRS can't go on from numbers made up by hand."""

    list_display = ["fact", "ordinal", "owner", "deck", "status", "due", "reps", "lapses"]
    list_filter = ["status", "is_suspended", "is_leech", "flag", "due", "created_at"]
    search_fields = ["=id", "=fact__id", "fact__term", *OWNER_SEARCH]
    list_select_related = ["owner", "deck", "fact"]
    raw_id_fields = ["owner", "deck", "fact"]
    readonly_fields = [
        "id", "ordinal", *Schedule.names(), "is_suspended", "buried_until", "is_leech",
        "has_siblings", "baseline", "created_at", "updated_at",
    ]  # fmt: skip


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin[Review]):
    """Reviews: history, which is read and never written.

    Those that were undone and those of deleted cards stand here too.
    """

    list_display = [
        "flashcard_id", "owner", "rating", "state", "scheduled_days", "reviewed_at", "study_day",
        "undone_at",
    ]  # fmt: skip
    list_filter = ["rating", "state", "reviewed_at", ("undone_at", admin.EmptyFieldListFilter)]
    search_fields = ["=id", "=flashcard__id", *OWNER_SEARCH]
    list_select_related = ["owner"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """All events, those that were undone too."""
        return Review.events.all()


@admin.register(Reschedule)
class RescheduleAdmin(ReadOnlyAdmin[Reschedule]):
    """Cards that were given another day without a review."""

    list_display = ["flashcard", "owner", "kind", "due_day", "at", "undone_at"]
    list_filter = ["kind", "at"]
    search_fields = ["=id", "=flashcard__id", *OWNER_SEARCH]
    list_select_related = ["owner", "flashcard__fact"]


@admin.register(StudyChange)
class StudyChangeAdmin(ReadOnlyAdmin[StudyChange]):
    """The steps that learners can take back, or have taken back."""

    list_display = ["kind", "owner", "number", "cards", "created_at", "undone_at"]
    list_filter = ["kind", "created_at", ("undone_at", admin.EmptyFieldListFilter)]
    search_fields = ["=id", *OWNER_SEARCH]
    list_select_related = ["owner"]


@admin.register(Fit)
class FitAdmin(ReadOnlyAdmin[Fit]):
    """What FSRS has learned of whom: a loss below the default's means better predictions."""

    list_display = ["owner", "deck", "reviews", "is_taken", "loss", "default_loss", "created_at"]
    list_filter = ["created_at"]
    search_fields = ["=owner__id", *OWNER_SEARCH]
    list_select_related = ["owner", "deck"]

    @admin.display(boolean=True, description="Taken")
    def is_taken(self, fit: Fit) -> bool:
        """Whether cards are scheduled by it."""
        return fit.parameters is not None
