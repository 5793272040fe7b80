"""Migrations that would hurt a running service are refused, and the two steps instead are not."""

from typing import Any

import pytest
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from learningaier.dev.migrations import ACCEPTED, find_faults, find_migrations

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def state() -> ProjectState:
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415

    return MigrationLoader(None).project_state()


def migration(*operations: Operation, atomic: bool = True) -> migrations.Migration:
    made = migrations.Migration("0099_test", "notes")
    made.operations = list(operations)
    made.atomic = atomic
    return made


def change_rows(apps: Any, schema_editor: Any) -> None:
    """Stands for any work on rows."""


REQUIRED = models.IntegerField(default=0)
INDEX = models.Index(fields=["title"], name="note_title")
CHECK = models.CheckConstraint(condition=~models.Q(title=""), name="note_has_title")


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        (migrations.RemoveField("note", "title"), "ban-drop-column"),
        (migrations.DeleteModel("note"), "ban-drop-table"),
        (migrations.RenameField("note", "title", "name"), "renaming-column"),
        (migrations.AlterModelTable("note", "a_note"), "renaming-table"),
        (migrations.AlterField("note", "title", models.IntegerField()), "changing-column-type"),
        (migrations.AddField("note", "stars", REQUIRED), "ban-drop-default"),
        (migrations.AddIndex("note", INDEX), "require-concurrent-index-creation"),
        (migrations.AddConstraint("note", CHECK), "constraint-missing-not-valid"),
        (migrations.RunPython(change_rows), "RunPython"),
    ],
)
def test_what_locks_or_drops_is_refused(
    state: ProjectState, operation: Operation, fault: str
) -> None:
    assert fault in "\n".join(find_faults(migration(operation), state))


@pytest.mark.parametrize(
    ("operation", "atomic"),
    [
        (migrations.AddField("note", "stars", models.IntegerField(null=True)), True),
        (migrations.AddField("note", "stars", models.IntegerField(db_default=0)), True),
        (migrations.CreateModel("Star", [("id", models.BigAutoField(primary_key=True))]), True),
        (migrations.RunPython(change_rows), False),
        (AddConstraintNotValid("note", CHECK), True),
        (
            migrations.AlterField("note", "title", models.CharField(max_length=300, db_default="")),
            True,
        ),
        (
            migrations.SeparateDatabaseAndState(
                state_operations=[migrations.RemoveField("note", "title")]
            ),
            True,
        ),
    ],
)
def test_what_nobody_notices_passes(
    state: ProjectState, operation: Operation, *, atomic: bool
) -> None:
    assert find_faults(migration(operation, atomic=atomic), state) == []


def test_a_constraint_is_proved_beside_the_writers(state: ProjectState) -> None:
    known = state.clone()
    AddConstraintNotValid("note", CHECK).state_forwards("notes", known)

    assert find_faults(migration(ValidateConstraint("note", CHECK.name)), known) == []


@pytest.mark.django_db(transaction=True)
def test_an_index_is_built_beside_the_writers(state: ProjectState) -> None:
    concurrently = AddIndexConcurrently("note", INDEX)

    assert find_faults(migration(concurrently, atomic=False), state) == []


@pytest.mark.django_db(transaction=True)
def test_every_migration_of_the_project_is_looked_at() -> None:
    found = {
        f"{one.app_label}.{one.name}": find_faults(one, state) for one, state in find_migrations()
    }

    assert {"notes.0001_initial", "knowledge.0001_squashed_0004_language"} <= found.keys()
    assert {name for name, faults in found.items() if faults} == ACCEPTED
