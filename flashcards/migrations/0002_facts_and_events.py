import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_day_starts_at"),
        ("flashcards", "0001_squashed_0002_learnerfit"),
        ("notes", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoteType",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=200)),
                ("fields", models.JSONField(default=list)),
                ("templates", models.JSONField(default=list)),
                ("css", models.TextField(blank=True)),
                ("is_cloze", models.BooleanField(default=False)),
                ("external_id", models.CharField(blank=True, max_length=100)),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(fields=["owner", "-created_at"], name="note_type_owner_newest")
                ],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Fact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("basic", "Basic"),
                            ("reversed", "Reversed"),
                            ("cloze", "Cloze"),
                            ("typed", "Typed"),
                            ("custom", "Custom"),
                        ],
                        default="basic",
                        max_length=8,
                    ),
                ),
                (
                    "note_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="facts",
                        to="flashcards.notetype",
                    ),
                ),
                ("term", models.TextField(blank=True, null=True)),
                ("definition", models.TextField(blank=True)),
                ("context", models.TextField(blank=True, default="", null=True)),
                ("fields", models.JSONField(blank=True, default=dict)),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=50),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("category", models.CharField(blank=True, max_length=100)),
                ("language", models.CharField(blank=True, max_length=35)),
                ("source", models.JSONField(blank=True, editable=False, null=True)),
                ("media", models.JSONField(blank=True, default=list, editable=False)),
                ("guid", models.CharField(blank=True, editable=False, max_length=100)),
                (
                    "note",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="facts",
                        to="notes.note",
                    ),
                ),
                ("search_text", models.TextField(blank=True, editable=False)),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(fields=["owner", "-created_at", "-id"], name="fact_owner_newest")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("guid", ""), _negated=True),
                        fields=("owner", "guid"),
                        name="fact_guid_once_an_owner",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StudyChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
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
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("number", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("review", "Review"),
                            ("reviews", "Reviews"),
                            ("suspend", "Suspend"),
                            ("unsuspend", "Unsuspend"),
                            ("bury", "Bury"),
                            ("unbury", "Unbury"),
                            ("flag", "Flag"),
                            ("forget", "Forget"),
                            ("set_due", "Set Due"),
                            ("exam", "Exam"),
                            ("catch_up", "Catch Up"),
                            ("break", "Break"),
                            ("retention", "Retention"),
                        ],
                        max_length=12,
                    ),
                ),
                ("cards", models.PositiveIntegerField()),
                ("before", models.JSONField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("before__isnull", False)),
                        fields=["owner", "-number"],
                        name="change_owner_undoable",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "number"), name="change_numbered_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SchedulingOptions",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("content", models.JSONField()),
            ],
            options={
                "verbose_name_plural": "scheduling options",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "digest"), name="options_once_an_owner"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="StudySettings",
            fields=[
                (
                    "desired_retention",
                    models.FloatField(
                        default=0.9,
                        validators=[
                            django.core.validators.MinValueValidator(0.7),
                            django.core.validators.MaxValueValidator(0.99),
                        ],
                    ),
                ),
                (
                    "new_per_day",
                    models.PositiveSmallIntegerField(
                        db_default=20,
                        default=20,
                        validators=[django.core.validators.MaxValueValidator(9999)],
                    ),
                ),
                (
                    "reviews_per_day",
                    models.PositiveSmallIntegerField(
                        db_default=200,
                        default=200,
                        validators=[django.core.validators.MaxValueValidator(9999)],
                    ),
                ),
                (
                    "new_mix",
                    models.CharField(
                        choices=[("mixed", "Mixed"), ("before", "Before"), ("after", "After")],
                        db_default="mixed",
                        default="mixed",
                        max_length=8,
                    ),
                ),
                (
                    "review_order",
                    models.CharField(
                        choices=[
                            ("due", "Due"),
                            ("retrievability", "Retrievability"),
                            ("random", "Random"),
                            ("difficulty", "Difficulty"),
                        ],
                        db_default="due",
                        default="due",
                        max_length=16,
                    ),
                ),
                (
                    "new_order",
                    models.CharField(
                        choices=[("added", "Added"), ("random", "Random")],
                        db_default="added",
                        default="added",
                        max_length=8,
                    ),
                ),
                (
                    "leech_threshold",
                    models.PositiveSmallIntegerField(
                        db_default=8,
                        default=8,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(99),
                        ],
                    ),
                ),
                ("leech_suspends", models.BooleanField(db_default=False, default=False)),
                (
                    "learning_steps",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(),
                        blank=True,
                        help_text="minutes; empty: the default",
                        null=True,
                        size=None,
                    ),
                ),
                (
                    "relearning_steps",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(),
                        blank=True,
                        help_text="minutes; empty: the default",
                        null=True,
                        size=None,
                    ),
                ),
                (
                    "maximum_interval",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="days",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(36500),
                        ],
                    ),
                ),
                ("is_fuzzed", models.BooleanField(blank=True, null=True)),
                (
                    "easy_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("normal", "Normal"),
                                ("reduced", "Reduced"),
                                ("none", "None"),
                            ],
                            max_length=8,
                        ),
                        blank=True,
                        null=True,
                        size=None,
                    ),
                ),
                ("easy_dates", models.JSONField(blank=True, null=True)),
                (
                    "parameters",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(),
                        blank=True,
                        editable=False,
                        null=True,
                        size=None,
                    ),
                ),
                (
                    "new_held_until",
                    models.DateField(blank=True, editable=False, null=True),
                ),
                (
                    "owner",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "max_new_per_day",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(9999)],
                    ),
                ),
                (
                    "max_reviews_per_day",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(9999)],
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "study settings",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="QueueExtra",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "deck",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="flashcards.deck",
                    ),
                ),
                ("study_day", models.DateField()),
                ("new", models.PositiveIntegerField(default=0)),
                ("reviews", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "study_day", "deck"),
                        name="queue_extra_once_a_day",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("new__lte", 9999), ("reviews__lte", 9999)),
                        name="queue_extra_in_range",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Fit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
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
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "deck",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fits",
                        to="flashcards.deck",
                    ),
                ),
                (
                    "parameters",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(), blank=True, null=True, size=None
                    ),
                ),
                ("reviews", models.PositiveIntegerField()),
                ("loss", models.FloatField(blank=True, null=True)),
                ("default_loss", models.FloatField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(fields=["owner", "deck", "-created_at"], name="fit_owner_latest")
                ],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Reschedule",
            fields=[
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "flashcard",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reschedules",
                        to="flashcards.flashcard",
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reschedules",
                        to="flashcards.studychange",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("forget", "Forget"), ("set_due", "Set Due"), ("plan", "Plan")],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("study_day", models.DateField()),
                ("due_day", models.DateField(blank=True, null=True)),
                ("after_review", models.UUIDField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["at", "id"],
                "indexes": [
                    models.Index(fields=["flashcard", "at"], name="reschedule_card_in_order"),
                    models.Index(
                        models.F("owner"),
                        models.OrderBy(models.F("at"), descending=True),
                        name="reschedule_owner_latest",
                    ),
                ],
                "constraints": [],
            },
        ),
        migrations.AlterField(
            model_name="flashcard",
            name="term",
            field=models.CharField(max_length=1000, db_default=""),
        ),
        migrations.AlterField(
            model_name="flashcard",
            name="definition",
            field=models.TextField(db_default=""),
        ),
        migrations.AlterField(
            model_name="flashcard",
            name="context",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AlterField(
            model_name="flashcard",
            name="tags",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=50),
                blank=True,
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="review",
            name="before",
            field=models.JSONField(db_default={}),
        ),
        migrations.AddField(
            model_name="deck",
            name="easy_dates",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="deck",
            name="easy_days",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[("normal", "Normal"), ("reduced", "Reduced"), ("none", "None")],
                    max_length=8,
                ),
                blank=True,
                null=True,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="deck",
            name="is_fuzzed",
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="deck",
            name="learning_steps",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.FloatField(),
                blank=True,
                help_text="minutes; empty: the default",
                null=True,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="deck",
            name="leech_suspends",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="deck",
            name="leech_threshold",
            field=models.PositiveSmallIntegerField(
                db_default=8,
                default=8,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(99),
                ],
            ),
        ),
        migrations.AddField(
            model_name="deck",
            name="maximum_interval",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="days",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(36500),
                ],
            ),
        ),
        migrations.AddField(
            model_name="deck",
            name="minutes_per_day",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1440),
                ],
            ),
        ),
        migrations.AddField(
            model_name="deck",
            name="new_mix",
            field=models.CharField(
                choices=[("mixed", "Mixed"), ("before", "Before"), ("after", "After")],
                db_default="mixed",
                default="mixed",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="deck",
            name="new_order",
            field=models.CharField(
                choices=[("added", "Added"), ("random", "Random")],
                db_default="added",
                default="added",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="deck",
            name="new_held_until",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="deck",
            name="parameters",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.FloatField(), blank=True, editable=False, null=True, size=None
            ),
        ),
        migrations.AddField(
            model_name="deck",
            name="relearning_steps",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.FloatField(),
                blank=True,
                help_text="minutes; empty: the default",
                null=True,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="deck",
            name="review_order",
            field=models.CharField(
                choices=[
                    ("due", "Due"),
                    ("retrievability", "Retrievability"),
                    ("random", "Random"),
                    ("difficulty", "Difficulty"),
                ],
                db_default="due",
                default="due",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="deck",
            name="reviews_per_day",
            field=models.PositiveSmallIntegerField(
                db_default=200,
                default=200,
                validators=[django.core.validators.MaxValueValidator(9999)],
            ),
        ),
        migrations.AddField(
            model_name="flashcard",
            name="baseline",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="flashcard",
            name="buried_until",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="flashcard",
            name="due_day",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="flashcard",
            name="flag",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, validators=[django.core.validators.MaxValueValidator(7)]
            ),
        ),
        migrations.AddField(
            model_name="flashcard",
            name="has_siblings",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name="flashcard",
            name="is_leech",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="flashcard",
            name="is_suspended",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="flashcard",
            name="last_day",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="flashcard",
            name="ordinal",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="review",
            name="chosen_days",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="review",
            name="study_day",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="review",
            name="undone_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="deck",
            name="new_per_day",
            field=models.PositiveSmallIntegerField(
                db_default=20,
                default=20,
                validators=[django.core.validators.MaxValueValidator(9999)],
            ),
        ),
        migrations.AlterField(
            model_name="review",
            name="elapsed_days",
            field=models.FloatField(default=0.0),
        ),
        migrations.AlterField(
            model_name="review",
            name="scheduled_days",
            field=models.FloatField(default=0.0),
        ),
        migrations.AddField(
            model_name="flashcard",
            name="fact",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="cards",
                to="flashcards.fact",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="options",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="flashcards.schedulingoptions",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="change",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="reviews",
                to="flashcards.studychange",
            ),
        ),
    ]
