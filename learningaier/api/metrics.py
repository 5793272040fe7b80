"""The Prometheus metrics of the API, and the endpoint that shows those of all processes."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram

from learningaier.core.database import release_connection
from learningaier.observability import metrics

REQUEST_SECONDS = Histogram(
    "learningaier_request_seconds",
    "Time from the request's arrival to its response, by route and status.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
RATELIMIT_REFUSED = Counter(
    "learningaier_ratelimit_refused_total", "Requests refused by a rate limit.", ["group"]
)


def show_metrics(request: HttpRequest) -> HttpResponse:
    """GET /metrics: the figures of every process of this pod, and of the queues and documents.

    Where METRICS_TOKEN is set, who asks has to have it.
    """
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and not constant_time_compare(given, settings.METRICS_TOKEN):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    text = metrics.render() + metrics.render_collectors()
    release_connection()  # this thread is seldom asked
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)
