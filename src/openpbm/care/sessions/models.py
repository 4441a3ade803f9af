"""Record and verify: that a session was allowed to start, what was given, how the skin was."""

from __future__ import annotations

from typing import cast, get_args

from django.db import models

from openpbm.care.audit.constraints import Within, choices_of, one_of
from openpbm.care.audit.models import DocumentField, InsertOnly
from openpbm.care.devices.models import DISTANCE_MM, Lamp
from openpbm.care.people.models import Person
from openpbm.care.plans.models import PlanRow
from openpbm.care.sessions.positions import place_in_words
from openpbm.course.records import RecordedSession, SkinReaction, Status

__all__ = ["MINUTES", "MOST_PAUSES", "SessionRecord", "SessionStart", "SkinCheck"]

#: Minutes of a session: beyond ten hours a number is a slip of the unit.
MINUTES = Within(0, 600)
#: More pauses than this no session has.
MOST_PAUSES = 200
#: When the skin is looked at.
_MOMENTS = {"after": "Right after", "24h": "A day later"}
_SIDES = ("", "left", "right", "both")


class SessionStart(InsertOnly):
    """A session that was let begin: what was checked, what was found, and who overrode what.

    positions : the lamp is set down so often: {"places": [[site, side], ...], "minutes": at each of them}
    minutes : the longest of them
    checks : the findings of the verification, one object each (rule, level, message, passed)
    override_reason, signed_name : where a clinician let it begin against a finding
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="session_starts")
    plan = models.ForeignKey(PlanRow, on_delete=models.PROTECT, related_name="session_starts")
    lamp = models.ForeignKey(Lamp, on_delete=models.PROTECT, related_name="session_starts")
    sites = DocumentField(help_text="Places [[site, side], ...] of this session.")
    positions = DocumentField(default=list)
    minutes = models.FloatField(validators=[MINUTES])
    distance_mm = models.FloatField(null=True, validators=[DISTANCE_MM])
    started_at = models.DateTimeField()
    resumes = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="resumed_by")
    checks = DocumentField(default=list)
    override_reason = models.CharField(max_length=400, blank=True)
    signed_name = models.CharField(max_length=120, blank=True)

    computed_fields = ("plan_id", "positions", "checks", "minutes", "distance_mm", "signed_name")

    class Meta:
        constraints = (
            MINUTES.constraint("minutes", name="start_minutes"),
            DISTANCE_MM.constraint("distance_mm", name="start_distance"),
        )

    def places(self) -> list[tuple[str, str]]:
        """The places of this session."""
        return [(site, side) for site, side in self.sites]


class SessionRecord(InsertOnly):
    """What was given at one place, or that nothing was: a line of the course's sessions.

    start : the guided session it ends; None for a session written down afterwards
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="session_records")
    start = models.ForeignKey(SessionStart, null=True, blank=True, on_delete=models.PROTECT, related_name="records")
    plan = models.ForeignKey(PlanRow, on_delete=models.PROTECT, related_name="session_records")
    lamp = models.ForeignKey(Lamp, on_delete=models.PROTECT, related_name="session_records")
    date = models.DateField()
    time = models.TimeField(null=True, blank=True)
    site = models.CharField(max_length=40)
    side = models.CharField(max_length=8, blank=True, choices=choices_of(_SIDES))
    minutes = models.FloatField(null=True, blank=True, validators=[MINUTES])
    distance_mm = models.FloatField(null=True, blank=True, validators=[DISTANCE_MM])
    status = models.CharField(max_length=10, choices=choices_of(get_args(Status)))
    reason = models.CharField(max_length=400, blank=True)
    pauses = DocumentField(default=list, help_text="[[seconds after the start, seconds paused], ...]")
    skin_reaction = models.CharField(max_length=12, blank=True, choices=choices_of(get_args(SkinReaction)))
    back_dated = models.BooleanField(default=False)
    findings = DocumentField(default=list, help_text="Delivered against planned, as found when it was written down.")
    # One to one: of two corrections of one line nobody could say which counts.
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="newer")

    computed_fields = ("findings", "back_dated")

    class Meta:
        indexes = (models.Index(fields=["person", "date"], name="session_records_by_day"),)
        constraints = (
            one_of("status", get_args(Status), name="record_status"),
            one_of("side", _SIDES, name="record_side"),
            MINUTES.constraint("minutes", name="record_minutes"),
            DISTANCE_MM.constraint("distance_mm", name="record_distance"),
            one_of("skin_reaction", ("", *get_args(SkinReaction)), name="record_skin_reaction"),
        )

    @property
    def place_in_words(self) -> str:
        """The place as a person at home calls it."""
        return place_in_words((self.site, self.side))

    def to_core(self, line: int) -> RecordedSession:
        """The line of the course's sessions that this is."""
        return RecordedSession(
            line=line,
            date=self.date,
            time=self.time,
            site=self.site,
            side=self.side,
            minutes=self.minutes,
            distance_mm=self.distance_mm,
            status=cast("Status", self.status),
            reason=self.reason,
            skin_reaction=cast("SkinReaction | None", self.skin_reaction or None),
        )


class SkinCheck(InsertOnly):
    """How the lit skin looked, right after a session or a day later."""

    record = models.ForeignKey(SessionRecord, on_delete=models.PROTECT, related_name="skin_checks")
    moment = models.CharField(max_length=8, choices=tuple(_MOMENTS.items()))
    reaction = models.CharField(max_length=12, choices=choices_of(get_args(SkinReaction)))
    sealed_note = models.BinaryField(default=bytes, blank=True)

    class Meta:
        constraints = (
            one_of("moment", _MOMENTS, name="skin_moment"),
            one_of("reaction", get_args(SkinReaction), name="skin_reaction"),
        )
