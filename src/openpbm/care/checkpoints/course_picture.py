"""The picture of one person's course, read from the rows in as many queries for a year as for a week.

It shows what was written. No judgement reads it, and it says nothing that a judgement did not say.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator

from openpbm.care.checkpoints.models import Checkpoint, CheckpointDecision
from openpbm.care.checkpoints.plain_words import plain_judgement
from openpbm.care.events.plain_kinds import shown_kind
from openpbm.care.events.selectors import newest_events
from openpbm.care.people.models import Person
from openpbm.care.plans.models import PlanRelease
from openpbm.care.scales.selectors import newest_days, newest_scores
from openpbm.care.sessions.models import SessionRecord
from openpbm.care.sessions.selectors import lines_of, newest_records
from openpbm.course import Course
from openpbm.delivery import match_sessions
from openpbm.report.course_lines import diary_line, given_sessions, score_lines
from openpbm.report.course_picture import CoursePicture, GivenSession, Happening, HappeningRow, Line

__all__ = ["course_picture", "judged_words"]


def course_picture(person: Person) -> CoursePicture:
    """Everything written about the person up to today, whichever plan it belongs to."""
    today = person.today().toordinal()
    releases = _releases(person)
    rated = ((row.date, row.answers.get("severity")) for row in newest_days(person).defer("sealed_notes"))
    scores = (row.to_core(line) for line, row in enumerate(newest_scores(person)))
    lines = [diary_line(rated, dt.date.toordinal), *score_lines(scores, dt.date.toordinal)]
    sessions = tuple(_sessions(person, releases))
    rows = (
        HappeningRow(name="Lamp", kind="lamp", items=tuple(_lamps(person, releases))),
        HappeningRow(name="Medicines and other", kind="medicine", items=tuple(_changes(person))),
        HappeningRow(name="Effects", kind="effect", items=tuple(_effects(person))),
        HappeningRow(name="Holds", kind="hold", items=tuple(_holds(person))),
        HappeningRow(name="Checkpoints", kind="checkpoint", items=tuple(_checkpoints(person, releases))),
    )
    days = [day for line in lines for day, _ in line.points] + [one.day for one in sessions]
    days += [item.day for row in rows for item in row.items]
    first = min((day for day in days if day <= today), default=today)
    return _until(CoursePicture(first=first, last=today, lines=tuple(lines), sessions=sessions, rows=rows))


def judged_words(person: Person, judged: Checkpoint | None = None) -> tuple[str, str]:
    """What a judgement (the newest, where none is named) says in short with its day, and in full; or that none is."""
    newest = judged or person.checkpoints.order_by("-audit_number").first()
    if newest is None:
        return "Nothing was judged yet.", "The picture shows what was written, no more."
    plain = plain_judgement(newest.judgement)
    return f"Week {newest.week}, as of {plain.date}: {plain.in_short}", plain.statement


def _until(picture: CoursePicture) -> CoursePicture:
    """Without what is dated after today, which a slip of the pen may be."""
    last = picture.last
    rows = (
        HappeningRow(name=row.name, kind=row.kind, items=tuple(one for one in row.items if one.day <= last))
        for row in picture.rows
    )
    return CoursePicture(
        first=picture.first, last=last, rows=tuple(rows),
        lines=tuple(
            Line(name=one.name, low=one.low, high=one.high, better=one.better,
                 points=tuple(point for point in one.points if point[0] <= last))
            for one in picture.lines
        ),
        sessions=tuple(one for one in picture.sessions if one.day <= last),
    )  # fmt: skip


def _releases(person: Person) -> list[PlanRelease]:
    """Every plan that was in force, in its order, without the tables of light."""
    rows = PlanRelease.objects.filter(person=person).select_related("plan__screening__lamp")
    aside = ("plan__document", "plan__screening__case", "plan__screening__result")
    return [row for row in rows.defer(*aside).order_by("audit_number") if row.plan.outline]


def _sessions(person: Person, releases: Iterable[PlanRelease]) -> Iterator[GivenSession]:
    of_plan: dict[uuid.UUID, list[SessionRecord]] = defaultdict(list)
    for record in newest_records(person).defer("findings", "pauses"):
        of_plan[record.plan_id].append(record)
    tomorrow = person.today() + dt.timedelta(days=1)
    for release in releases:
        course = Course(plan=release.plan.followed, sessions=lines_of(of_plan.get(release.plan_id, [])))
        yield from given_sessions(match_sessions(course, tomorrow), dt.date.toordinal)


def _lamps(person: Person, releases: Iterable[PlanRelease]) -> Iterator[Happening]:
    before = ""
    for release in releases:
        plan = release.plan
        text = f"version {plan.version}"
        if plan.screening.lamps_in_short != before:
            before = plan.screening.lamps_in_short
            text = f"{before}, {text}"
        yield Happening(day=_day(person, release.created_at), text=text)


def _changes(person: Person) -> Iterator[Happening]:
    for row in person.changes.exclude(kind="none").order_by("date", "audit_number"):
        text = " ".join(part for part in (row.name or row.kind.replace("_", " "), row.action, row.dose) if part)
        yield Happening(day=row.date.toordinal(), text=text)


def _effects(person: Person) -> Iterator[Happening]:
    for row in newest_events(person).exclude(kind="none").defer("sealed_detail"):
        grade = row.advice.get("grade")
        yield Happening(day=row.date.toordinal(), text=shown_kind(row.kind) + f", grade {grade}" * bool(grade))


def _holds(person: Person) -> Iterator[Happening]:
    for hold in person.holds.select_related("lift").order_by("audit_number"):
        lift = getattr(hold, "lift", None)
        day = _day(person, hold.created_at)
        if lift is None:
            yield Happening(day=day, text=hold.message, open_end=True)
        else:
            yield Happening(day=day, text=hold.message, until=_day(person, lift.created_at))


def _checkpoints(person: Person, releases: Iterable[PlanRelease]) -> Iterator[Happening]:
    """Every week that was judged, on its day, with what was decided; undecided where nobody has."""
    days = {
        (release.plan_id, week): day
        for release in releases
        for week, day in release.plan.followed.checkpoint_days.items()
    }
    decided = {}
    for row in (
        CheckpointDecision.objects.filter(checkpoint__person=person)
        .order_by("audit_number")
        .values_list("checkpoint__plan_id", "checkpoint__week", "decision")
    ):
        decided[row[0], row[1]] = row[2]
    judged = Checkpoint.objects.filter(person=person).order_by("audit_number").values_list("plan_id", "week")
    found = {key: days[key] for key in dict.fromkeys(judged) if key in days}
    for key, day in sorted(found.items(), key=lambda one: one[1]):
        said = decided.get(key)
        yield Happening(day=day.toordinal(), text=f"week {key[1]}: {said or 'undecided'}")


def _day(person: Person, moment: dt.datetime) -> int:
    return moment.astimezone(person.zone).date().toordinal()
