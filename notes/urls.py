from django.urls import path

from notes.views import NotesView, NoteView, QuestionView, ReindexAllView, ReindexView

urlpatterns = [
    path("notes", NotesView.as_view()),
    path("notes/ai-qa", QuestionView.as_view()),
    path("notes/reindex", ReindexView.as_view()),
    path("notes/reindex-all", ReindexAllView.as_view()),
    path("notes/<uuid:pk>", NoteView.as_view()),
]
