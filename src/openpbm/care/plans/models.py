"""Plans as they were made, their release, and what holds them."""

from __future__ import annotations

import functools
from typing import Any

from django.db import models

from openpbm.care.audit.constraints import at_least
from openpbm.care.audit.models import DocumentField, InsertOnly
from openpbm.care.devices.models import Lamp
from openpbm.care.people.models import Person
from openpbm.care.screening.models import ScreeningRow
from openpbm.errors import BadInput
from openpbm.planning import AllowedPlan, load_allowed_plan, load_outline, load_plan
from openpbm.planning import Plan as CorePlan

__all__ = ["Hold", "HoldLift", "PlanRelease", "PlanRow"]


class PlanRow(InsertOnly):
    """One version of a plan: an immutable snapshot of plan.json and of the case it answers.

    outline : the same plan without its tables of light, for lists; "" where it is not allowed
    last_day : of its sessions and checkpoints
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="plans")
    screening = models.ForeignKey(ScreeningRow, on_delete=models.PROTECT, related_name="plans")
    lamp = models.ForeignKey(Lamp, on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveIntegerField()
    document = DocumentField()
    seed = models.BigIntegerField()
    package_version = models.CharField(max_length=32)
    facts_digest = models.CharField(max_length=64)
    outline = models.TextField(blank=True)
    last_day = models.DateField(null=True, blank=True)
    supersedes = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="later")

    # The plan is made here: whoever sends for it twice cannot know what came out.
    computed_fields = ("version", "document", "package_version", "facts_digest", "supersedes_id", "outline", "last_day")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "version"], name="one_plan_a_version"),
            at_least("version", 1, name="plan_version"),
        )

    def save(self, **how: Any) -> None:
        """Keep it, with what lists read of it."""
        self.set_outline()
        super().save(**how)

    def set_outline(self) -> None:
        """Write down beside the plan what lists read of it."""
        try:
            plan = load_allowed_plan(self.core)
        except BadInput:
            # Not allowed, or none at all: nobody can release it, and no list follows it.
            return
        days = [*plan.checkpoint_days.values(), *(one.date for one in plan.schedule.sessions)]
        self.outline, self.last_day = plan.outline(), max(days)

    @property
    def verdict(self) -> str:
        """The plan's own verdict."""
        return str(self.document["verdict"])

    @functools.cached_property
    def core(self) -> CorePlan:
        """The plan itself, read once: a stored plan never changes, and reading its tables takes time."""
        return load_plan(self.document)

    @property
    def lamps(self) -> tuple[Lamp, ...]:
        """Every lamp it is given with; the first of them is `lamp`."""
        return self.screening.lamps if self.screening.further_lamps else (self.lamp,)

    @property
    def measured_lamps(self) -> tuple[Lamp, ...]:
        """Of its lamps those whose output it took as measured.

        The plan knows its lamps together, as little known as the least known of them; each by itself stands in the
        screening.
        """
        if not self.screening.further_lamps:
            plan = self.followed if self.outline else self.core
            return self.lamps if plan.lamp.output_status == "measured" else ()
        placed = self.screening.with_placements()
        return tuple(lamp for lamp, one in placed if one["device"]["output_status"] == "measured")

    @property
    def lamp_names(self) -> str:
        """The names of all its lamps."""
        return " and ".join(lamp.name for lamp in self.lamps)

    @functools.cached_property
    def followed(self) -> AllowedPlan:
        """The plan as a course of light follows it, without its tables of light; BadInput for one that is not allowed.

        Thirty times as quick as `core`, and its document need not be fetched.
        """
        return load_outline(self.outline) if self.outline else load_allowed_plan(self.core)


class PlanRelease(InsertOnly):
    """The signature under a plan: from here on its sessions may start. A later release replaces an earlier one.

    early_start : why the course begins before two weeks of diary; "" where it does not
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="plan_releases")
    # One to one: a plan is released once, and a change of it is a new version with a release of its own.
    plan = models.OneToOneField(PlanRow, on_delete=models.PROTECT, related_name="release")
    statement = models.CharField(max_length=400)
    early_start = models.CharField(max_length=400, blank=True)
    signed_name = models.CharField(max_length=120)


class Hold(InsertOnly):
    """Something that keeps sessions from starting until somebody has decided: an effect, a finding, a withdrawal."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holds")
    cause = models.CharField(max_length=40)
    message = models.CharField(max_length=600)
    # Table and id, no foreign key: what brings a hold about may be an effect or a session, which are layers above.
    about_table = models.CharField(max_length=64, blank=True)
    about_id = models.CharField(max_length=64, blank=True)


class HoldLift(InsertOnly):
    """The signature that a hold is over: a clinician's, or the person's own with whom they asked.

    agreed_by, sealed_contact : the health professional whom somebody on their own asked, and how to reach them
    """

    # Two clinicians who sign in the same moment must not both leave a reason: the database takes one.
    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="lift")
    reason = models.CharField(max_length=400)
    agreed_by = models.CharField(max_length=120, blank=True)
    sealed_contact = models.BinaryField(default=bytes, blank=True)
    signed_name = models.CharField(max_length=120)

    def contact(self) -> str:
        """How whoever agreed is reached, opened."""
        return self.hold.person.open(self.sealed_contact, self.place())

    def place(self) -> str:
        """What the contact is sealed for."""
        return f"hold lift {self.pk}"
