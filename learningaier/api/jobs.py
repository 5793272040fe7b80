"""Jobs as a client sees them: their state, their events, and how to stop them."""

from http import HTTPStatus
from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.generics import RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from learningaier.api.events import event_response
from learningaier.api.negotiation import AnyMedia
from learningaier.api.schema import also_answers
from learningaier.api.serializers import StrictModelSerializer, StrictSerializer
from learningaier.api.views import OwnedView
from learningaier.api.watching import watch_row
from learningaier.jobs import running
from learningaier.jobs.models import Job


class JobErrorSerializer(StrictSerializer[Any]):
    """Why a job failed; `message` is a sentence for the learner."""

    code = serializers.CharField()
    message = serializers.CharField()


class JobSerializer(StrictModelSerializer[Job]):
    """A job: `progress` in per cent; `result` once it is done, `error` once it has failed."""

    job_id = serializers.UUIDField(source="pk")
    result = serializers.JSONField(allow_null=True)
    error = JobErrorSerializer(allow_null=True)

    class Meta:
        model = Job
        fields = ["job_id", "status", "progress", "result", "error", "created_at", "finished_at"]


class AcceptedSerializer(StrictSerializer[Any]):
    """Work that has been taken on; GET /api/jobs/{job_id} tells how it goes."""

    job_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Job.Status.choices)


def accept(job: Job) -> Response:
    """The answer 202 to a request whose work is left to a job."""
    data = {"job_id": job.pk, "status": job.status}
    headers = {"Location": f"/api/jobs/{job.pk}"}
    return Response(data, status=HTTPStatus.ACCEPTED, headers=headers)


@extend_schema(
    summary="Read a job",
    description="How far the work is (`progress` in per cent), its result once it is `done`, and "
    "why it `failed`. Ended jobs are kept for a week.",
)
class JobView(OwnedView[Job], RetrieveAPIView[Job]):
    """One job of the caller: how far it is, and what came of it."""

    queryset = Job.objects.all()
    serializer_class = JobSerializer


class CancelJobView(OwnedView[Job]):
    """Stops a job that waits or runs."""

    bodiless_methods = frozenset({"post"})
    queryset = Job.objects.all()
    serializer_class = JobSerializer

    @extend_schema(
        summary="Cancel a job",
        description="The work stops at its next step. A job that has ended otherwise answers 409.",
        request=None,
        responses=JobSerializer,
    )
    @also_answers(HTTPStatus.CONFLICT)
    def post(self, request: Request, pk: str) -> Response:
        """Cancel the job; 409 if it has ended otherwise."""
        return Response(JobSerializer(running.cancel_job(job=self.get_object())).data)


class JobEventsView(OwnedView[Job]):
    """Streams how far a job is."""

    queryset = Job.objects.all()
    content_negotiation_class = AnyMedia

    @extend_schema(
        summary="Follow a job",
        description="Server-sent events with the job as data, whenever it changes, until it ends.",
        responses={(200, "text/event-stream"): OpenApiResponse(OpenApiTypes.STR)},
    )
    def get(self, request: Request, pk: str) -> StreamingHttpResponse:
        """Server-sent events with the job as data, whenever it changes, until it has ended."""
        job = Job.objects.filter(pk=self.get_object().pk)
        return event_response(watch_row(job.first, lambda row: JobSerializer(row).data))
