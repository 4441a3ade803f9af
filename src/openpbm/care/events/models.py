"""Effects a person reports, and what a clinician made of them."""

from __future__ import annotations

from django.db import models

from openpbm.care.audit.constraints import between
from openpbm.care.audit.models import DocumentField, InsertOnly
from openpbm.care.people.models import Person
from openpbm.course.records import Event

__all__ = ["AdverseEvent", "EventReview"]


class AdverseEvent(InsertOnly):
    """One effect as reported, and the advice given at once.

    grade : 1-5 in the manner of CTCAE; None is not graded
    advice : `openpbm.care.events.advice.Advice` as it was given
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="adverse_events")
    date = models.DateField()
    kind = models.CharField(max_length=60)
    sealed_detail = models.BinaryField(default=bytes, blank=True)
    grade = models.PositiveSmallIntegerField(null=True, blank=True)
    advice = DocumentField(default=dict)
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="newer")

    computed_fields = ("advice", "supersedes_id")

    class Meta:
        indexes = (models.Index(fields=["person", "date"], name="events_by_day"),)
        constraints = (between("grade", 1, 5, name="event_grade"),)

    def detail(self) -> str:
        """What was written about it, opened."""
        return self.person.open(self.sealed_detail, self.place())

    def place(self) -> str:
        """What the detail is sealed for."""
        return f"event {self.pk}"

    def to_core(self, line: int) -> Event:
        """The event as the course reads it."""
        return Event(line=line, date=self.date, kind=self.kind, detail=self.detail(), grade=self.grade)


class EventReview(InsertOnly):
    """A clinician's review: causality (WHO-UMC), seriousness, outcome, and what was done."""

    class Causality(models.TextChoices):
        """How likely the treatment caused it, by the WHO-UMC categories."""

        CERTAIN = "certain", "Certain"
        PROBABLE = "probable", "Probable"
        POSSIBLE = "possible", "Possible"
        UNLIKELY = "unlikely", "Unlikely"
        CONDITIONAL = "conditional", "Conditional: more data are awaited"
        UNASSESSABLE = "unassessable", "Cannot be assessed"

    class AttributedTo(models.TextChoices):
        """What it most likely comes from."""

        DEVICE = "device", "The lamp"
        HEAT = "heat", "Heat"
        DISEASE = "disease", "The disease"
        DRUG = "drug", "A medicine"

    class Outcome(models.TextChoices):
        """How the effect ended, or where it stands."""

        RECOVERED = "recovered", "Recovered"
        RECOVERING = "recovering", "Recovering"
        NOT_RECOVERED = "not_recovered", "Not recovered"
        SEQUELAE = "sequelae", "Recovered with lasting effects"
        FATAL = "fatal", "Fatal"
        UNKNOWN = "unknown", "Not known"

    event = models.ForeignKey(AdverseEvent, on_delete=models.PROTECT, related_name="reviews")
    causality = models.CharField(max_length=16, choices=Causality)
    attributed_to = models.CharField(max_length=16, blank=True, choices=AttributedTo)
    serious = models.BooleanField(default=False)
    outcome = models.CharField(max_length=20, choices=Outcome)
    action = models.CharField(max_length=400)
    signed_name = models.CharField(max_length=120)
