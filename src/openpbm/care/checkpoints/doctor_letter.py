"""What a doctor must know about a course of light, as the data of a letter of one or two pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from openpbm.care.checkpoints.care_team import TeamLine, care_team
from openpbm.care.checkpoints.course import build_course
from openpbm.care.checkpoints.course_picture import course_picture
from openpbm.care.checkpoints.now import adherence_sentence, lamp_sentence, light_sentence, week_at
from openpbm.care.checkpoints.plain_words import plain_judgement
from openpbm.care.checkpoints.progress import progress_of
from openpbm.care.checkpoints.selectors import newest_judgement
from openpbm.care.people.access import Relation
from openpbm.care.people.models import Person
from openpbm.care.people.selectors import latest_intake
from openpbm.care.people.summary import NOT_SAID, Answered, summary_of
from openpbm.care.plans.models import PlanRelease
from openpbm.care.plans.selectors import newest_release, open_holds
from openpbm.course import Course
from openpbm.delivery import adherence, cumulative_fluence, match_sessions
from openpbm.facts.notice import NOTICE
from openpbm.outcomes.harm import grade_events
from openpbm.planning import AllowedPlan
from openpbm.report.course_picture import in_words
from openpbm.report.draw_course import draw_course
from openpbm.version import __version__
from openpbm.wording import date_in_words, gap_in_words, place_in_words, quantity, range_in_words

__all__ = ["DoctorLetter", "doctor_letter"]

#: More lines than this are counted, not listed, so that the letter stays at two pages.
_MOST = 8

#: A label and what stands beside it.
Fact = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFacts:
    """What the letter says of the course itself; without a released plan only that there is none.

    scores : name, first and last value of each questionnaire
    """

    plan: list[Fact]
    given: list[Fact]
    scores: list[tuple[str, str, str]]
    statement: str
    statement_note: str
    effects: list[str]
    changes: list[str]
    holds: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorLetter:
    """Everything the template `for_my_doctor` prints; each part is there, if only to say that nothing is known.

    picture : the course as SVG, "" where nothing was written;  picture_words : the same for whoever does not see it
    """

    title: str
    author: str
    notice: str
    head: list[Fact]
    health: list[Fact]
    course: CourseFacts
    made: str
    picture: str
    picture_words: str


def doctor_letter(person: Person, reader: Relation, to: TeamLine | None = None) -> DoctorLetter:
    """The letter about a person and their course as of today; whoever prints it learns no more than on their pages.

    to : whom of the care team it is for, who is asked something of their own; None is the summary for all
    """
    release = newest_release(person)
    intake = latest_intake(person)
    course = _without_plan() if release is None else _with_plan(person, release)
    drawn = course_picture(person)
    return DoctorLetter(
        title="A course of light: for my doctor",
        author="OpenPBM",
        notice=NOTICE,
        head=[*_head(person, reader), *_addressed(person, to)],
        health=[] if intake is None else _health(summary_of(intake.document)),
        made=f"Made by OpenPBM {__version__} from what was written down. Nobody signed this letter.",
        course=course,
        picture="" if drawn.is_empty else draw_course(drawn, alone=True),
        picture_words=". ".join(f"{name}: {text}" for name, text in in_words(drawn)),
    )


def _head(person: Person, reader: Relation) -> list[Fact]:
    identity = person.identity
    born = date_in_words(identity.birth_date) if identity.birth_date else "not given"
    if reader == Relation.HELPER:
        # No page shows it to a helper; the doctor can be told.
        born = "ask the person"
    clinic = "none; the person manages this alone"
    if person.clinic is not None:
        clinic = person.clinic.name
    return [
        ("Person", f"{identity.name or 'name not given'} ({person.code})"),
        ("Born", born),
        ("Clinic", clinic),
        ("As of", date_in_words(person.today().isoformat())),
    ]


def _addressed(person: Person, to: TeamLine | None) -> list[Fact]:
    """Whom it is for and what they are asked, and who else treats the person: each knows of the others."""
    team = [line for line in care_team(person) if line.name]
    rows = []
    if to is not None:
        rows += [("To", ", ".join(part for part in (to.name, to.role.name, to.contact) if part))]
        rows += [("What we ask", to.role.ask)]
    others = [f"{line.name} ({line.role.name.lower()})" for line in team if to is None or line.role.id != to.role.id]
    return [*rows, ("Others who treat", "; ".join(others))] if others else rows


def _health(answers: Answered) -> list[Fact]:
    """What was answered; what was not stands in one line, so that it is seen and takes no room."""
    silent = [label.lower() for label, answer in answers.facts if answer == NOT_SAID]
    rows = [(label, answer) for label, answer in answers.facts if answer != NOT_SAID]
    lists = {"Yes to": "; ".join(answers.yes), "Not known": "; ".join(answers.unknown), "Not said": ", ".join(silent)}
    return [*rows, *((label, text) for label, text in lists.items() if text)]


def _without_plan() -> CourseFacts:
    return CourseFacts(
        plan=[("Plan", "none was released; no light is planned")],
        given=[],
        scores=[],
        statement="",
        statement_note="",
        effects=[],
        changes=[],
        holds=[],
    )


def _with_plan(person: Person, release: PlanRelease) -> CourseFacts:
    today = person.today()
    course = build_course(person, release.plan)
    # Today's session may be over already: its light counts, while adherence asks only for the days before today.
    light = cumulative_fluence(match_sessions(course, today + dt.timedelta(days=1)))
    statement, note = _judgement(person, release)
    return CourseFacts(
        plan=_plan(course.plan, release, today),
        given=[
            ("Sessions", adherence_sentence(adherence(course, today).to_dict())),
            ("Light at the skin so far", light_sentence(light)),
        ],
        scores=_scores(course, today),
        statement=statement,
        statement_note=note,
        effects=_first(_effects(course, today)),
        changes=_first(_changes(course, today)),
        holds=[hold.message for hold in open_holds(person)],
    )


def _plan(plan: AllowedPlan, release: PlanRelease, today: dt.date) -> list[Fact]:
    lamp = plan.lamp
    places = "; ".join(place_in_words(site.site, site.side) for site in plan.sites)
    wavelengths = "".join(f", {nm:g} nm" for nm in lamp.wavelengths_nm)
    rows = [
        ("Light is used for", plan.condition.plain_name),
        ("Where", places or "not said"),
        ("Lamp", f"{lamp.name or 'not named'}{wavelengths}"),
        ("Output", lamp_sentence(plan.lamp)),
        ("Each session", _session(plan)),
        ("Dose at the skin in a session", _fluence(plan)),
        ("Course", f"from {date_in_words(plan.start_date.isoformat())}, {_where_in_course(plan, today)}"),
        ("Released", f"version {release.plan.version}, by {release.signed_name}, {_date_words(release.created_at)}"),
    ]
    return [
        *rows,
        ("What is known", " ".join([plan.evidence.statement, *(search.text for search in plan.evidence.searches)])),
    ]


def _where_in_course(plan: AllowedPlan, today: dt.date) -> str:
    week = week_at(plan, today)
    if week < 1:
        return "not begun yet"
    if week <= plan.schedule.weeks:
        return f"week {week} of {plan.schedule.weeks}"
    return f"all {plan.schedule.weeks} weeks past"


def _session(plan: AllowedPlan) -> str:
    parts = [f"{plan.session_minutes:g} minutes"]
    positions, total = plan.schedule.positions_per_session, plan.schedule.total_minutes_per_session
    if positions > 1:
        parts[0] = f"{total:g} minutes in all, {plan.session_minutes:g} at each of {positions} positions of the lamp"
    if plan.placement.distance_mm is not None:
        parts.append(f"lamp to skin: {gap_in_words(plan.placement.distance_mm)}")
    return f"{', '.join(parts)}; {plan.schedule.sessions_per_week:g} times a week for {plan.schedule.weeks} weeks"


def _fluence(plan: AllowedPlan) -> str:
    fluence = plan.prescription.skin_fluence_j_cm2
    if fluence is None:
        return "not known"
    between = range_in_words([fluence.lower, fluence.upper])
    return f"{quantity(fluence.planned, 3)} J/cm² (between {between} J/cm², as the lamp is trusted)"


def _judgement(person: Person, release: PlanRelease) -> tuple[str, str]:
    """What the newest judgement says, and a note: how old it is, its grade, who decided on it."""
    newest = newest_judgement(person, release.plan)
    if newest is None:
        return "The course was not judged yet.", ""
    judgement = plain_judgement(newest.judgement)
    note = f"Week {judgement.week}, as of {judgement.date}. Evidence grade {judgement.grade}: {judgement.grade_means}"
    decision = newest.decisions.order_by("-audit_number").first()
    if decision is not None:
        note += f" Decided by {decision.signed_name}: {decision.decision}."
    return judgement.statement, note


def _scores(course: Course, today: dt.date) -> list[tuple[str, str, str]]:
    """Each questionnaire with its first and last value, and the diary in a sentence."""
    rows = []
    rated = [(row.date, row.severity) for row in course.diary if row.severity is not None and row.date <= today]
    if rated:
        rows.append((f"Diary, worst of the day (0-10), {len(rated)} days", _dated(rated[0]), _dated(rated[-1])))
    for series in progress_of(course, today).scores:
        rows.append((series.name, _dated(series.rows[0]), _dated(series.rows[-1])))
    return rows


def _dated(point: tuple[dt.date, float]) -> str:
    day, value = point
    return f"{value:g} ({_date_words(day)})"


def _effects(course: Course, today: dt.date) -> Iterable[str]:
    graded = grade_events([row for row in course.events if row.date <= today], course.sessions)
    # The newest first: what does not fit on the letter is the oldest.
    for event in reversed(graded):
        if event.grade >= 1:
            yield f"{_date_words(event.date)}, grade {event.grade}: {event.text}"


def _changes(course: Course, today: dt.date) -> Iterable[str]:
    for row in reversed(course.timeline):
        if row.date <= today and row.kind != "none":
            dose = f", {row.dose}" if row.dose else ""
            yield f"{_date_words(row.date)}: {row.name or row.kind}: {row.action or 'changed'}{dose}"


def _date_words(day: dt.date) -> str:
    return date_in_words(f"{day:%Y-%m-%d}")


def _first(lines: Iterable[str]) -> list[str]:
    every = list(lines)
    if len(every) > _MOST:
        return [*every[:_MOST], f"and {len(every) - _MOST} older ones"]
    return every
