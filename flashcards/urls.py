from django.urls import path

from flashcards.views import cards, decks, plans, queue, reviews

urlpatterns = [
    path("flashcards", cards.FlashcardsView.as_view()),
    path("flashcards/batch", cards.BatchView.as_view()),
    path("flashcards/queue", queue.QueueView.as_view()),
    path("flashcards/queue/more", queue.MoreView.as_view()),
    path("flashcards/cram", queue.CramView.as_view()),
    path("flashcards/bulk", queue.BulkView.as_view()),
    path("flashcards/review", reviews.ReviewView.as_view()),
    path("flashcards/reviews", reviews.ReviewsView.as_view()),
    path("flashcards/undo", reviews.UndoView.as_view()),
    path("flashcards/settings", decks.StudySettingsView.as_view()),
    path("flashcards/plans", plans.PlansView.as_view()),
    path("flashcards/plans/<uuid:pk>", plans.PlanView.as_view()),
    path("flashcards/plans/<uuid:pk>/apply", plans.ApplyPlanView.as_view()),
    path("flashcards/workload", plans.WorkloadView.as_view()),
    path("flashcards/<uuid:pk>", cards.FlashcardView.as_view()),
    path("flashcards/<uuid:pk>/preview", cards.PreviewView.as_view()),
    path("flashcards/<uuid:pk>/suspend", queue.SuspendView.as_view()),
    path("flashcards/<uuid:pk>/unsuspend", queue.UnsuspendView.as_view()),
    path("flashcards/<uuid:pk>/bury", queue.BuryView.as_view()),
    path("flashcards/<uuid:pk>/flag", queue.FlagView.as_view()),
    path("flashcards/<uuid:pk>/forget", queue.ForgetView.as_view()),
    path("flashcards/<uuid:pk>/set-due", queue.SetDueView.as_view()),
    path("decks", decks.DecksView.as_view()),
    path("decks/<uuid:pk>", decks.DeckView.as_view()),
]
