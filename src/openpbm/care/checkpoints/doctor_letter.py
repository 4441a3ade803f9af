"""What a doctor must know about a course of light, as the data of a paper of one or two pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from openpbm import __version__
from openpbm.care.checkpoints.course import course_of
from openpbm.care.checkpoints.current import newest_judgement
from openpbm.care.checkpoints.now import adherence_sentence, lamp_sentence, light_sentence, week_at
from openpbm.care.checkpoints.plain_words import plain_judgement
from openpbm.care.checkpoints.progress_chart import progress_of
from openpbm.care.people.current import latest_intake
from openpbm.care.people.models import Person
from openpbm.care.people.summary import NOT_SAID, Answered, summary_of
from openpbm.care.plans.current import newest_release, open_holds
from openpbm.care.plans.models import PlanRelease
from openpbm.course import Course, ReleasedPlan
from openpbm.delivery import adherence, cumulative_fluence, match_sessions
from openpbm.facts.notice import NOTICE
from openpbm.outcomes.adverse_events import grade_events
from openpbm.report.wording import date_in_words, place_in_words, quantity, range_in_words

__all__ = ["doctor_letter"]

#: More lines than this are counted, not listed, so that the paper stays at two pages.
_MOST = 8


def doctor_letter(person: Person) -> dict[str, Any]:
    """Everything the template prints; each part is there, if only to say that nothing is known."""
    release = newest_release(person)
    intake = latest_intake(person)
    identity = person.identity
    return {
        "title": "A course of light: for my doctor",
        "author": "OpenPBM",
        "notice": NOTICE,
        "head": [
            ["Person", f"{identity.name or 'name not given'} ({person.code})"],
            ["Born", date_in_words(identity.birth_date) if identity.birth_date else "not given"],
            ["Clinic", "none; the person manages this alone" if person.clinic is None else person.clinic.name],
            ["As of", date_in_words(person.today().isoformat())],
        ],
        "health": [] if intake is None else _health(summary_of(intake.document)),
        **(_without_plan() if release is None else _with_plan(person, release)),
        "made": f"Made by OpenPBM {__version__} from what was written down. Nobody signed this paper.",
    }


def _health(said: Answered) -> list[list[str]]:
    """What was answered; what was not stands in one line, so that it is seen and takes no room."""
    silent = [name.lower() for name, answer in said.facts if answer == NOT_SAID]
    rows = [list(row) for row in said.facts if row[1] != NOT_SAID]
    rows += [["Yes to", "; ".join(said.yes)]] if said.yes else []
    rows += [["Not known", "; ".join(said.unknown)]] if said.unknown else []
    return [*rows, ["Not said", ", ".join(silent)]] if silent else rows


def _without_plan() -> dict[str, Any]:
    return {
        "plan": [["Plan", "none was released; no light is planned"]],
        "given": [],
        "scores": [],
        "statement": "",
        "statement_note": "",
        "effects": [],
        "changes": [],
        "holds": [],
    }


def _with_plan(person: Person, release: PlanRelease) -> dict[str, Any]:
    today = person.today()
    course = course_of(person, release.plan)
    done = adherence(course, today)
    light = cumulative_fluence(match_sessions(course, today + dt.timedelta(days=1)))
    statement, note = _judged(person, release)
    return {
        "plan": _plan(course.plan, release, today),
        "given": [
            ["Sessions", adherence_sentence(done.to_dict())],
            ["Light at the skin so far", light_sentence(light)],
        ],
        "scores": _scores(course, today),
        "statement": statement,
        "statement_note": note,
        "effects": _first(_effects(course, today)),
        "changes": _first(_changes(course, today)),
        "holds": [row.message for row in open_holds(person)],
    }


def _plan(plan: ReleasedPlan, release: PlanRelease, today: dt.date) -> list[list[str]]:
    document = plan.document
    condition = document.get("condition") or {}
    lamp = document.get("lamp") or {}
    places = "; ".join(place_in_words(site) for site in document.get("sites") or [])
    wavelengths = ", ".join(f"{nm:g} nm" for nm in lamp.get("wavelengths_nm") or [])
    week = week_at(plan, today)
    when = (
        "not begun yet"
        if week < 1
        else f"week {week} of {plan.weeks}"
        if week <= plan.weeks
        else f"all {plan.weeks} weeks past"
    )
    rows = [
        ["Light is used for", str(condition.get("plain_name") or plan.condition or "not said")],
        ["Where", places or "not said"],
        ["Lamp", f"{lamp.get('name') or 'not named'}{f', {wavelengths}' if wavelengths else ''}"],
        ["Output", lamp_sentence(document)],
        ["Each session", _session(plan)],
        ["Dose at the skin in a session", _fluence(plan)],
        ["Course", f"from {date_in_words(plan.start_date.isoformat())}, {when}"],
        ["Released", f"version {release.plan.version}, by {release.signed_name}, {_words(release.created_at)}"],
    ]
    evidence = (document.get("evidence") or {}).get("statement")
    return [*rows, ["What is known", str(evidence)]] if evidence else rows


def _session(plan: ReleasedPlan) -> str:
    positions = max(len(one.placements) for one in plan.sessions)
    each = " at each position of the lamp" if positions > 1 else ""
    distance = "" if plan.distance_mm is None else f", {plan.distance_mm:g} mm from the skin"
    often = f"{plan.sessions_per_week:g} times a week for {plan.weeks} weeks"
    return f"{plan.minutes:g} minutes{each}{distance}; {often}"


def _fluence(plan: ReleasedPlan) -> str:
    if plan.fluence_j_cm2 is None:
        return "not known"
    lower, planned, upper = plan.fluence_j_cm2
    return f"{quantity(planned, 3)} J/cm² (between {range_in_words([lower, upper])} J/cm², as the lamp is trusted)"


def _judged(person: Person, release: PlanRelease) -> tuple[str, str]:
    newest = newest_judgement(person, release.plan)
    if newest is None:
        return "The course was not judged yet.", ""
    said = plain_judgement(newest.judgement)
    note = f"Week {said.week}, as of {said.date}. Evidence grade {said.grade}: {said.grade_means}"
    decided = newest.decisions.order_by("-created_at").first()
    signed = "" if decided is None else f" Decided by {decided.signed_name}: {decided.decision}."
    return said.statement, f"{note}{signed}"


def _scores(course: Course, today: dt.date) -> list[list[str]]:
    """Each questionnaire with its first and last value, and the diary in a sentence."""
    progress = progress_of(course, today)
    rows = [
        [
            chart.name,
            *(f"{value:g} ({_words(day)})" for day, value in (chart.rows[0], chart.rows[-1])),
        ]
        for chart in progress.scores
    ]
    rated = [row for row in course.diary if row.severity is not None and row.date <= today]
    if rated:
        ends = [f"{row.severity:g} ({_words(row.date)})" for row in (rated[0], rated[-1])]
        rows.insert(0, [f"Diary, worst of the day (0-10), {len(rated)} days", *ends])
    return rows


def _effects(course: Course, today: dt.date) -> Iterable[str]:
    graded = grade_events([row for row in course.events if row.date <= today], course.sessions)
    for event in reversed(graded):
        if event.grade >= 1:
            yield f"{_words(event.date)}, grade {event.grade}: {event.text}"


def _changes(course: Course, today: dt.date) -> Iterable[str]:
    for row in reversed(course.timeline):
        if row.date <= today and row.kind != "none":
            dose = f", {row.dose}" if row.dose else ""
            yield f"{_words(row.date)}: {row.name or row.kind}: {row.action or 'changed'}{dose}"


def _words(day: dt.date) -> str:
    return date_in_words(f"{day:%Y-%m-%d}")


def _first(lines: Iterable[str]) -> list[str]:
    every = list(lines)
    return every if len(every) <= _MOST else [*every[:_MOST], f"and {len(every) - _MOST} older ones"]
