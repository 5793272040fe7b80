"""The TypeScript client, built from the API's description, by node against the real service."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from learningaier.dev.tests.service import ROOT, Service, run_service

CLIENT = ROOT / "clients" / "typescript"
IS_DEMANDED = "CI_CLIENT" in os.environ


def leave_out(reason: str) -> None:
    """Skip the test, or fail where `.ci/run` has made sure that it can run."""
    if IS_DEMANDED:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def built() -> Path:
    """The client, built by `make client` if that has not been done."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        leave_out("node and npm are not here: the TypeScript client is not tested")
    if not (CLIENT / "dist" / "index.js").exists():
        made = subprocess.run(["make", "client"], cwd=ROOT, capture_output=True, check=False)
        if made.returncode:
            leave_out(f"the TypeScript client can't be built: {made.stderr.decode()[-500:]}")
    return CLIENT


@pytest.fixture(scope="module")
def service(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service, with a low limit of questions."""
    folder = tmp_path_factory.mktemp("service") / "data"
    with run_service(folder, {"RATE_LIMIT_RAG_CHAT": "9"}) as service:
        service.token = service.sign_in()
        yield service


@pytest.fixture(scope="module")
def tour(service: Service) -> dict[str, Any]:
    """What `test/tour.mjs` tells."""
    variables = {"BASE_URL": f"http://127.0.0.1:{service.port}", "TOKEN": service.token}
    ran = subprocess.run(
        ["node", "test/tour.mjs"],
        cwd=CLIENT,
        env=os.environ | variables,
        capture_output=True,
        timeout=180,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


def test_lists_are_typed_and_their_headers_are_seen(tour: dict[str, Any]) -> None:
    assert len(tour["titles"]) == 2
    assert (tour["total"], tour["hasNext"]) == (3, True)
    assert list(tour["unknown"]) == ["colour"]


def test_an_upload_is_followed_until_it_is_ready(tour: dict[str, Any]) -> None:
    assert tour["upload"] == {"filename": "Übung 1.txt", "share": 1, "status": "ready"}


def test_both_kinds_of_stream_give_the_answer(tour: dict[str, Any]) -> None:
    assert "diffusion of water" in tour["text"]
    assert tour["events"][-2:] == ["sources", "done"]
    assert tour["events"][0] == "delta"
    assert tour["answer"] == tour["text"]


def test_a_stream_can_be_aborted(tour: dict[str, Any]) -> None:
    assert tour["aborted"] == "AbortError"


def test_a_limit_tells_how_long_to_wait_and_a_patient_client_does(tour: dict[str, Any]) -> None:
    assert tour["refused"]["code"] == "ratelimited"
    assert 0 < tour["refused"]["wait"] <= 60
    assert tour["waited"] is True
    assert tour["patient"] == "[DONE] is said\ntwice"
