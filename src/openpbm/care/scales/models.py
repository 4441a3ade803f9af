"""The diary and the scored scales."""

from __future__ import annotations

import datetime as dt
from typing import Literal, cast, get_args

from django.db import models

from openpbm.care.audit.constraints import Within, choices_of, one_of
from openpbm.care.audit.models import DocumentField, InsertOnly
from openpbm.care.people.models import Person
from openpbm.care.scales.computed_score import ComputedScore
from openpbm.course.records import DiaryDay, RecordedScore, Spasm
from openpbm.facts.felt import Felt, read_felt

__all__ = ["SPASM_PAIN", "SPASM_SECONDS", "DiaryEntry", "ScoreEntry", "Source", "SpasmRecord"]

Source = Literal["app", "paper", "clinician"]
SPASM_SECONDS, SPASM_PAIN = Within(0, 86_400), Within(0, 10)


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

    # When it was entered, and which entry it replaces, say nothing about the day: a repeated sending need not match.
    computed_fields = ("entered_at", "supersedes_id")

    class Meta:
        indexes = (models.Index(fields=["person", "date"], name="diary_by_day"),)

    def notes(self) -> str:
        """The notes, opened."""
        return self.person.open(self.sealed_notes, self.place())

    def place(self) -> str:
        """What the notes are sealed for."""
        return f"diary {self.pk}"

    def sleep_hours(self) -> float | None:
        """Hours slept, None where not said."""
        minutes = self.answers.get("sleep_minutes")
        return None if minutes is None else minutes / 60.0

    def entered_later(self) -> bool:
        """Whether it was written down on a later day than the one it is about."""
        return self.entered_at.astimezone(self.person.zone).date() > self.date

    def to_core(self, line: int) -> DiaryDay:
        """The day as the course reads it; times are the person's own clock."""
        answers = dict(self.answers)
        onset = answers.pop("onset", None)
        answers.pop("cramps", None)
        written = {"severity": None, "sleep_minutes": None, "bother": None, **answers}
        return DiaryDay(
            line=line,
            date=self.date,
            entered_at=self.entered_at.astimezone(self.person.zone).replace(tzinfo=None),
            onset=dt.time.fromisoformat(onset) if onset else None,
            notes=self.notes(),
            **written,
        )

    def felt(self) -> tuple[Felt, ...]:
        """What was felt that day and where; empty is not said."""
        return read_felt(str(self.answers.get("sensations", "")))

    def to_spasms(self, first_line: int, known: int) -> tuple[Spasm, ...]:
        """A cramp of which nothing but the day is known for each counted beyond those `known` one by one."""
        return tuple(
            Spasm(line=first_line + n, date=self.date, time=None, muscle="", seconds=None, pain=None, trigger="")
            for n in range(max(0, int(self.answers.get("cramps", 0)) - known))
        )


class ScoreEntry(InsertOnly):
    """One filled scale: its items, or the value alone where somebody else scored it.

    result : what `openpbm.outcomes.measures.scoring` made of the items
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="scores")
    date = models.DateField()
    scale = models.CharField(max_length=40)
    version = models.CharField(max_length=40, blank=True)
    items = DocumentField(null=True, blank=True)
    value = models.FloatField(null=True, blank=True)
    source = models.CharField(max_length=10, choices=choices_of(get_args(Source)))
    result = DocumentField(default=dict)
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="newer")

    computed_fields = ("result", "supersedes_id")

    class Meta:
        indexes = (models.Index(fields=["person", "scale", "date"], name="scores_by_scale"),)
        constraints = (one_of("source", get_args(Source), name="score_source"),)

    @property
    def score(self) -> ComputedScore:
        """What was computed when the form was saved; a later table of bands does not change it."""
        return ComputedScore(**self.result)

    def to_core(self, line: int) -> RecordedScore:
        """The score as the course reads it."""
        return RecordedScore(
            line=line,
            date=self.date,
            scale=self.scale,
            version=self.version,
            value=self.value,
            items=self.items,
            source=cast("Source", self.source),
        )


class SpasmRecord(InsertOnly):
    """One cramp or spasm, written down when it came. A correction supersedes it.

    time : on the person's own clock; None is not known, as `seconds` and `pain`
    counts : False where a later row says that there was none, such as a slip of the finger
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="spasms")
    date = models.DateField()
    time = models.TimeField(null=True, blank=True)
    muscle = models.CharField(max_length=40, blank=True)
    seconds = models.FloatField(null=True, blank=True, validators=[SPASM_SECONDS])
    pain = models.FloatField(null=True, blank=True, validators=[SPASM_PAIN])
    trigger = models.CharField(max_length=40, blank=True)
    counts = models.BooleanField(default=True)
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="newer")

    class Meta:
        indexes = (models.Index(fields=["person", "date"], name="spasms_by_day"),)
        constraints = (
            SPASM_SECONDS.constraint("seconds", name="spasm_seconds"),
            SPASM_PAIN.constraint("pain", name="spasm_pain"),
        )

    def to_core(self, line: int) -> Spasm:
        """The cramp as the course reads it."""
        return Spasm(
            line=line,
            date=self.date,
            time=self.time,
            muscle=self.muscle,
            seconds=self.seconds,
            pain=self.pain,
            trigger=self.trigger,
        )
