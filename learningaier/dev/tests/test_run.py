"""`make run` as a person meets it: real processes, started, asked, stopped, killed."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from learningaier.dev.environment import bare_environment
from learningaier.dev.tests.learner import poll
from learningaier.dev.tests.service import ROOT, Service
from learningaier.embedded.processes import ProcessTable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder that no run has seen yet."""
    return tmp_path / "data"


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., Service]]:
    """Start services on a folder; whatever a test leaves running ends with the test."""
    services: list[Service] = []

    def start(folder: Path = folder, port: int | None = None) -> Service:
        services.append(Service(folder, port))
        return services[-1]

    yield start
    for service in services:
        service.process.kill()
        service.process.wait()
    ProcessTable(folder / "processes.json").clear_leftovers()


def said_on_failure(service: Service) -> str:
    assert service.process.wait(60) == 1
    return service.said()


def test_a_first_run_serves_the_demo_and_ctrl_c_leaves_no_process(
    folder: Path, start: Callable[..., Service]
) -> None:
    service = start().wait_until_ready()
    children = service.children()
    names = {child.name() for child in children}
    token = service.sign_in()
    question = {"question": "What does the light reaction produce?"}
    answer = service.call("/api/notes/ai-qa", question, token)

    assert service.call("/health/ready")["status"] == "ok"
    assert len(children) == 5, names
    assert answer["status"] == "answered"
    assert "ATP and NADPH" in answer["answer"]
    assert len(service.call("/api/notes", token=token)) == 3
    assert "admin / admin" in service.said()

    offspring = [grandchild for child in children for grandchild in child.children(recursive=True)]
    assert service.stop() == 0
    assert not [process for process in children + offspring if process.is_running()]


def test_a_killed_run_is_cleared_away_and_its_data_taken_over(
    folder: Path, start: Callable[..., Service]
) -> None:
    service = start().wait_until_ready()
    token = service.sign_in()
    service.call("/api/notes", {"title": "Kept", "content": "This survives a kill."}, token)
    orphans = service.children()
    service.stop(signal.SIGKILL)
    assert all(orphan.is_running() for orphan in orphans)

    again = start().wait_until_ready()

    assert "Ended gunicorn, left over by an earlier run." in again.said()
    assert not [orphan for orphan in orphans if orphan.is_running()]
    titles = [note["title"] for note in again.call("/api/notes", token=token)]
    assert titles[0] == "Kept"
    assert len(titles) == 4
    assert again.stop(signal.SIGTERM) == 0


def test_ctrl_c_stops_everything_although_the_folder_was_deleted(
    folder: Path, start: Callable[..., Service]
) -> None:
    service = start().wait_until_ready()
    children = service.children()
    shutil.rmtree(folder)

    assert service.stop() == 0
    assert not [child for child in children if child.is_running()]


@pytest.mark.parametrize("number", [0, 1, 3], ids=["PostgreSQL", "Redis", "worker"])
def test_what_ends_is_started_again(start: Callable[..., Service], number: int) -> None:
    service = start().wait_until_ready()
    service.children()[number].kill()

    assert poll(lambda: "was started again." in service.said(), seconds=10)
    assert poll(lambda: ready(service), seconds=20)
    assert service.stop() == 0


def ready(service: Service) -> bool:
    try:
        return bool(service.call("/health/ready")["status"] == "ok")
    except OSError:
        return False


def test_what_ends_again_and_again_is_given_up_with_its_last_words(
    start: Callable[..., Service],
) -> None:
    service = start().wait_until_ready()
    children = service.children()
    for ends in range(1, 6):
        service.children()[1].kill()
        said = "Redis has ended with exit code"
        assert poll(lambda said=said, ends=ends: service.said().count(said) == ends, seconds=10)
        if ends < 5:
            again = "Redis was started again."
            assert poll(lambda a=again, e=ends: service.said().count(a) == e, seconds=20)

    assert service.process.wait(60) == 1
    assert "Redis has ended five times; last words: " in service.said()
    assert not [child for child in children if child.is_running()]


def test_a_folder_in_use_is_refused_with_the_other_runs_number(
    folder: Path, start: Callable[..., Service]
) -> None:
    service = start().wait_until_ready()

    said = said_on_failure(start())
    service.stop()

    assert f"Another run (process {service.process.pid}) is using" in said


def test_a_taken_port_is_named_before_anything_starts(
    folder: Path, start: Callable[..., Service]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = said_on_failure(start(port=taken.getsockname()[1]))

        assert f"Port {taken.getsockname()[1]} can't be used" in said
        assert "PORT=" in said
        assert not folder.exists()


def test_an_unwritable_folder_is_named(tmp_path: Path, start: Callable[..., Service]) -> None:
    (tmp_path / "file").write_text("not a folder")

    said = said_on_failure(start(tmp_path / "file"))

    assert "can't be written" in said
    assert "DATA_DIR" in said


def test_stale_files_of_a_lost_machine_are_repaired(
    folder: Path, start: Callable[..., Service]
) -> None:
    start().wait_until_ready().stop()
    (folder / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n/elsewhere\n0\n5432\n")
    (folder / "processes.json").write_text("{ half a fi")
    (folder / "lock").write_text("999999")
    (folder / "postgres.new").mkdir()

    service = start().wait_until_ready()

    assert service.call("/health/ready")["checks"]["database"] == "ok"
    assert service.stop() == 0


@pytest.mark.parametrize("port", ["", "http", "0", "70000"])
def test_a_port_that_is_no_port_is_refused_by_name(folder: Path, port: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "learningaier.dev.run"],
        cwd=ROOT,
        env=bare_environment() | {"DATA_DIR": str(folder), "PORT": port or " "},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert result.returncode == 1
    assert "PORT is" in result.stderr
