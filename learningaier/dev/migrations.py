"""The part of `make check` that refuses migrations under which a running service would suffer.

squawk reads each migration's SQL: it knows which lock a statement takes, and what the version that
still runs would stumble over. Data that Python changes below such a lock only Django's operations
tell.
"""

import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import django
from django.apps import apps
from django.db import connection
from django.db.migrations import CreateModel, Migration, RunPython
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

ROOT = Path(__file__).parents[2]
OLDEST_POSTGRES = "15"
# Rules of taste, and one that is kept elsewhere.
EXCLUDED = [
    "prefer-text-field",  # a length is the API's promise, and a longer one rewrites nothing
    "prefer-bigint-over-int",  # identifiers are bigint or UUID; figures need not be
    "prefer-bigint-over-smallint",
    "prefer-robust-stmts",  # Django writes the statements, and knows what it has applied
    "require-lock-timeout",  # deploy/entrypoint.sh sets one for all migrations
    "require-statement-timeout",  # what waits for nobody may take its time
]
# Migrations that are known to hold a lock, each with the reason why nobody is hurt.
ACCEPTED = {
    # An index of the rows that are not in the trash keeps what the constraint promised of them.
    "documents.0006_trash",
    "flashcards.0012_trash",
    "notes.0006_paths",  # varchar to text: PostgreSQL rewrites nothing, the lock is a moment's
}


def find_migrations() -> Iterator[tuple[Migration, ProjectState]]:
    """The project's own migrations, each with the project's state before it."""
    loader = MigrationLoader(connection, replace_migrations=False)
    for key in loader.graph.nodes:
        if _is_ours(apps.get_app_config(key[0]).path):
            yield loader.get_migration(*key), loader.project_state(key, at_end=False)


def _is_ours(folder: str) -> bool:
    path = Path(folder)
    return path.is_relative_to(ROOT) and "site-packages" not in path.parts


def find_faults(migration: Migration, before: ProjectState) -> list[str]:
    """What must not be done to a database that serves. `before`: the state it is applied to."""
    name = f"{migration.app_label}.{migration.name}"
    faults = [f"{name}: {line.partition(': ')[2]}" for line in _ask_squawk(migration, before)]
    has_data = any(isinstance(one, RunPython) for one in migration.operations)
    has_locks = any(not isinstance(one, (CreateModel, RunPython)) for one in migration.operations)
    if has_data and (has_locks or migration.atomic):
        faults.append(
            f"{name}: RunPython changes rows in one transaction, below the locks of the operations "
            "beside it. Give it a migration of its own, with atomic = False, in batches."
        )
    return faults


def _ask_squawk(migration: Migration, before: ProjectState) -> list[str]:
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        migration.apply(before.clone(), editor, collect_sql=True)
    command = [f"{sysconfig.get_path('scripts')}/squawk", "--reporter", "gcc"]
    command += ["--pg-version", OLDEST_POSTGRES, "--exclude", ",".join(EXCLUDED)]
    if migration.atomic:
        command += ["--assume-in-transaction"]
    script = "\n".join(editor.collected_sql)
    run = subprocess.run(command, input=script, capture_output=True, text=True, check=False)
    if run.returncode and not run.stdout:
        raise RuntimeError(run.stderr)
    return run.stdout.splitlines()


def main() -> int:
    """Look at every migration. Returns: 1 if one is refused."""
    django.setup()
    faults = [
        fault
        for migration, before in find_migrations()
        if f"{migration.app_label}.{migration.name}" not in ACCEPTED
        for fault in find_faults(migration, before)
    ]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
