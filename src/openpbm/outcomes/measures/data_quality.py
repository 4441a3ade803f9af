"""How much of what was asked for is written down, with every mark."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TypedDict

from openpbm.course.gaps import expected_days, longest_gap, observed_days
from openpbm.course.mark import Mark, MarkText, mark_in_folder, marks_together
from openpbm.course.records import Course
from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.outcomes.measures.data_marks import data_marks
from openpbm.outcomes.measures.measure import Measure
from openpbm.outcomes.measures.phases import Phases

__all__ = ["DataQuality", "assess_data_quality"]


class DiaryQuality(TypedDict):
    """Days of the diary, by the calendar."""

    expected_days: int
    observed_days: int
    longest_gap_days: int
    baseline_days: int


class ScoreCounts(TypedDict):
    """How many scores of one scale and version there are."""

    scale: str
    version: str
    baseline: int
    recent: int


class MarkRow(TypedDict):
    """One thing a reader must know about the data."""

    id: str
    text: str


class DataQuality(TypedDict):
    """Completeness is the share of expected days that have a rating, null where none is expected [-].

    `marks` is every mark; `marks_together` says what repeats itself once, with its days and lines, for a reader.
    """

    completeness: float | None
    diary: DiaryQuality
    scores: list[ScoreCounts]
    marks: list[MarkRow]
    marks_together: list[MarkRow]


def assess_data_quality(
    course: Course,
    phases: Phases,
    measures: Sequence[Measure],
    doubts: Sequence[Mark],
    mark_text: MarkText = mark_in_folder,
) -> DataQuality:
    """Completeness of the diary from the asked-for baseline to the checkpoint, its longest gap, and all marks.

    doubts : what was doubtful about lines of events and of the timeline
    mark_text : how a mark is said, with its file or without
    Days are counted by the calendar, so that a blank line is worth no more than no line.
    """
    asked_from = phases.began - dt.timedelta(days=int(outcome_limit("baseline_days")))
    rated = [row.date for row in course.diary if row.severity is not None]
    expected = expected_days(asked_from, phases.as_of)
    observed = observed_days(rated, asked_from, phases.as_of)
    marks = [*course.marks, *data_marks(course, phases, measures), *doubts]
    return {
        "completeness": observed / expected if expected else None,
        "diary": {
            "expected_days": expected,
            "observed_days": observed,
            "longest_gap_days": longest_gap(rated, asked_from, phases.as_of),
            "baseline_days": observed_days(rated, phases.baseline[0], phases.began),
        },
        "scores": [
            {"scale": m.scale.id, "version": m.version, "baseline": m.counts[0], "recent": m.counts[1]}
            for m in measures
            if m.source == "scores"
        ],
        "marks": [{"id": mark.id, "text": mark_text(mark)} for mark in marks],
        "marks_together": [{"id": mark.id, "text": mark_text(mark)} for mark in marks_together(marks)],
    }
