from django.urls import path

from learningaier.accounts.token_views import AccessTokensView, AccessTokenView
from learningaier.accounts.views import (
    PasswordView,
    ProfileView,
    RegisterView,
    SignOutEverywhereView,
    TokenView,
)

urlpatterns = [
    path("auth/token", TokenView.as_view()),
    path("auth/register", RegisterView.as_view()),
    path("auth/password", PasswordView.as_view()),
    path("auth/logout-everywhere", SignOutEverywhereView.as_view()),
    path("tokens", AccessTokensView.as_view()),
    path("tokens/<uuid:pk>", AccessTokenView.as_view()),
    path("me", ProfileView.as_view()),
]
