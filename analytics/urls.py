from django.urls import path

from analytics.views import DifficultyView, OverviewView

urlpatterns = [
    path("analytics/overview", OverviewView.as_view()),
    path("analytics/flashcard-difficulty", DifficultyView.as_view()),
]
