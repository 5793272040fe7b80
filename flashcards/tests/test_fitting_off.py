"""Without the extra `fit` the service runs as ever, and no parameters are fitted."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_TRAINER = """
import sys
sys.modules["fsrs_rs_python"] = None  # what an import meets where it is not installed
import django
django.setup()
from django.urls import get_resolver
from flashcards import fitting, jobs
get_resolver().url_patterns  # all views are loaded
assert not fitting.is_available()
assert jobs.enqueue_fits() == jobs.enqueue_fits() == 0
"""


def test_everything_loads_nothing_is_fitted_and_the_log_says_so_once() -> None:
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_TRAINER],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "learningaier.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stderr.count("fitting_is_off") == 1
