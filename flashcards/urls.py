from django.urls import path

from flashcards.views import (
    actions,
    batches,
    cards,
    decks,
    fits,
    plans,
    queue,
    recommendations,
    reviews,
)

urlpatterns = [
    path("flashcards", cards.FlashcardsView.as_view()),
    path("flashcards/batch", batches.BatchView.as_view()),
    path("flashcards/queue", queue.QueueView.as_view()),
    path("flashcards/queue/more", queue.MoreView.as_view()),
    path("flashcards/cram", queue.CramView.as_view()),
    path("flashcards/bulk", actions.BulkView.as_view()),
    path("flashcards/review", reviews.ReviewView.as_view()),
    path("flashcards/reviews", reviews.ReviewsView.as_view()),
    path("flashcards/undo", reviews.UndoView.as_view()),
    path("flashcards/recommend-next", recommendations.RecommendNextView.as_view()),
    path("flashcards/settings", decks.StudySettingsView.as_view()),
    path("flashcards/plans", plans.PlansView.as_view()),
    path("flashcards/plans/<uuid:pk>", plans.PlanView.as_view()),
    path("flashcards/plans/<uuid:pk>/apply", plans.ApplyPlanView.as_view()),
    path("flashcards/fit", fits.FitView.as_view()),
    path("flashcards/workload", plans.WorkloadView.as_view()),
    path("flashcards/<id:pk>", cards.FlashcardView.as_view()),
    path("flashcards/<id:pk>/preview", cards.PreviewView.as_view()),
    *(
        path(f"flashcards/<id:pk>/{name}", view.as_view())
        for name, view in actions.CARD_ACTIONS.items()
    ),
    path("decks", decks.DecksView.as_view()),
    path("decks/<id:pk>", decks.DeckView.as_view()),
]
