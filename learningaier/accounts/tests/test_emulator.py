"""The settings that belong to the Firebase emulator."""

import os
import subprocess
import sys

import pytest
from django.conf import settings


def manage(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run manage.py in a process of its own, where settings are read anew."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("environment", ["local", "lab"])
def test_the_emulator_is_refused_without_debug(environment: str) -> None:
    done = manage("check", APP_ENV=environment, FIREBASE_AUTH_EMULATOR_HOST="127.0.0.1:9099")

    assert done.returncode == 78
    assert "FIREBASE_AUTH_EMULATOR_HOST: is refused unless DEBUG is on." in done.stderr


def test_the_emulator_is_refused_in_production_whatever_debug_says() -> None:
    emulator = {"FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099", "DEBUG": "true"}
    done = manage("check", APP_ENV="production", **emulator)

    assert done.returncode == 78
    assert "DEBUG: must be off" in done.stderr


def test_the_emulator_is_accepted_with_debug() -> None:
    done = manage("check", DEBUG="true", FIREBASE_AUTH_EMULATOR_HOST="127.0.0.1:9099")

    assert done.returncode == 0, done.stderr


def test_check_firebase_refuses_to_run_without_the_emulator() -> None:
    done = manage("check_firebase", FIREBASE_PROJECT_ID="demo-learningaier")

    assert done.returncode == 1
    assert "FIREBASE_AUTH_EMULATOR_HOST" in done.stderr


def test_check_firebase_says_that_no_emulator_answers() -> None:
    emulator = {"FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9", "DEBUG": "true"}
    done = manage("check_firebase", FIREBASE_PROJECT_ID="demo-learningaier", **emulator)

    assert done.returncode == 1
    assert "No emulator answers at 127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr
