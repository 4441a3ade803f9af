"""The engine's proposal at a checkpoint, and the clinician's decision."""

from __future__ import annotations

from django.db import models

from openpbm.care.people.models import Person
from openpbm.care.plans.models import PlanRow
from openpbm.care.trust.fields import DocumentField
from openpbm.care.trust.insert_only import InsertOnly

__all__ = ["Checkpoint", "CheckpointDecision"]


class Checkpoint(InsertOnly):
    """One judgement as it was computed; a later look at the same week is another row.

    content : `openpbm.outcomes.checkpoint.checkpoint` of the course as it then was
    course_digest : of the rows it read, so that a later reader knows whether something was added since
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="checkpoints")
    plan = models.ForeignKey(PlanRow, on_delete=models.PROTECT, related_name="checkpoints")
    week = models.PositiveSmallIntegerField()
    content = DocumentField()
    course_digest = models.CharField(max_length=64)
    package_version = models.CharField(max_length=32)


class CheckpointDecision(InsertOnly):
    """What was decided on a judgement, by whom and why; it may differ from what the engine proposed."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="decisions")
    decision = models.CharField(max_length=20)
    reason = models.CharField(max_length=400)
    signed_name = models.CharField(max_length=120)
