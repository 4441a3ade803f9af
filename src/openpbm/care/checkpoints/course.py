"""The course of light built from its rows, as the core judges it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from openpbm.care.audit.models import canonical
from openpbm.care.events.selectors import course_events
from openpbm.care.n_of_1.selectors import design_keys, design_lines
from openpbm.care.people.models import Person
from openpbm.care.people.selectors import changes_of, tried_treatments
from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.selectors import released_plan
from openpbm.care.scales.selectors import diary_days, newest_days, recorded_scores, recorded_spasms
from openpbm.care.sessions.selectors import recorded_sessions
from openpbm.course import Course, Mark
from openpbm.course.doubles import diary_once, in_order, scores_once, sessions_once
from openpbm.course.lines import FILES
from openpbm.errors import BadInput, Problem

__all__ = ["build_course", "course_digest", "mark_on_page", "page_of", "plan_of", "written_lines"]

#: The page on which stands what a course folder has in a file.
_PAGES = {
    "diary.csv": "diary",
    "scores.csv": "forms",
    "spasms.csv": "cramps",
    "sessions.csv": "sessions",
    "events.csv": "effects",
    "timeline.csv": "timeline",
    "treatments.csv": "answers",
    "plan.json": "plan",
    "case_report.toml": "case report",
}


def plan_of(person: Person) -> PlanRow:
    """The released plan; BadInput where there is none."""
    plan = released_plan(person)
    if plan is None:
        message = "there is no released plan yet, so there is no course to judge"
        raise BadInput(Problem(key="plan", message=message, remedy="a plan is released first"))
    return plan


def written_lines(person: Person) -> dict[str, tuple[Any, ...]]:
    """Every line that was written down, by the file of a course folder it belongs to, in the order of its rows."""
    days = list(newest_days(person))
    return {
        "sessions": recorded_sessions(person),
        "diary": diary_days(days),
        "scores": recorded_scores(person),
        "events": course_events(person),
        "timeline": changes_of(person),
        "spasms": recorded_spasms(person, days),
        "treatments": tried_treatments(person),
    }


def build_course(
    person: Person,
    plan: PlanRow | None = None,
    *,
    authors: Mapping[str, object] | None = None,
    lines: Mapping[str, tuple[Any, ...]] | None = None,
) -> Course:
    """Everything written down about the course of that plan, the released one where none is named.

    authors : the part of a case report that only people can write (docs/case-report.md)
    lines : `written_lines` of the person, where they were read already
    The same doubles are left out as where a course folder is read, so that an exported course is judged alike.
    Raises BadInput where no plan is released.
    """
    chosen = plan or plan_of(person)
    rows = lines if lines is not None else written_lines(person)
    sessions, left_sessions, session_marks = sessions_once(rows["sessions"])
    diary, left_days, diary_marks = diary_once(rows["diary"])
    scores, left_scores, score_marks = scores_once(rows["scores"])
    return Course(
        plan=chosen.followed,
        sessions=sessions,
        diary=diary,
        scores=scores,
        events=in_order(rows["events"]),
        timeline=in_order(rows["timeline"]),
        spasms=in_order(rows["spasms"]),
        treatments=rows["treatments"],
        left_out=(*left_days, *left_sessions, *left_scores),
        case_report=authors or {},
        **design_lines(person, chosen),
        marks=(*_nothing_written(rows), *session_marks, *diary_marks, *score_marks),
    )


def _nothing_written(rows: Mapping[str, Sequence[Any]]) -> list[Mark]:
    return [
        Mark(id=f"no_{name}", message="holds no line; nothing of it is known", file=kind.name)
        for name, kind in FILES.items()
        if kind.wanted and not rows.get(name)
    ]


def page_of(file: str) -> str:
    """What a reader here calls a file of the course folder."""
    return _PAGES[file]


def mark_on_page(mark: Mark) -> str:
    """The mark for a reader who has pages and no files; its lines are rows that nobody counts here."""
    return f"{page_of(mark.file)}: {mark.text}" if mark.file else mark.text


def course_digest(person: Person, plan: PlanRow) -> str:
    """Digest of the rows a judgement reads: another digest, and something was written down since."""
    # The keys are enough: rows are never changed, a correction is a row of its own.
    rows = [str(plan.pk)]
    for name in ("session_records", "diary", "spasms", "scores", "adverse_events", "changes", "intakes"):
        rows += sorted(str(key) for key in getattr(person, name).values_list("pk", flat=True))
    rows += design_keys(person)
    return hashlib.sha256(canonical(rows).encode()).hexdigest()
