"""/metrics of a real service: right over several processes, and over a process for each job."""

import re
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client

from learningaier.conf.tests.valkey import wait_for
from learningaier.dev.tests.service import Service, run_service
from learningaier.jobs.queues import enqueue, get_queue


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("measured") / "data"
    with run_service(folder, {"WEB_PROCESSES": "3"}) as service:
        yield service


def read(text: str) -> dict[str, float]:
    """Prometheus' text as names with labels, and their values."""
    lines = [line.rpartition(" ") for line in text.splitlines() if line[:1] != "#"]
    return {name: float(value) for name, _, value in lines}


def figures(service: Service) -> dict[str, float]:
    address = f"http://127.0.0.1:{service.port}/metrics"
    with urllib.request.urlopen(address, timeout=10) as response:
        return read(response.read().decode())


def test_requests_of_all_processes_are_counted_once(service: Service) -> None:
    token = service.sign_in()
    name = 'learningaier_request_seconds_count{method="GET",route="api/me",status="200"}'
    before = figures(service).get(name, 0.0)

    with ThreadPoolExecutor(16) as pool:
        for one in [pool.submit(service.call, "/api/me", None, token) for _ in range(120)]:
            one.result()

    assert figures(service)[name] - before == 120
    assert figures(service)[name] - before == 120, "asking changes nothing"


def test_jobs_are_counted_though_each_has_a_process(service: Service) -> None:
    token = service.sign_in()
    name = 'learningaier_job_seconds_count{result="ok",task="process_document"}'
    before = figures(service).get(name, 0.0)

    for _ in range(3):
        service.upload(uuid.uuid4().hex, token)

    wait_for(lambda: figures(service).get(name, 0.0) - before == 3)
    assert figures(service)["learningaier_job_wait_seconds_count"] >= 3
    files = {path.name for path in (service.folder / "metrics").iterdir()}
    assert len([one for one in files if re.fullmatch(r"histogram_\d+-jobs\.db", one)]) == 1


def test_documents_and_queues_are_shown_as_they_are(service: Service) -> None:
    found = figures(service)

    assert {name for name in found if name.startswith("learningaier_documents{")} == {
        f'learningaier_documents{{status="{status}"}}'
        for status in ("queued", "processing", "ready", "failed", "cancelled")
    }
    assert found['learningaier_queue_jobs{queue="default",state="waiting"}'] == 0
    assert found['learningaier_queue_oldest_seconds{queue="default"}'] == 0
    assert found["learningaier_workers"] == 1


def a_job(_row: str) -> None:
    """Nobody takes it here."""


def test_what_waits_is_told_by_number_and_age(db: None) -> None:
    enqueue(a_job, "1")
    enqueue(a_job, "2")
    enqueue(a_job, "2")
    key = f"rq:job:{get_queue().job_ids[0]}"
    get_queue().connection.hset(key, "enqueued_at", "2026-01-01T00:00:00.000000Z")

    found = read(Client().get("/metrics").content.decode())

    assert found['learningaier_queue_jobs{queue="default",state="waiting"}'] == 2
    assert found['learningaier_queue_oldest_seconds{queue="default"}'] > 86400
    assert found["learningaier_workers"] == 0
