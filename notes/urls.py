from django.urls import path

from notes.views.folders import FoldersView, FolderView, OrderView
from notes.views.notes import NotesView, NoteView, ReindexAllView, ReindexView
from notes.views.questions import QuestionView
from notes.views.versions import RestoreVersionView, VersionsView, VersionView

urlpatterns = [
    path("notes", NotesView.as_view()),
    path("notes/ai-qa", QuestionView.as_view()),
    path("notes/reindex", ReindexView.as_view()),
    path("notes/reindex-all", ReindexAllView.as_view()),
    path("notes/order", OrderView.as_view()),
    path("notes/<id:pk>", NoteView.as_view()),
    path("notes/<id:pk>/versions", VersionsView.as_view()),
    path("notes/<id:pk>/versions/<int:number>", VersionView.as_view()),
    path("notes/<id:pk>/versions/<int:number>/restore", RestoreVersionView.as_view()),
    path("folders", FoldersView.as_view()),
    path("folders/<id:pk>", FolderView.as_view()),
]
