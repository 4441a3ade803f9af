import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import openpbm.care.trust.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
        ("trust", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AdverseEvent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("body_digest", models.CharField(editable=False, max_length=64)),
                ("date", models.DateField()),
                ("kind", models.CharField(max_length=60)),
                ("sealed_detail", models.BinaryField(blank=True, default=bytes)),
                ("grade", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("advice", openpbm.care.trust.fields.DocumentField(default=dict)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="adverse_events", to="people.person"
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="newer",
                        to="events.adverseevent",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EventReview",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("body_digest", models.CharField(editable=False, max_length=64)),
                (
                    "causality",
                    models.CharField(
                        choices=[
                            ("certain", "Certain"),
                            ("probable", "Probable"),
                            ("possible", "Possible"),
                            ("unlikely", "Unlikely"),
                            ("conditional", "Conditional: more data are awaited"),
                            ("unassessable", "Cannot be assessed"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "attributed_to",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("device", "The lamp"),
                            ("heat", "Heat"),
                            ("disease", "The disease"),
                            ("drug", "A medicine"),
                        ],
                        max_length=16,
                    ),
                ),
                ("serious", models.BooleanField(default=False)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("recovered", "Recovered"),
                            ("recovering", "Recovering"),
                            ("not_recovered", "Not recovered"),
                            ("sequelae", "Recovered with lasting effects"),
                            ("fatal", "Fatal"),
                            ("unknown", "Not known"),
                        ],
                        max_length=20,
                    ),
                ),
                ("action", models.CharField(max_length=400)),
                ("signed_name", models.CharField(max_length=120)),
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
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="events.adverseevent"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="adverseevent",
            index=models.Index(fields=["person", "date"], name="events_by_day"),
        ),
    ]
