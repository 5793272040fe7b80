"""An environment for checks, tests and benchmarks that says nothing of whoever starts them."""

import os
from collections.abc import Iterable

# What a process needs to know of the machine, and nothing that configures the service.
MACHINE = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "TESSDATA_PREFIX")
NO_DOTENV = {"ENV_FILE": ""}


def bare_environment(names: Iterable[str] = MACHINE) -> dict[str, str]:
    """The variables of these names, where they are set, and no `.env` file."""
    return {name: os.environ[name] for name in names if name in os.environ} | NO_DOTENV
