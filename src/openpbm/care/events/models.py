"""Effects a person reports, and what a clinician made of them."""

from __future__ import annotations

from typing import TypeAlias

from django.db import models

from openpbm.care.audit.constraints import Within, one_of
from openpbm.care.audit.models import DocumentField, InsertOnly
from openpbm.care.people.models import Person
from openpbm.course.records import Event

__all__ = ["GRADES", "AdverseEvent", "EventReview"]

#: In the manner of CTCAE.
GRADES = Within(1, 5)
_GRADE_WORDS = ("mild", "moderate", "severe", "life-threatening", "death")


class AdverseEvent(InsertOnly):
    """One effect as reported, and the advice given at once.

    grade : 1-5 in the manner of CTCAE; None is not graded
    advice : `openpbm.care.events.advice.Advice` as it was given
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="adverse_events")
    date = models.DateField()
    kind = models.CharField(max_length=60)
    sealed_detail = models.BinaryField(default=bytes, blank=True)
    grade = models.PositiveSmallIntegerField(null=True, blank=True, validators=[GRADES])
    advice = DocumentField(default=dict)
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="newer")

    computed_fields = ("advice", "supersedes_id")

    class Meta:
        indexes = (models.Index(fields=["person", "date"], name="events_by_day"),)
        constraints = (GRADES.constraint("grade", name="event_grade"),)

    def detail(self) -> str:
        """What was written about it, opened."""
        return self.person.open(self.sealed_detail, self.place())

    def how_bad(self) -> str:
        """How bad it was said to be: "moderate, 2 of 5"."""
        return "not said" if self.grade is None else f"{_GRADE_WORDS[self.grade - 1]}, {self.grade} of 5"

    def place(self) -> str:
        """What the detail is sealed for."""
        return f"event {self.pk}"

    def to_core(self, line: int) -> Event:
        """The event as the course reads it."""
        return Event(line=line, date=self.date, kind=self.kind, detail=self.detail(), grade=self.grade)


class _Causality(models.TextChoices):
    """How likely the treatment caused it, by the WHO-UMC categories."""

    CERTAIN = "certain", "Certain"
    PROBABLE = "probable", "Probable"
    POSSIBLE = "possible", "Possible"
    UNLIKELY = "unlikely", "Unlikely"
    CONDITIONAL = "conditional", "Conditional: more data are awaited"
    UNASSESSABLE = "unassessable", "Cannot be assessed"


class _AttributedTo(models.TextChoices):
    """What it most likely comes from."""

    DEVICE = "device", "The lamp"
    HEAT = "heat", "Heat"
    DISEASE = "disease", "The disease"
    DRUG = "drug", "A medicine"


class _Outcome(models.TextChoices):
    """How the effect ended, or where it stands."""

    RECOVERED = "recovered", "Recovered"
    RECOVERING = "recovering", "Recovering"
    NOT_RECOVERED = "not_recovered", "Not recovered"
    SEQUELAE = "sequelae", "Recovered with lasting effects"
    FATAL = "fatal", "Fatal"
    UNKNOWN = "unknown", "Not known"


class EventReview(InsertOnly):
    """A clinician's review: causality (WHO-UMC), seriousness, outcome, and what was done."""

    Causality: TypeAlias = _Causality
    AttributedTo: TypeAlias = _AttributedTo
    Outcome: TypeAlias = _Outcome

    event = models.ForeignKey(AdverseEvent, on_delete=models.PROTECT, related_name="reviews")
    causality = models.CharField(max_length=16, choices=Causality)
    attributed_to = models.CharField(max_length=16, blank=True, choices=AttributedTo)
    serious = models.BooleanField(default=False)
    outcome = models.CharField(max_length=20, choices=Outcome)
    action = models.CharField(max_length=400, help_text="say what was done")
    signed_name = models.CharField(max_length=120)

    class Meta:
        constraints = (
            one_of("causality", _Causality, name="review_causality"),
            one_of("attributed_to", ("", *_AttributedTo), name="review_attributed_to"),
            one_of("outcome", _Outcome, name="review_outcome"),
        )
