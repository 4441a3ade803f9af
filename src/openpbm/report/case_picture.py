"""The picture of a case report: the same as a clinician sees, by day of the course, without dates and free text."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from openpbm.files import adapter
from openpbm.outcomes.decision import CaseReport
from openpbm.report.course_lines import diary_line, given_sessions, score_lines
from openpbm.report.course_picture import CoursePicture, Happening, HappeningRow
from openpbm.report.draw_course import draw_course

__all__ = ["case_picture", "draw_case_picture"]


def case_picture(report: CaseReport) -> dict[str, object]:
    """The picture as JSON; what no file of a course holds, lamps changed and holds, has no row."""
    course, day_of = report.course, report.day
    lines = [
        diary_line(((row.date, row.severity) for row in course.diary), day_of),
        *score_lines(course.scores, day_of),
    ]
    sessions = tuple(given_sessions(report.records, day_of))
    rows = (
        HappeningRow(name="Medicines and other", kind="medicine", items=tuple(_treatments(report))),
        HappeningRow(name="Effects", kind="effect", items=tuple(_effects(report))),
        HappeningRow(name="Checkpoints", kind="checkpoint", items=tuple(_looks(report))),
    )
    days = [day for line in lines for day, _ in line.points] + [one.day for one in sessions]
    days += [item.day for row in rows for item in row.items]
    picture = CoursePicture(
        first=min([0, *days]), last=max([0, *days]), lines=tuple(lines), sessions=sessions, rows=rows, dated=False
    )
    return dataclasses.asdict(picture)


def draw_case_picture(content: object) -> str:
    """The SVG of a picture as it is kept; "" for one with nothing in it."""
    picture = adapter(CoursePicture).validate_python(content)
    return "" if picture.is_empty else draw_course(picture, alone=True)


def _treatments(report: CaseReport) -> Iterator[Happening]:
    for row in report.course.timeline:
        if row.kind != "none":
            name = row.name or row.kind.replace("_", " ")
            yield Happening(day=report.day(row.date), text=" ".join(filter(None, (name, row.action, row.dose))))


def _effects(report: CaseReport) -> Iterator[Happening]:
    for event in report.events:
        if event.kind != "skin_none" and event.what != "none":
            text = event.kind.replace("_", " ") + f", grade {event.grade}" * bool(event.grade)
            yield Happening(day=report.day(event.date), text=text)


def _looks(report: CaseReport) -> Iterator[Happening]:
    for judgement in report.judgements:
        phases = judgement.phases
        yield Happening(day=7 * phases.week, text=f"week {phases.week}: {judgement.decided.decision}")
