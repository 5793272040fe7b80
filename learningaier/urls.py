"""Every address of the service. Routes are written without a trailing slash; both forms answer."""

from django.contrib import admin
from django.urls import include, path

from learningaier.api.clients import limit_sign_in
from learningaier.api.description import DescriptionView, PageView
from learningaier.api.health import show_liveness, show_readiness
from learningaier.api.metrics import show_metrics

admin.site.site_header = admin.site.site_title = "learningaier"
admin.site.index_title = "Operations"
admin.site.login = limit_sign_in(group="admin")(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("health", show_liveness),
    path("health/ready", show_readiness),
    path("metrics", show_metrics),
    path("admin/", admin.site.urls),
    path("api/schema", DescriptionView.as_view(), name="schema"),
    path("api/docs", PageView.as_view(url_name="schema")),
    path("api/", include("learningaier.accounts.urls")),
    path("api/", include("learningaier.api.urls")),
    path("api/", include("learningaier.sync.urls")),
    path("api/", include("learningaier.knowledge.urls")),
    path("api/", include("notes.urls")),
    path("api/", include("documents.urls")),
    path("api/", include("flashcards.urls")),
    path("api/", include("chat.urls")),
    path("api/", include("analytics.urls")),
]

handler400 = "learningaier.api.handlers.bad_request"
handler403 = "learningaier.api.handlers.forbidden"
handler404 = "learningaier.api.handlers.not_found"
handler500 = "learningaier.api.handlers.server_error"
