"""The tables of `learningaier.sync`, and the triggers that write the order of changes.

`SELECT track_changes('notes_note')` in a migration of another app has a table's changes recorded;
`SELECT record_old_rows('notes_note')` gives the rows that are there already their place.
"""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

SEQUENCE = "CREATE SEQUENCE sync_change_sequence"

# 1. The trigger is deferred: it runs when a transaction commits, when its row locks are all taken.
# 2. It takes the owner's advisory lock, which is given back after the commit is visible.
# 3. So of two transactions of one owner the one with the lower numbers is visible first, and none
#    waits for a row of another while it holds the lock.
RECORD_CHANGE = """
CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed record;
  gone timestamptz;
BEGIN
  IF TG_OP = 'DELETE' THEN
    changed := OLD;
    gone := clock_timestamp();
  ELSE
    changed := NEW;
    IF TG_ARGV[0] = 'true' THEN
      gone := NEW.deleted_at;
    END IF;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('sync_change'), hashtext(changed.owner_id::text));
  INSERT INTO sync_change (owner_id, kind, row_id, sequence, changed_at, deleted_at)
  SELECT changed.owner_id, TG_TABLE_NAME, changed.id, nextval('sync_change_sequence'),
         clock_timestamp(), gone
  WHERE EXISTS (SELECT FROM accounts_user WHERE id = changed.owner_id)
  ON CONFLICT (owner_id, kind, row_id) DO UPDATE SET sequence = EXCLUDED.sequence,
         changed_at = EXCLUDED.changed_at, deleted_at = EXCLUDED.deleted_at;
  RETURN NULL;
END $$
"""

TRACK_CHANGES = """
CREATE FUNCTION track_changes(
  target regclass, has_trash boolean DEFAULT false, columns text DEFAULT ''
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('DROP TRIGGER IF EXISTS record_change ON %s', target);
  EXECUTE format(
    'CREATE CONSTRAINT TRIGGER record_change AFTER INSERT OR DELETE OR UPDATE %s ON %s '
    'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION record_change(%L)',
    CASE columns WHEN '' THEN '' ELSE 'OF ' || columns END, target, has_trash::text
  );
END $$
"""

RECORD_OLD_ROWS = """
CREATE FUNCTION record_old_rows(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'INSERT INTO sync_change (owner_id, kind, row_id, sequence, changed_at) '
    'SELECT owner_id, %L, id, nextval(''sync_change_sequence''), updated_at FROM '
    '(SELECT * FROM %s ORDER BY updated_at) rows ON CONFLICT DO NOTHING',
    target::text, target
  );
END $$
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "owner",
                        "kind",
                        "row_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.CharField(max_length=63)),
                ("row_id", models.UUIDField()),
                ("sequence", models.BigIntegerField()),
                ("changed_at", models.DateTimeField()),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["owner", "kind", "sequence"], name="change_in_order"),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", False)),
                        fields=["deleted_at"],
                        name="change_tombstone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("headers", models.JSONField(default=dict)),
                ("body", models.TextField(blank=True)),
                (
                    "created_at",
                    models.DateTimeField(db_index=True, default=django.utils.timezone.now),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "key"), name="answer_key_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TrashEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("kind", models.CharField(max_length=20)),
                ("title", models.CharField(max_length=300)),
                ("payload", models.JSONField(default=dict)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(fields=["owner", "-created_at", "-id"], name="trash_owner_newest"),
                    models.Index(fields=["created_at"], name="trash_oldest"),
                ],
            },
        ),
        migrations.RunSQL(SEQUENCE, "DROP SEQUENCE sync_change_sequence"),
        migrations.RunSQL(RECORD_CHANGE, "DROP FUNCTION record_change"),
        migrations.RunSQL(TRACK_CHANGES, "DROP FUNCTION track_changes"),
        migrations.RunSQL(RECORD_OLD_ROWS, "DROP FUNCTION record_old_rows"),
        migrations.RunSQL("SELECT track_changes('sync_trashentry')", migrations.RunSQL.noop),
    ]
