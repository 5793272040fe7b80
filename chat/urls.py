from django.urls import path

from chat.views import ConversationsView, ConversationView, MessageView, StartView, StreamView

urlpatterns = [
    path("chat/start", StartView.as_view()),
    path("chat/conversations", ConversationsView.as_view()),
    path("chat/<id:pk>", ConversationView.as_view()),
    path("chat/<id:pk>/message", MessageView.as_view()),
    path("chat/<id:pk>/stream", StreamView.as_view()),
]
