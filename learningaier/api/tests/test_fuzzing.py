"""Schemathesis at the real service, by a learner and by no one: a minute each.

No 500, no status and no shape but those described, nothing accepted that does not fit the
description, no way around signing in. Of the phases those two that send the same requests each
time; random ones are for a run by hand. Two checks are left out: a request that fits the
description may be refused, as no description says all (rules between two fields, names that are
taken); and what was made may be not found by a call whose body names something else besides.
"""

import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from learningaier.dev.tests.service import Service, run_service

SECONDS = 55
CONFIG = Path(__file__).with_name("schemathesis.toml")
NO_LIMITS = {"RATELIMIT_ENABLE": "false", "RATE_LIMIT_WRITES": "1000000"}
OPTIONS = (
    "--checks=all", "--exclude-checks=positive_data_acceptance,ensure_resource_availability",
    "--phases=examples,coverage", f"--max-time={SECONDS}",
    "--suppress-health-check=all", "--warnings=off", "--generation-deterministic",
    "--request-timeout=30",
    # Events go on until there is nothing more to tell; the others would end the learner's token.
    "--exclude-path-regex=(/events|/logout-everywhere|/password)$",
)  # fmt: skip


@pytest.fixture(scope="module")
def service(tmp_path_factory: Any) -> Iterator[Service]:
    folder: Path = tmp_path_factory.mktemp("fuzzing") / "data"
    with run_service(folder, NO_LIMITS) as found:
        yield found


@pytest.mark.parametrize("identity", ["learner", "visitor"])
def test_all_that_the_description_allows_is_answered_as_described(
    service: Service, identity: str, tmp_path: Path
) -> None:
    sent = ["-H", f"Authorization: Bearer {service.sign_in()}"] if identity == "learner" else []
    program = f"{sysconfig.get_path('scripts')}/schemathesis"
    log = service.folder / "service.log"
    known = len(log.read_text())
    address = f"http://127.0.0.1:{service.port}/api/schema"

    run = subprocess.run(
        [program, "--no-color", f"--config-file={CONFIG}", "run", address, *OPTIONS, *sent],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    assert run.returncode == 0, run.stdout[-20_000:]
    assert '"level":"ERROR"' not in log.read_text()[known:]
