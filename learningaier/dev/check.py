"""The part of `make check` that runs Django's own commands with production settings.

They have a PostgreSQL of their own: migrations are only known in full where there is a database.
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from learningaier.dev.environment import bare_environment
from learningaier.embedded.stack import Stack

PRODUCTION = {
    "APP_ENV": "production",
    "DJANGO_SETTINGS_MODULE": "learningaier.settings",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "learningaier.example.org",
    "REDIS_URL": "redis://localhost:6379",
}
COMMANDS = [
    # The settings, as production would start with them; warnings count as errors.
    ["manage.py", "check", "--deploy", "--fail-level", "WARNING"],
    ["manage.py", "makemigrations", "--check", "--dry-run"],
    ["manage.py", "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull],
    ["-m", "learningaier.dev.migrations"],
]


def main() -> int:
    """Run every command, even after one has failed. Returns: 1 if any has."""
    stack = Stack(Path(tempfile.mkdtemp(prefix="learningaier-check-")), durable=False)
    try:
        stack.open()
        failed = _run_commands(stack.start_postgres())
    finally:
        stack.close()
        shutil.rmtree(stack.folder, ignore_errors=True)
        shutil.rmtree(stack.sockets, ignore_errors=True)
    for command in failed:
        print(f"failed: {command}", file=sys.stderr)
    return 1 if failed else 0


def _run_commands(database: str) -> list[str]:
    environment = bare_environment() | PRODUCTION | {"DATABASE_URL": database}
    return [
        " ".join(command)
        for command in COMMANDS
        if subprocess.run([sys.executable, *command], env=environment, check=False).returncode
    ]


if __name__ == "__main__":
    sys.exit(main())
