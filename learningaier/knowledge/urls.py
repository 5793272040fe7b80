from django.urls import path

from learningaier.knowledge.views import SearchView

urlpatterns = [path("search", SearchView.as_view())]
