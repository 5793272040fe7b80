"""The child process that reads files."""

import os
import signal
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


@pytest.fixture
def read(tmp_path):
    """Read a text for a learner. Returns: the child that waits for the next file afterwards."""

    def read_for(learner, text="The cell divides."):
        path = tmp_path / "original"
        path.write_text(text)
        extract_text(path, "text/plain", on_wait=lambda _: None, learner=learner)
        return waiting_child()

    return read_for


def waiting_child():
    """The one child of the server that has not ended, if any."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        alive = [one for one in server().children() if one.status() != psutil.STATUS_ZOMBIE]
        if len(alive) == 1:
            return alive[0].pid
        time.sleep(0.02)
    return None


def server():
    """The process that forks the children of this one."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            words = process.cmdline()
            if "documents.extraction_child" in words and str(os.getppid()) in words:
                parent = process.parent()
                if parent is None or "documents.extraction_child" not in parent.cmdline():
                    return process
    raise AssertionError("There is no server.")


def test_a_child_starts_no_interpreter_of_its_own(read):
    read("one")
    first = server().pid
    read("two")
    assert server().pid == first


def test_a_child_reads_the_files_of_one_learner_alone(read):
    first = read("ada")
    assert read("ada") == first
    other = read("ben")
    assert other != first
    assert read("ada") not in {first, other}


def test_a_file_of_nobody_is_read_by_a_child_of_its_own(read):
    assert len({read(""), read(""), None}) == 3


def test_a_child_that_could_not_read_a_file_reads_no_other(read):
    first = read("ada")
    with pytest.raises(ExtractionError, match="empty"):
        read("ada", " ")
    assert read("ada") != first


def test_a_child_that_is_killed_between_two_files_is_replaced(read):
    first = read("ada")
    os.kill(first, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(first)] if psutil.pid_exists(first) else [], timeout=5)
    assert read("ada") != first


def test_a_child_is_replaced_after_fifty_files(read):
    found = {read("eve") for _ in range(49)}
    assert len(found) == 1
    assert read("eve") is None  # it has read its last file
    assert read("eve") not in {*found, None}
