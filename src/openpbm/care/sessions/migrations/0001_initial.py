import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import openpbm.care.trust.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("devices", "0001_initial"),
        ("people", "0001_initial"),
        ("plans", "0001_initial"),
        ("trust", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SessionStart",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("body_digest", models.CharField(editable=False, max_length=64)),
                (
                    "sites",
                    openpbm.care.trust.fields.DocumentField(help_text="Places [[site, side], ...] of this session."),
                ),
                ("positions", openpbm.care.trust.fields.DocumentField(default=list)),
                ("minutes", models.FloatField()),
                ("distance_mm", models.FloatField(null=True)),
                ("started_at", models.DateTimeField()),
                ("checks", openpbm.care.trust.fields.DocumentField(default=list)),
                ("override_reason", models.CharField(blank=True, max_length=400)),
                ("signed_name", models.CharField(blank=True, max_length=120)),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lamp",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="session_starts", to="devices.lamp"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="session_starts", to="people.person"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="session_starts", to="plans.planrow"
                    ),
                ),
                (
                    "resumes",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resumed_by",
                        to="light_sessions.sessionstart",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SessionRecord",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("body_digest", models.CharField(editable=False, max_length=64)),
                ("date", models.DateField()),
                ("time", models.TimeField(blank=True, null=True)),
                ("site", models.CharField(max_length=40)),
                ("side", models.CharField(max_length=8)),
                ("minutes", models.FloatField(blank=True, null=True)),
                ("distance_mm", models.FloatField(blank=True, null=True)),
                ("status", models.CharField(max_length=10)),
                ("reason", models.CharField(blank=True, max_length=400)),
                (
                    "pauses",
                    openpbm.care.trust.fields.DocumentField(
                        default=list, help_text="[[seconds after the start, seconds paused], ...]"
                    ),
                ),
                ("skin_reaction", models.CharField(blank=True, max_length=12)),
                ("back_dated", models.BooleanField(default=False)),
                (
                    "findings",
                    openpbm.care.trust.fields.DocumentField(
                        default=list, help_text="Delivered against planned, as found when it was written down."
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lamp",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="session_records", to="devices.lamp"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="session_records", to="people.person"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="session_records", to="plans.planrow"
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="newer",
                        to="light_sessions.sessionrecord",
                    ),
                ),
                (
                    "start",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="light_sessions.sessionstart",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SkinCheck",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("body_digest", models.CharField(editable=False, max_length=64)),
                ("moment", models.CharField(choices=[("after", "Right after"), ("24h", "A day later")], max_length=8)),
                ("reaction", models.CharField(max_length=12)),
                ("sealed_note", models.BinaryField(blank=True, default=bytes)),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="skin_checks",
                        to="light_sessions.sessionrecord",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="sessionrecord",
            index=models.Index(fields=["person", "date"], name="session_records_by_day"),
        ),
    ]
