from django.urls import path

from documents import views

urlpatterns = [
    path("documents", views.DocumentsView.as_view()),
    path("documents/upload", views.UploadView.as_view()),
    path("documents/<uuid:pk>", views.DocumentView.as_view()),
    path("documents/<uuid:pk>/events", views.EventsView.as_view()),
    path("documents/<uuid:pk>/retry", views.RetryView.as_view()),
    path("documents/<uuid:pk>/cancel", views.CancelView.as_view()),
    path("documents/<uuid:pk>/file", views.FileView.as_view()),
    path("documents/<uuid:pk>/text", views.TextView.as_view()),
]
