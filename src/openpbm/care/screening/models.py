"""Screenings as they were, and what a clinician released."""

from __future__ import annotations

import functools
import hashlib

from django.db import models

from openpbm.care.audit.models import DocumentField, InsertOnly, canonical
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.selectors import with_readings
from openpbm.care.people.models import Intake, Person
from openpbm.care.screening.session_lamps import placed_lamps
from openpbm.files import JsonObject
from openpbm.reason import Reason

__all__ = ["RuleRelease", "ScreeningRow"]


class ScreeningRow(InsertOnly):
    """One screening: the case it read and everything it found. Computed by the core, never edited.

    case : the whole case file as a document, `release` included
    result : `openpbm.safety.Screening.to_dict()`
    setup : digest of lamps, places and distance: two screenings of one setup and the same answers ask the same
    lamp, further_lamps : the first lamp, and the ids of those beside it in one session, as `case["lamps"]` has them
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="screenings")
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="screenings")
    lamp = models.ForeignKey(Lamp, on_delete=models.PROTECT, related_name="screenings")
    # A list of ids and no table of its own: it is read with its screening alone, and no lamp is ever deleted.
    further_lamps = DocumentField(default=list)
    case = DocumentField()
    result = DocumentField()
    setup = models.CharField(max_length=64, blank=True)
    package_version = models.CharField(max_length=32)
    facts_digest = models.CharField(max_length=64)
    supersedes = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="later")

    # Left out where the same row is sent twice: they follow from the case and the version that screened it.
    computed_fields = ("result", "setup", "package_version", "facts_digest")

    def set_setup(self) -> None:
        """Say by a digest which lamps, places, distances and placements it is about."""
        placements = [lamp["placement"] for lamp in self.placed]
        placed = [[str(self.lamp_id), *self.further_lamps], self.case.get("sites"), placements]
        self.setup = hashlib.sha256(canonical(placed).encode()).hexdigest()

    @functools.cached_property
    def lamps(self) -> tuple[Lamp, ...]:
        """Every lamp of the session, in the order of the case; with their readings where there are several."""
        if not self.further_lamps:
            return (self.lamp,)
        keys = [str(self.lamp_id), *self.further_lamps]
        rows = {str(lamp.pk): lamp for lamp in with_readings(Lamp.objects.filter(pk__in=keys))}
        return tuple(rows[key] for key in keys)

    @property
    def lamps_in_short(self) -> str:
        """The first lamp's name and how many stand beside it, for lists: no query for each row."""
        beside = len(self.further_lamps)
        return f"{self.lamp.name} and {beside} more" if beside else self.lamp.name

    @property
    def placed(self) -> list[JsonObject]:
        """`device` and `placement` of each lamp, as they were screened."""
        return placed_lamps(self.case)

    def with_placements(self) -> list[tuple[Lamp, JsonObject]]:
        """Each lamp with its `device` and `placement`."""
        return list(zip(self.lamps, self.placed, strict=True))

    @property
    def verdict(self) -> str:
        """`allowed`, `ask`, `needs_clinician`, `refused` or `refer`."""
        return str(self.result["verdict"])

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Everything that speaks against light, or for care in it."""
        return tuple(Reason(**reason) for reason in self.result["reasons"])

    @property
    def cautions(self) -> tuple[Reason, ...]:
        """What to take care of, the verdict notwithstanding."""
        return tuple(Reason(**reason) for reason in self.result["cautions"])


class RuleRelease(InsertOnly):
    """A clinician's signature under one rule of one screening."""

    screening = models.ForeignKey(ScreeningRow, on_delete=models.PROTECT, related_name="releases")
    rule = models.CharField(max_length=64)
    reason = models.CharField(max_length=400)
    signed_name = models.CharField(max_length=120)
