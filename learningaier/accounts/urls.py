from django.urls import path

from learningaier.accounts.views import ProfileView, TokenView

urlpatterns = [
    path("auth/token", TokenView.as_view()),
    path("me", ProfileView.as_view()),
]
