from django.urls import path

from flashcards.views import (
    DecksView,
    DeckView,
    FlashcardsView,
    FlashcardView,
    PreviewView,
    ReviewView,
    UndoView,
)

urlpatterns = [
    path("flashcards", FlashcardsView.as_view()),
    path("flashcards/review", ReviewView.as_view()),
    path("flashcards/undo", UndoView.as_view()),
    path("flashcards/<uuid:pk>", FlashcardView.as_view()),
    path("flashcards/<uuid:pk>/preview", PreviewView.as_view()),
    path("decks", DecksView.as_view()),
    path("decks/<uuid:pk>", DeckView.as_view()),
]
