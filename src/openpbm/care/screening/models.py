"""Screenings as they were, and what a clinician released."""

from __future__ import annotations

import hashlib

from django.db import models

from openpbm.care.audit.models import DocumentField, InsertOnly, canonical
from openpbm.care.devices.models import Lamp
from openpbm.care.people.models import Intake, Person
from openpbm.reason import Reason

__all__ = ["RuleRelease", "ScreeningRow"]


class ScreeningRow(InsertOnly):
    """One screening: the case it read and everything it found. Computed by the core, never edited.

    case : the whole case file as a document, `release` included
    result : `openpbm.safety.Screening.to_dict()`
    setup : digest of lamp, places and distance: two screenings of one setup and the same answers ask the same
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="screenings")
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="screenings")
    lamp = models.ForeignKey(Lamp, on_delete=models.PROTECT, related_name="screenings")
    case = DocumentField()
    result = DocumentField()
    setup = models.CharField(max_length=64, blank=True)
    package_version = models.CharField(max_length=32)
    facts_digest = models.CharField(max_length=64)
    supersedes = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="later")

    # Left out where the same row is sent twice: they follow from the case and the version that screened it.
    computed_fields = ("result", "setup", "package_version", "facts_digest")

    def set_setup(self) -> None:
        """Say by a digest which lamp, places, distance and placement it is about."""
        placement = self.case.get("placement") or {}
        placed = [
            self.lamp_id,
            self.case.get("sites"),
            placement.get("distance_mm"),
            placement.get("places_at_once", 1),
            *filter(None, [placement.get("mode")]),
        ]
        self.setup = hashlib.sha256(canonical([str(placed[0]), *placed[1:]]).encode()).hexdigest()

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
