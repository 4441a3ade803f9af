"""The engine's proposal at a checkpoint, the clinician's decision, case reports, and a calendar's secret address."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any, get_args

from django.db import models

from openpbm.care import clock
from openpbm.care.audit.constraints import choices_of, one_of
from openpbm.care.audit.ledger import Watched
from openpbm.care.audit.models import DocumentField, InsertOnly
from openpbm.care.people.models import Person
from openpbm.care.plans.models import PlanRow
from openpbm.facts.checkpoint_rules import Decision
from openpbm.files import JsonObject

if TYPE_CHECKING:
    from openpbm.report.case_report import CaseReportDocument

__all__ = [
    "AuthorsPart", "CalendarFeed", "CaseReport", "Checkpoint", "CheckpointDecision", "ExpectedCourse", "TeamMember",
]  # fmt: skip


class Checkpoint(InsertOnly):
    """One judgement as it was computed; a later judgement of the same week is another row.

    judgement : `openpbm.outcomes.decision.checkpoint_document.checkpoint` of the course as it then was
    lasting : the judgement's word on whether what was gained lasts, for lists
    course_digest : of the rows it read, so that a later reader knows whether something was added since
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="checkpoints")
    plan = models.ForeignKey(PlanRow, on_delete=models.PROTECT, related_name="checkpoints")
    week = models.PositiveSmallIntegerField()
    judgement = DocumentField()
    lasting = models.CharField(max_length=20, blank=True)
    course_digest = models.CharField(max_length=64)
    package_version = models.CharField(max_length=32)

    computed_fields = ("lasting",)

    def save(self, **how: Any) -> None:
        """Keep it, with what lists read of it."""
        self.lasting = (self.judgement.get("lasting") or {}).get("word", "")
        super().save(**how)


class CheckpointDecision(InsertOnly):
    """What was decided on a judgement, by whom and why; it may differ from what the engine proposed."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="decisions")
    decision = models.CharField(max_length=20, choices=choices_of(get_args(Decision)))
    reason = models.CharField(max_length=400, blank=True)
    signed_name = models.CharField(max_length=120)

    class Meta:
        constraints = (one_of("decision", get_args(Decision), name="checkpoint_decision"),)


class TeamMember(InsertOnly):
    """Who has one role around a person, sealed; the newest of a role counts, and an empty name is nobody."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="care_team")
    # Roles are rows of the facts, which grow without a migration: no constraint names them.
    role = models.CharField(max_length=32)
    sealed_contact = models.BinaryField()
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="newer")

    computed_fields = ("supersedes_id",)

    def named(self) -> dict[str, str]:
        """`name` and `contact`, opened."""
        content: dict[str, str] = json.loads(self.person.open(self.sealed_contact, self.place()))
        return content

    def place(self) -> str:
        """What the contact is sealed for."""
        return f"care team {self.pk}"


class ExpectedCourse(InsertOnly):
    """What the course would be if the mechanism held, beside a judgement and read by none.

    document : `openpbm.mechanism.as_json.expected_as_json`, or `why` there is none
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="expected_courses")
    checkpoint = models.OneToOneField(Checkpoint, on_delete=models.PROTECT, related_name="expected_course")
    document = DocumentField()
    package_version = models.CharField(max_length=32)


class AuthorsPart(InsertOnly):
    """What only people can say in a case report (docs/case-report.md), sealed: it may hold the person's own words."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="authors_parts")
    sealed_document = models.BinaryField()

    def place(self) -> str:
        """What the document is sealed for."""
        return f"authors part {self.pk}"

    def document(self) -> JsonObject:
        """The keys of case_report.toml, days as text."""
        content: JsonObject = json.loads(self.person.open(self.sealed_document, self.place()))
        return content


class CaseReport(InsertOnly):
    """One case report as it was built, sealed.

    complete : whether nothing it must say is blank
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="case_reports")
    plan = models.ForeignKey(PlanRow, on_delete=models.PROTECT, related_name="case_reports")
    authors_part = models.ForeignKey(AuthorsPart, on_delete=models.PROTECT, related_name="case_reports")
    complete = models.BooleanField()
    sealed_content = models.BinaryField()
    course_digest = models.CharField(max_length=64)
    package_version = models.CharField(max_length=32)

    def place(self) -> str:
        """What the content is sealed for."""
        return f"case report {self.pk}"

    def report(self) -> CaseReportDocument:
        """The report, format `openpbm-case-report-1`."""
        content: CaseReportDocument = json.loads(self.person.open(self.sealed_content, self.place()))
        return content


def _new_secret() -> str:
    return secrets.token_urlsafe(24)


class CalendarFeed(Watched):
    """A calendar that a telephone follows. It cannot sign in, so its address is the secret; ended, never reused."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="calendar_feeds")
    secret = models.CharField(max_length=64, unique=True, default=_new_secret)
    created_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(revoked_at=None), name="one_calendar_feed_a_person"
            ),
        )
