"""What a learner studies, and all that has happened to it.

Deck, StudySettings            how cards are studied
NoteType ← Fact ← Flashcard    what is known, and the cards that ask for it
Review, Reschedule             events, from which a card's schedule can be replayed
StudyChange                    one step of undo
Fit                            FSRS' parameters, fitted to a learner or a deck
"""

from flashcards.models.cards import Flashcard, FlashcardQuerySet
from flashcards.models.changes import ChangeKind, StudyChange
from flashcards.models.decks import Deck, DeckQuerySet
from flashcards.models.events import Reschedule, Review, SchedulingOptions
from flashcards.models.facts import Fact, Kind, NoteType
from flashcards.models.fits import Fit, FitScope
from flashcards.models.options import StudyOptions
from flashcards.models.plans import Plan, PlanKind
from flashcards.models.settings import QueueExtra, StudySettings

__all__ = [
    "ChangeKind",
    "Deck",
    "DeckQuerySet",
    "Fact",
    "Fit",
    "FitScope",
    "Flashcard",
    "FlashcardQuerySet",
    "Kind",
    "NoteType",
    "Plan",
    "PlanKind",
    "QueueExtra",
    "Reschedule",
    "Review",
    "SchedulingOptions",
    "StudyChange",
    "StudyOptions",
    "StudySettings",
]
