"""The child process that reads files."""

import os
import time
from contextlib import suppress

import psutil
import pytest

from documents.extraction import extract_text
from documents.failures import ExtractionError


class Stop(Exception):
    """What a caller raises to end the waiting."""


def children(file):
    """The processes that read this file: each stands in its folder."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            is_reader = "documents.extraction_child" in process.cmdline()
            if is_reader and process.cwd() == str(file.parent):
                found.append(process)
    return found


@pytest.fixture
def endless(tmp_path):
    """A file that never ends to be read."""
    path = tmp_path / "original"
    os.mkfifo(path)
    return path


def test_a_caller_that_stops_waiting_ends_the_child(endless):
    def stop(seconds):
        assert seconds >= 1
        raise Stop

    with pytest.raises(Stop):
        extract_text(endless, "text/plain", on_wait=stop)
    assert children(endless) == []


def test_a_child_that_hangs_is_ended_in_time(endless, settings):
    settings.EXTRACTION_TIMEOUT_SECONDS = 0.5
    began = time.monotonic()
    with pytest.raises(ExtractionError, match="timeout"):
        extract_text(endless, "text/plain", on_wait=lambda _: None)
    assert time.monotonic() - began >= 0.5
    assert children(endless) == []


def test_a_child_killed_by_the_system_has_run_out_of_memory(endless):
    def kill(_):
        children(endless)[0].kill()

    with pytest.raises(ExtractionError, match="out_of_memory"):
        extract_text(endless, "text/plain", on_wait=kill)


def test_a_child_that_crashes_leaves_an_unreadable_document(endless):
    def crash(_):
        children(endless)[0].send_signal(11)

    with pytest.raises(ExtractionError, match="unreadable"):
        extract_text(endless, "text/plain", on_wait=crash)


def test_the_child_knows_no_secret(endless):
    known = {}

    def look(_):
        known.update(children(endless)[0].environ())
        raise Stop

    with pytest.raises(Stop):
        extract_text(endless, "text/plain", on_wait=look)
    assert "PYTHONPATH" in known
    assert not {"SECRET_KEY", "DATABASE_URL", "REDIS_URL"} & known.keys()


def test_a_child_starts_no_interpreter_of_its_own(tmp_path):
    path = tmp_path / "original"
    path.write_text("The cell divides.")
    servers = {_server_of(extract_text, path) for _ in range(3)}
    assert len(servers) == 1


def _server_of(extract, path):
    assert extract(path, "text/plain", on_wait=lambda _: None).text == "The cell divides."
    servers = [
        process.pid
        for process in psutil.process_iter()
        if "documents.extraction_child" in _cmdline(process)
        and str(os.getppid()) in _cmdline(process)
    ]
    return tuple(servers)


def _cmdline(process):
    try:
        return process.cmdline()
    except psutil.Error:
        return []
