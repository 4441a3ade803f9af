# What a course would be, beside a judgement.

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import openpbm.care.audit.models
import openpbm.care.clock


class Migration(migrations.Migration):
    dependencies = [
        ("checkpoints", "0001_initial"),
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ExpectedCourse",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=openpbm.care.clock.now, editable=False)),
                ("body_digest", models.CharField(editable=False, max_length=64)),
                ("audit_number", models.BigIntegerField(default=0, editable=False)),
                ("document", openpbm.care.audit.models.DocumentField()),
                ("package_version", models.CharField(max_length=32)),
                (
                    "checkpoint",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="expected_course",
                        to="checkpoints.checkpoint",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="expected_courses", to="people.person"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
