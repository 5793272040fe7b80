"""Deleted documents stay for a while: in the trash, where the order of changes calls them deleted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the index is built while others write

    dependencies = [("documents", "0005_external_ids"), ("sync", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="deleted_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY document_sha256_once ON documents_document (owner_id, sha256) "
            "WHERE deleted_at IS NULL",
            "DROP INDEX document_sha256_once",
            state_operations=[
                migrations.AddConstraint(
                    model_name="document",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("owner", "sha256"),
                        name="document_sha256_once",
                    ),
                )
            ],
        ),
        migrations.RemoveConstraint(model_name="document", name="document_owner_sha256"),
        migrations.RunSQL(
            "SELECT track_changes('documents_document', has_trash => true)",
            "SELECT track_changes('documents_document')",
        ),
    ]
