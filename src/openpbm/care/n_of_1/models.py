"""A sealed order of periods with and without light, what the person guesses, and who learnt before the end."""

from __future__ import annotations

import datetime as dt
import json
from typing import TypeAlias

from django.conf import settings
from django.db import models

from openpbm.care.audit.constraints import at_least, one_of
from openpbm.care.audit.models import DocumentField, InsertOnly
from openpbm.care.people.models import Person
from openpbm.care.plans.models import PlanRow
from openpbm.files import JsonObject
from openpbm.single_case import CodeSheet, Masking, code_sheet
from openpbm.single_case import Unblinding as CoreUnblinding

__all__ = ["DesignStop", "PeriodGuess", "SealedDesign", "Unblinding"]


#: So long after the last day the order stays sealed, or the last guess could be made by somebody who has seen it.
LAST_GUESS = dt.timedelta(days=2)


class _Method(models.TextChoices):
    """How light and no light are kept from being told apart."""

    SETTINGS = "two_settings", "Two settings of the lamp that look alike"
    FILTERS = "filters", "A clear and a blocking filter, put in by the keeper"
    CODE = "phone_code", "A lamp that a code switches"


class _Alike(models.TextChoices):
    """Whether somebody looked."""

    YES = "yes", "Yes, somebody tried"
    NO = "no", "No, they can be told apart"
    UNKNOWN = "unknown", "Nobody has tried yet"


class _Belief(models.TextChoices):
    """What the person believes a period was."""

    ACTIVE = "active", "Light"
    SHAM = "sham", "No light"
    UNSURE = "unsure", "I cannot say"


class _Who(models.TextChoices):
    """Who learnt what a period is."""

    PERSON = "person", "The person"
    HELPER = "helper", "Somebody who helps or lives with them"
    CLINICIAN = "clinician", "Somebody who treats them"
    ASSESSOR = "assessor", "Somebody who rates how they are"


class SealedDesign(InsertOnly):
    """One blinded order of periods, drawn and sealed before its baseline begins.

    design : design.json, for everyone (docs/methods/single-case.md); sealed_key : design.key.json
    keeper : who sets the lamp, and alone may open the sheet that tells how
    """

    Method: TypeAlias = _Method
    Alike: TypeAlias = _Alike

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="n_of_1_designs")
    plan = models.ForeignKey(PlanRow, on_delete=models.PROTECT, related_name="n_of_1_designs")
    design = DocumentField()
    sealed_key = models.BinaryField()
    method = models.CharField(max_length=16, choices=_Method)
    keeper = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="kept_designs")
    looks_alike = models.CharField(max_length=8, choices=_Alike)
    feels_alike = models.CharField(max_length=8, choices=_Alike)
    checked_on = models.DateField(null=True, blank=True)
    signed_name = models.CharField(max_length=120)

    # Drawn here: whoever sends for it twice cannot know what came out.
    computed_fields = ("design", "sealed_key")

    class Meta:
        constraints = (
            one_of("method", _Method, name="n_of_1_method"),
            one_of("looks_alike", _Alike, name="n_of_1_looks_alike"),
            one_of("feels_alike", _Alike, name="n_of_1_feels_alike"),
        )

    def place(self) -> str:
        """What the key is sealed for."""
        return f"n-of-1 key {self.pk}"

    def open_to_all(self) -> bool:
        """Whether the order is nobody's secret any more: the last guess had its days, or the test was ended."""
        return hasattr(self, "stop") or self.person.today() > self.last_day + LAST_GUESS

    def key(self) -> JsonObject:
        """The content of design.key.json, opened: for the keeper's sheet, and for everyone once `open_to_all`."""
        content: JsonObject = json.loads(self.person.open(self.sealed_key, self.place()))
        return content

    @property
    def commitment(self) -> str:
        """What anybody can hold the order against afterwards."""
        return str(self.design["commitment"])

    @property
    def last_day(self) -> dt.date:
        """Of the last period."""
        return dt.date.fromisoformat(self.design["last_day"])

    def sheet(self) -> CodeSheet:
        """Both sheets of the masked lamp; what the keeper is told stands in it beside what the person is told."""
        # The keys of our own table are the methods of the core.
        return code_sheet(self.design, self.key(), self.method)  # type: ignore[arg-type]

    def masking(self) -> Masking:
        """How the lamp was masked, as the course reads it; the keeper by role, since a course folder names nobody."""
        return Masking(
            method=self.method,  # type: ignore[arg-type]
            keeper="an administrator of the clinic",
            looks_alike=self.looks_alike,  # type: ignore[arg-type]
            feels_alike=self.feels_alike,  # type: ignore[arg-type]
            checked_on=self.checked_on,
        )


class PeriodGuess(InsertOnly):
    """What the person believes one period was; once written it stays, or the last look would change the first."""

    Belief: TypeAlias = _Belief

    design = models.ForeignKey(SealedDesign, on_delete=models.PROTECT, related_name="guesses")
    period = models.PositiveSmallIntegerField()
    date = models.DateField()
    belief = models.CharField(max_length=8, choices=_Belief)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["design", "period"], name="one_guess_a_period"),
            at_least("period", 1, name="guess_period"),
            one_of("belief", _Belief, name="guess_belief"),
        )


class Unblinding(InsertOnly):
    """Somebody learnt what a period is before the last is over; the reason is sealed."""

    Who: TypeAlias = _Who

    design = models.ForeignKey(SealedDesign, on_delete=models.PROTECT, related_name="unblindings")
    period = models.PositiveSmallIntegerField()
    date = models.DateField()
    who = models.CharField(max_length=12, choices=_Who)
    emergency = models.BooleanField()
    sealed_reason = models.BinaryField()
    signed_name = models.CharField(max_length=120)

    class Meta:
        constraints = (
            at_least("period", 1, name="unblinding_period"),
            one_of("who", _Who, name="unblinding_who"),
        )

    def place(self) -> str:
        """What the reason is sealed for."""
        return f"unblinding {self.pk}"

    def reason(self) -> str:
        """Why, opened."""
        return self.design.person.open(self.sealed_reason, self.place())

    def to_core(self, line: int) -> CoreUnblinding:
        """The line of unblindings.csv."""
        return CoreUnblinding(
            line=line,
            date=self.date,
            who=self.who,  # type: ignore[arg-type]
            emergency=self.emergency,
            reason=self.reason(),
        )


class DesignStop(InsertOnly):
    """A blinded test was ended before its last day, and why."""

    design = models.OneToOneField(SealedDesign, on_delete=models.PROTECT, related_name="stop")
    date = models.DateField()
    reason = models.CharField(max_length=400)
    signed_name = models.CharField(max_length=120)
