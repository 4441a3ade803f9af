"""The course of light put together from its rows, as the core judges it."""

from __future__ import annotations

import hashlib
from typing import Any

from openpbm.care.events.current import course_events
from openpbm.care.people.current import changes_of
from openpbm.care.people.models import Person
from openpbm.care.plans.current import released_plan
from openpbm.care.plans.models import PlanRow
from openpbm.care.scales.current import diary_days, recorded_scores
from openpbm.care.sessions.current import recorded_sessions
from openpbm.care.trust.fields import canonical
from openpbm.course import Course
from openpbm.errors import BadInput

__all__ = ["course_digest", "course_of", "plan_of"]


def plan_of(person: Person) -> PlanRow:
    """The released plan; BadInput where there is none."""
    plan = released_plan(person)
    if plan is None:
        raise BadInput("There is no released plan yet, so there is no course to look at; a plan is released first.")
    return plan


def course_of(person: Person, plan: PlanRow | None = None, *, authors: dict[str, Any] | None = None) -> Course:
    """Everything written down about the course of that plan, the released one where none is named.

    authors : the part of a case report that only people can write (docs/case-report.md)
    Raises BadInput where no plan is released.
    """
    chosen = plan or plan_of(person)
    return Course(
        plan=chosen.to_core(),
        sessions=recorded_sessions(person),
        diary=diary_days(person),
        scores=recorded_scores(person),
        events=course_events(person),
        timeline=changes_of(person),
        case_report=authors or {},
    )


def course_digest(person: Person, plan: PlanRow) -> str:
    """Digest of the rows a judgement reads: another digest, and something was written down since."""
    rows = [str(plan.pk)]
    for name in ("session_records", "diary", "scores", "adverse_events", "changes"):
        rows += sorted(str(key) for key in getattr(person, name).values_list("pk", flat=True))
    return hashlib.sha256(canonical(rows).encode()).hexdigest()
