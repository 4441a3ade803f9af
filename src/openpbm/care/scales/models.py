"""The diary and the scored scales."""

from __future__ import annotations

from django.db import models

from openpbm.care.people.models import Person
from openpbm.care.trust.fields import DocumentField
from openpbm.care.trust.insert_only import InsertOnly

__all__ = ["DiaryEntry", "ScoreEntry"]


class DiaryEntry(InsertOnly):
    """One day of the diary as written. A later entry for the same day supersedes an earlier one.

    answers : the fields of `openpbm.course.records.DiaryDay` that were answered, notes apart
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="diary")
    date = models.DateField()
    entered_at = models.DateTimeField()
    answers = DocumentField()
    sealed_notes = models.BinaryField(default=bytes, blank=True)
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="newer")

    class Meta:
        indexes = (models.Index(fields=["person", "date"], name="diary_by_day"),)


class ScoreEntry(InsertOnly):
    """One filled scale: its items, or the value alone where somebody else scored it.

    result : what `openpbm.outcomes.score` made of the items
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="scores")
    date = models.DateField()
    scale = models.CharField(max_length=40)
    version = models.CharField(max_length=40, blank=True)
    items = DocumentField(null=True, blank=True)
    value = models.FloatField(null=True, blank=True)
    source = models.CharField(max_length=10)
    result = DocumentField(default=dict)
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="newer")

    computed_fields = ("result",)

    class Meta:
        indexes = (models.Index(fields=["person", "scale", "date"], name="scores_by_scale"),)
