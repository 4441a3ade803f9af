"""What is known of a course's checkpoints now: the newest judgement of each week, and what was decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from openpbm.care.checkpoints.models import CalendarFeed, CaseReport, Checkpoint, CheckpointDecision
from openpbm.care.people.models import Person
from openpbm.care.plans.hold_causes import HoldCause, shows_cause
from openpbm.care.plans.models import Hold, PlanRow

__all__ = [
    "WeekNow", "cause_of_decision", "cause_of_judgement", "feed_of", "newest_judgement", "newest_judgement_at",
    "reports_of", "weeks_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekNow:
    """One checkpoint of a plan. `newest` None: not judged yet; `decided` None: nobody decided yet."""

    week: int
    day: dt.date
    has_come: bool
    newest: Checkpoint | None
    decided: CheckpointDecision | None


def newest_judgement(person: Person, plan: PlanRow) -> Checkpoint | None:
    """The last judgement of the latest week of that plan, None before the first."""
    return person.checkpoints.filter(plan=plan).order_by("-week", "-audit_number").first()


def newest_judgement_at(plan: PlanRow, week: int) -> Checkpoint | None:
    """The last judgement of one week of that plan."""
    return plan.checkpoints.filter(week=week).select_related("plan").order_by("-audit_number").first()


def weeks_of(person: Person, plan: PlanRow, today: dt.date) -> list[WeekNow]:
    """Every checkpoint of the plan, in its order."""
    # The judgements themselves are long and this list shows none of them, so they are not read.
    newest = {row.week: row for row in plan.checkpoints.defer("judgement").order_by("audit_number")}
    decisions = CheckpointDecision.objects.filter(checkpoint__plan=plan).order_by("audit_number")
    decisions = decisions.select_related("checkpoint").defer("checkpoint__judgement")
    # Before the first checkpoint nothing can have been decided.
    decided = {row.checkpoint.week: row for row in decisions} if newest else {}
    return [
        WeekNow(week=week, day=day, has_come=day <= today, newest=newest.get(week), decided=decided.get(week))
        for week, day in plan.followed.checkpoint_days.items()
    ]


def reports_of(person: Person) -> list[CaseReport]:
    """The case reports, the newest first."""
    return list(person.case_reports.defer("sealed_content").select_related("created_by").order_by("-audit_number"))


def feed_of(person: Person) -> CalendarFeed | None:
    """The calendar's address that answers now."""
    return person.calendar_feeds.filter(revoked_at=None).first()


@shows_cause(Checkpoint._meta.db_table)
def cause_of_judgement(hold: Hold) -> HoldCause | None:
    """What the judgement said that holds the sessions of somebody on their own."""
    row = Checkpoint.objects.filter(pk=hold.about_id, person=hold.person).first()
    return None if row is None else _cause(row, [])


@shows_cause(CheckpointDecision._meta.db_table)
def cause_of_decision(hold: Hold) -> HoldCause | None:
    """What was decided, and the judgement it was decided on."""
    rows = CheckpointDecision.objects.filter(pk=hold.about_id, checkpoint__person=hold.person)
    row = rows.select_related("checkpoint").first()
    if row is None:
        return None
    return _cause(
        row.checkpoint, [("Decided", row.decision), ("Because", row.reason or "not said"), ("Signed", row.signed_name)]
    )


def _cause(judged: Checkpoint, decided: list[tuple[str, str]]) -> HoldCause:
    said = judged.judgement
    facts = [("What it says", str(said["statement"])), ("It proposes", str(said["decision"])), *decided]
    where = reverse("checkpoints:show", kwargs={"person_id": judged.person_id, "week": judged.week})
    title = f"The checkpoint of week {judged.week}"
    return HoldCause(title=title, facts=tuple(facts), page=where, page_label="All of the checkpoint")
