"""Effects a person reports, and what a clinician made of them."""

from __future__ import annotations

from django.db import models

from openpbm.care.people.models import Person
from openpbm.care.trust.fields import DocumentField
from openpbm.care.trust.insert_only import InsertOnly

__all__ = ["AdverseEvent", "EventReview"]


class AdverseEvent(InsertOnly):
    """One effect as reported, and the advice given at once.

    grade : 1-5 in the manner of CTCAE; None is not graded
    advice : what the core made of it: grade, what, route, urgency, text, whether light stops
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="adverse_events")
    date = models.DateField()
    kind = models.CharField(max_length=60)
    sealed_detail = models.BinaryField(default=bytes, blank=True)
    grade = models.PositiveSmallIntegerField(null=True, blank=True)
    advice = DocumentField(default=dict)
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="newer")

    computed_fields = ("advice",)


class EventReview(InsertOnly):
    """A clinician's review: causality (WHO-UMC), seriousness, outcome, and what was done."""

    event = models.ForeignKey(AdverseEvent, on_delete=models.PROTECT, related_name="reviews")
    causality = models.CharField(max_length=16)
    attributed_to = models.CharField(max_length=16, blank=True)
    serious = models.BooleanField(default=False)
    outcome = models.CharField(max_length=20)
    action = models.CharField(max_length=400)
    signed_name = models.CharField(max_length=120)
