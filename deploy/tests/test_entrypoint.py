"""The container's start commands, as processes: the settings of production, code that can't be
written, and a user without rights."""

import http.client
import itertools
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event

import psutil
import psycopg
import pytest

from deploy.tests.balancer import Balancer
from learningaier.dev.tests.service import ROOT, free_port, new_database
from learningaier.embedded.processes import ProcessTable
from learningaier.embedded.redis import find_binary

USER = 10001  # the image's


def as_user(*command: str) -> list[str]:
    """The command as the image's user. It may read wherever it is, as this machine's folders are
    closed to others, and write nowhere but in what is its own. Not root, it is what it is."""
    if os.geteuid() != 0:
        return list(command)
    identity = [f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--bounding-set=-all"]
    reads = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    identity[-1] += ",+dac_read_search"
    return ["setpriv", "--securebits=+no_setuid_fixup", *reads, *identity, *command]


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What .dockerignore lets into the image, with its static files, closed to writers."""
    folder = tmp_path_factory.mktemp("image") / "srv"
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    for name in [line[1:] for line in lines if line.startswith("!")]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("tests", "__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, folder / name)
    build = {"APP_ENV": "lab", "SECRET_KEY": "of-the-build-only", "ALLOWED_HOSTS": "build"}
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, cwd=folder, env=build, check=True)
    subprocess.run(["chmod", "-R", "a+rX,a-w", folder], check=True)
    yield folder
    subprocess.run(["chmod", "-R", "u+w", folder], check=True)


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis that other users than ours may call."""
    table = ProcessTable(tmp_path_factory.mktemp("redis") / "processes.json")
    port = str(free_port())
    table.start("Redis", [find_binary(), "--port", port, "--save", "", "--loglevel", "nothing"])
    yield f"redis://127.0.0.1:{port}"
    table.stop_all()


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with new_database("deployed") as url:
        yield url


def make_writable(folder: Path) -> Path:
    """A new folder of the image's user."""
    folder.mkdir()
    if os.geteuid() == 0:
        os.chown(folder, USER, USER)
    return folder


@pytest.fixture
def environment(tmp_path: Path, code: Path, redis: str, database: str) -> dict[str, str]:
    """What the manifests give a pod, with one folder that can be written."""
    writable = make_writable(tmp_path / "tmp")
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PWD": str(code),
        "HOME": str(writable),
        "TMPDIR": str(writable),
        "PYTHONDONTWRITEBYTECODE": "1",
        "APP_ENV": "production",
        "DATA_DIR": str(writable / "data"),
        "DATABASE_URL": database,
        "REDIS_URL": redis,
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "api.example.org,127.0.0.1",
        "PORT": str(free_port()),
        "WORKER_PORT": str(free_port()),
        "WEB_PROCESSES": "2",
    }


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    command = as_user("sh", "deploy/entrypoint.sh", *arguments)
    return subprocess.Popen(command, cwd=environment["PWD"], env=environment)


def run(environment: dict[str, str], *command: str) -> int:
    ran = subprocess.run(
        as_user(*command), cwd=environment["PWD"], env=environment, check=False, capture_output=True
    )
    return ran.returncode


def ask(environment: dict[str, str], path: str = "/health/ready", port: str = "PORT") -> int:
    request = urllib.request.Request(
        f"http://127.0.0.1:{environment[port]}{path}", headers={"X-Forwarded-Proto": "https"}
    )
    with urllib.request.urlopen(request, timeout=20) as response:
        return int(response.status)


def wait_for(environment: dict[str, str], port: str = "PORT") -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            ask(environment, port=port)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{port} does not answer")


def all_have_answered(web: subprocess.Popen[bytes], environment: dict[str, str]) -> bool:
    """Whether each of the web's processes has: one that still starts misses a signal."""
    figures = Path(environment["TMPDIR"]) / "metrics"
    workers = psutil.Process(web.pid).children()
    have = [(figures / f"histogram_{worker.pid}.db").exists() for worker in workers]
    return sum(have) == int(environment["WEB_PROCESSES"])


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A web that has started in full; it is killed at the end."""
    process = start(environment, "web")
    try:
        wait_for(environment)
        while not all_have_answered(process, environment):
            ask(environment)
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def web(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    assert start(environment, "migrate").wait(60) == 0
    with serving(environment) as process:
        yield process


def test_the_user_can_write_nothing_of_the_code(environment: dict[str, str]) -> None:
    writing = "open('learningaier/settings.py', 'a')"

    assert run(environment, sys.executable, "-c", "open('learningaier/settings.py')") == 0
    assert run(environment, sys.executable, "-c", writing) != 0
    assert run(environment, sys.executable, "-c", "open('new', 'w')") != 0


def test_the_schema_can_be_asked_for(environment: dict[str, str]) -> None:
    assert start(environment, "migrate").wait(60) == 0
    assert run(environment, sys.executable, "manage.py", "migrate", "--check") == 0


@pytest.mark.parametrize("command", ["worker", "scheduler"])
def test_worker_and_scheduler_are_ready_and_end_in_good_order(
    environment: dict[str, str], command: str
) -> None:
    assert start(environment, "migrate").wait(60) == 0
    process = start(environment, command)
    wait_for(environment, "WORKER_PORT")

    assert ask(environment, "/health", "WORKER_PORT") == 200
    assert ask(environment, "/metrics", "WORKER_PORT") == 200
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def test_the_web_serves_static_files_and_figures_of_both_its_processes(
    web: subprocess.Popen[bytes], environment: dict[str, str]
) -> None:
    assert ask(environment, "/admin/login/") == 200
    assert ask(environment, "/static/admin/css/base.css") == 200
    assert ask(environment, "/metrics") == 200
    written = {path.name for path in Path(environment["TMPDIR"]).iterdir()}
    assert written <= {"data", "metrics"}


def test_a_wrong_configuration_ends_the_start(environment: dict[str, str]) -> None:
    assert start(environment | {"SECRET_KEY": "short"}, "migrate").wait(30) == 78


class Caller:
    """A client that never tries again. `is_staying`: it keeps its connection as long as it may."""

    def __init__(self, port: int, *, is_staying: bool) -> None:
        self._is_staying = is_staying
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self._numbers = itertools.count()

    def ask(self) -> int:
        kept = {} if self._is_staying else {"Connection": "close"}
        path = ("/health/ready", "/admin/login/")[next(self._numbers) % 2]
        self._connection.request("GET", path, headers={"X-Forwarded-Proto": "https", **kept})
        response = self._connection.getresponse()
        response.read()
        return response.status

    def ask_until(self, is_over: Event) -> list[int]:
        statuses = []
        with closing(self._connection):
            while not is_over.is_set():
                statuses.append(self.ask())
        return statuses

    def leave(self) -> None:
        self._connection.close()


def test_a_roll_out_under_load_fails_no_request(
    web: subprocess.Popen[bytes], environment: dict[str, str], tmp_path: Path
) -> None:
    own = {"PORT": str(free_port()), "TMPDIR": str(make_writable(tmp_path / "new"))}
    successor, is_over = environment | own, Event()
    with serving(successor), closing(Balancer(int(environment["PORT"]))) as balancer:
        callers = [Caller(balancer.port, is_staying=number % 2 == 0) for number in range(8)]
        with ThreadPoolExecutor(len(callers)) as pool:
            loads = [pool.submit(caller.ask_until, is_over) for caller in callers]
            try:
                time.sleep(1)
                balancer.pods = [int(successor["PORT"])]  # what preStop waits for
                time.sleep(1)
                web.send_signal(signal.SIGTERM)
                code = web.wait(40)
                time.sleep(1)
            finally:
                is_over.set()
        statuses = [status for one in loads for status in one.result()]

    assert code == 0
    assert len(statuses) > 100
    assert set(statuses) == {200}


def test_an_idle_connection_does_not_hold_up_the_end(
    web: subprocess.Popen[bytes], environment: dict[str, str]
) -> None:
    caller = Caller(int(environment["PORT"]), is_staying=True)
    assert caller.ask() == 200

    web.send_signal(signal.SIGTERM)

    assert web.wait(15) == 0
    caller.leave()


LEARNER = """
from documents.models import Document
from learningaier.accounts.models import User
from learningaier.accounts.tokens import issue_token
owner = User.objects.create_user("learner")
document = Document.objects.create(owner=owner, filename="a.txt", size=1, sha256="0" * 64)
print(document.pk, issue_token(owner))
"""


def test_a_connection_that_was_promised_to_be_kept_takes_one_more_request(
    web: subprocess.Popen[bytes], environment: dict[str, str]
) -> None:
    shell = [sys.executable, "manage.py", "shell", "--no-imports", "-c", LEARNER]
    made = subprocess.check_output(as_user(*shell), cwd=environment["PWD"], env=environment)
    document, token = made.decode().split()[-2:]
    headers = {"X-Forwarded-Proto": "https", "Authorization": f"Bearer {token}"}
    connection = http.client.HTTPConnection("127.0.0.1", int(environment["PORT"]), timeout=20)
    with closing(connection):
        connection.request("GET", f"/api/documents/{document}/events", headers=headers)
        promised = connection.getresponse()
        web.send_signal(signal.SIGTERM)
        time.sleep(1.5)
        with psycopg.connect(environment["DATABASE_URL"]) as database:
            database.execute("UPDATE documents_document SET status = 'cancelled'")
        assert b"cancelled" in promised.read()
        connection.request("GET", "/health", headers=headers)
        last = connection.getresponse()
        last.read()

    assert (promised.status, promised.headers["Connection"]) == (200, None)
    assert (last.status, last.headers["Connection"]) == (200, "close")
    assert web.wait(15) == 0
