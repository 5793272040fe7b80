from django.urls import path

from learningaier.sync.views import RestoreView, TrashView

urlpatterns = [
    path("trash", TrashView.as_view()),
    path("trash/<uuid:pk>/restore", RestoreView.as_view()),
]
