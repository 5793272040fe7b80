"""What stands in `.env` counts: in settings, in gunicorn's configuration, in `make run`."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from learningaier.conf.variables import PROJECT
from learningaier.dev.environment import bare_environment
from learningaier.dev.tests.service import run_service

SHOW = """
import json, os
from django.conf import settings
from learningaier import gunicorn
print(json.dumps({
    "is_limited": settings.RATELIMIT_ENABLE,
    "chat": settings.RATE_LIMIT_RAG_CHAT,
    "hosts": settings.ALLOWED_HOSTS,
    "processes": gunicorn.workers,
    "bind": gunicorn.bind,
    "service": os.environ.get("OTEL_SERVICE_NAME"),
}))
"""


def show(file: Path | str, **variables: str) -> dict[str, Any]:
    """What a process sees that was started with this file."""
    names = {"DJANGO_SETTINGS_MODULE": "learningaier.settings", "ENV_FILE": str(file)}
    result = subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=PROJECT,
        env=bare_environment() | names | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return dict(json.loads(result.stdout))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that changes what is read in different places."""
    path = tmp_path / "chosen.env"
    path.write_text(
        "# ours\nRATELIMIT_ENABLE=false\nexport RATE_LIMIT_RAG_CHAT=7\n"
        "ALLOWED_HOSTS='a.example, b.example'\nWEB_PROCESSES=5\nPORT=9123\n"
        "OTEL_SERVICE_NAME=mine\n"
    )
    return path


def test_a_file_counts_wherever_variables_are_read(file: Path) -> None:
    seen = show(file)

    assert (seen["is_limited"], seen["chat"]) == (False, 7)
    assert [host.strip() for host in seen["hosts"]] == ["a.example", "b.example"]
    assert (seen["processes"], seen["bind"], seen["service"]) == (5, "0.0.0.0:9123", "mine")


def test_the_environment_wins(file: Path) -> None:
    seen = show(file, RATELIMIT_ENABLE="true", WEB_PROCESSES="3", OTEL_SERVICE_NAME="")

    assert (seen["is_limited"], seen["processes"], seen["service"]) == (True, 3, "")
    assert seen["chat"] == 7


@pytest.mark.parametrize("name", ["", "/nowhere/at/all.env"])
def test_no_file_is_no_mistake(name: str) -> None:
    assert show(name)["is_limited"] is True


def test_a_wrong_value_in_the_file_ends_the_start(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LOG_LEVEL=LOUD\n")
    result = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=PROJECT,
        env=bare_environment() | {"ENV_FILE": str(tmp_path / ".env")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert result.returncode == 78
    assert "LOG_LEVEL: must be one of" in result.stderr


def test_make_run_serves_by_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("RATE_LIMIT_RAG_CHAT=2\nAI_DAILY_TOKEN_BUDGET=5\n")
    with run_service(tmp_path / "data", {"ENV_FILE": str(tmp_path / ".env")}) as service:
        token = service.sign_in()
        headers = service.headers("/api/notes/ai-qa", {"question": "What is light?"}, token)

    assert headers["RateLimit-Limit"] == "2"


def test_tests_see_neither_a_file_nor_the_shell_of_whoever_starts_them(tmp_path: Path) -> None:
    """A run of one small test, in a shell that would change what is tested."""
    (tmp_path / ".env").write_text("RATELIMIT_ENABLE=false\nRATE_LIMIT_ANALYTICS=3\n")
    probe = tmp_path / "test_probe.py"
    probe.write_text(
        "import os\n"
        "def test_it(settings):\n"
        "    assert settings.RATELIMIT_ENABLE is True\n"
        "    assert settings.RATE_LIMIT_ANALYTICS == 30\n"
        "    assert settings.MAX_UPLOAD_MB == 50\n"
        "    assert not {'PGHOST', 'HTTP_PROXY', 'WEB_THREADS'} & os.environ.keys()\n"
    )
    shell = {
        "ENV_FILE": str(tmp_path / ".env"), "MAX_UPLOAD_MB": "1", "PGHOST": "elsewhere",
        "HTTP_PROXY": "http://127.0.0.1:9", "WEB_THREADS": "1",
    }  # fmt: skip
    command = [sys.executable, "-m", "pytest", "-q", "-c", str(PROJECT / "pyproject.toml")]
    result = subprocess.run(
        [*command, "--rootdir", str(tmp_path), "-p", "no:cacheprovider", str(probe)],
        cwd=PROJECT,
        env={name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | shell,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert result.returncode == 0, result.stdout
