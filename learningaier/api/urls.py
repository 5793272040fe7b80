from django.urls import path

from learningaier.api.jobs import CancelJobView, JobEventsView, JobView

urlpatterns = [
    path("jobs/<uuid:pk>", JobView.as_view()),
    path("jobs/<uuid:pk>/cancel", CancelJobView.as_view()),
    path("jobs/<uuid:pk>/events", JobEventsView.as_view()),
]
