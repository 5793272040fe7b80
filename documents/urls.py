from django.urls import path

from documents import views

urlpatterns = [
    path("documents", views.DocumentsView.as_view()),
    path("documents/upload", views.UploadView.as_view()),
    path("documents/upload-process", views.UploadProcessView.as_view()),
    path("documents/<id:pk>", views.DocumentView.as_view()),
    path("documents/<id:pk>/events", views.EventsView.as_view()),
    path("documents/<id:pk>/retry", views.RetryView.as_view()),
    path("documents/<id:pk>/cancel", views.CancelView.as_view()),
    path("documents/<id:pk>/file", views.FileView.as_view()),
    path("documents/<id:pk>/text", views.TextView.as_view()),
]
