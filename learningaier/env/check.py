"""The part of `make check` that runs Django's own commands with production settings."""

import os
import secrets
import subprocess
import sys

PRODUCTION = {
    "APP_ENV": "production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "learningaier.example.org",
    "DATABASE_URL": "postgresql://learningaier@localhost/learningaier",
    "REDIS_URL": "redis://localhost:6379",
}
COMMANDS = [
    # The settings, as production would start with them; warnings count as errors.
    ["check", "--deploy", "--fail-level", "WARNING"],
    ["makemigrations", "--check", "--dry-run"],
    ["spectacular", "--validate", "--fail-on-warn", "--file", os.devnull],
]


def main() -> int:
    """Run every command, even after one has failed. Returns: 1 if any has."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    # Asked for missing migrations, Django also looks at the database, and warns as there is none.
    python = [sys.executable, "-W", "ignore::RuntimeWarning", "manage.py"]
    failed = [
        " ".join(command)
        for command in COMMANDS
        if subprocess.run(python + command, env=kept | PRODUCTION, check=False).returncode
    ]
    for command in failed:
        print(f"failed: manage.py {command}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
