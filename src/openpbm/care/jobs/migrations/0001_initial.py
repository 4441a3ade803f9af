import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import openpbm.care.trust.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("trust", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("payload", openpbm.care.trust.fields.DocumentField(default=dict)),
                ("person_id", models.UUIDField(db_index=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("queued", "Waiting"), ("running", "Running"), ("done", "Done"), ("failed", "Failed")],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("done_steps", models.PositiveIntegerField(default=0)),
                ("all_steps", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("claimed_by", models.CharField(blank=True, max_length=64)),
                ("heartbeat_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("result", openpbm.care.trust.fields.DocumentField(default=dict)),
                ("fault", models.TextField(blank=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "created_at"], name="jobs_waiting")],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("person_id", models.UUIDField(db_index=True, null=True)),
                ("kind", models.CharField(max_length=32)),
                (
                    "key",
                    models.CharField(
                        help_text="What it is about: the same thing is told once.", max_length=160, unique=True
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("link", models.CharField(blank=True, max_length=200)),
                ("due_at", models.DateTimeField()),
                (
                    "local_time",
                    models.CharField(
                        blank=True, help_text="The wall clock it was meant for, with its zone.", max_length=40
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "Due"),
                            ("sent", "Sent"),
                            ("shown", "Shown"),
                            ("done", "Done"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="due",
                        max_length=10,
                    ),
                ),
                ("claimed_by", models.CharField(blank=True, max_length=64)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("shown_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "escalates_at",
                    models.DateTimeField(help_text="When it goes on to the clinic unless it was done.", null=True),
                ),
                ("escalated_at", models.DateTimeField(null=True)),
                ("fault", models.CharField(blank=True, max_length=300)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "due_at"], name="reminders_due")],
            },
        ),
    ]
