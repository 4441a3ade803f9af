"""Days and sessions written down twice, or before they came: what counts, what is left out, and the mark that says so.

What stays is chosen by what is written, never by where it stands, so that the order of lines does not matter.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

from openpbm.course.mark import Mark
from openpbm.course.records import DiaryDay, RecordedScore, RecordedSession

__all__ = ["diary_once", "in_order", "scores_once", "sessions_once", "thrown_out_days"]

Row = TypeVar("Row", DiaryDay, RecordedSession, RecordedScore)

#: An entry this long after the end of its day is written from memory.
_LATE = dt.timedelta(hours=24)
_SKIN = (None, "none", "warmth", "redness", "pain", "blister")
# Of two lines on one session the one that claims less light stays.
_CLAIMS = ("extra", "done", "partial", "missed")


def in_order(rows: Iterable[Any]) -> tuple[Any, ...]:
    """Rows by date, then by all they say, so that the order of lines leaves no trace."""
    return tuple(sorted(rows, key=lambda row: (row.date, _said(row), row.line)))


def diary_once(rows: Iterable[DiaryDay]) -> tuple[tuple[DiaryDay, ...], tuple[DiaryDay, ...], list[Mark]]:
    """One line a day: (what counts, what is left out, marks `future_dated`, `duplicate_day`, `back_dated`).

    Of several lines on a day the last entered stays; where that is not known, the worst day.
    """
    rows = in_order(rows)
    early = tuple(row for row in rows if _is_early(row))
    marks = []
    if early:
        message = f"{len(early)} {_lines_word(early)} written down before the day came and left out"
        marks.append(_mark("future_dated", "diary.csv", message, early))
    kept, doubles, found = _once(
        (row for row in rows if not _is_early(row)), lambda row: row.date, _worse, "diary.csv", "duplicate_day"
    )
    late = tuple(row for row in kept if _is_late(row))
    if late:
        message = f"{len(late)} of {len(kept)} days entered more than a day after the end of the day they tell of"
        found.append(_mark("back_dated", "diary.csv", message, late))
    return kept, early + doubles, marks + found


def sessions_once(
    rows: Iterable[RecordedSession],
) -> tuple[tuple[RecordedSession, ...], tuple[RecordedSession, ...], list[Mark]]:
    """Each session once: (what counts, what is left out, marks `duplicate_session`).

    Lines of the same date, time, site and side are one session; without a time only lines that say the same are, since
    a session that was broken off and resumed has two. The line with the worst skin reaction stays, then the one that
    claims less light.
    """

    def same(row: RecordedSession) -> Hashable:
        key = (row.date, row.time, row.site, row.side)
        return key if row.time is not None else (*key, _said(row))

    return _once(in_order(rows), same, _worse_skin_or_less_light, "sessions.csv", "duplicate_session")


def scores_once(
    rows: Iterable[RecordedScore],
) -> tuple[tuple[RecordedScore, ...], tuple[RecordedScore, ...], list[Mark]]:
    """Each score once: (what counts, what is left out, marks `blank_score`, `duplicate_score`, `several_scores`).

    Two different scores of one scale on one day both stay, with a mark.
    """
    rows = in_order(rows)
    blank = tuple(row for row in rows if _is_blank(row))
    marks = []
    if blank:
        message = f"{len(blank)} {_lines_word(blank)} with neither a value nor items: not answered, and left out"
        marks.append(_mark("blank_score", "scores.csv", message, blank))
    kept, doubles, found = _once(
        (row for row in rows if not _is_blank(row)), _said, lambda row: (), "scores.csv", "duplicate_score"
    )
    days: dict[Hashable, list[RecordedScore]] = {}
    for row in kept:
        days.setdefault((row.scale, row.date), []).append(row)
    for same_day in days.values():
        if len(same_day) > 1:
            one = same_day[0]
            message = f"{one.scale} stands there {len(same_day)} times with different answers"
            mark = _mark("several_scores", "scores.csv", message, same_day)
            found.append(dataclasses.replace(mark, dates=(one.date,)))
    return kept, blank + doubles, marks + found


def _once(
    rows: Iterable[Row], same: Callable[[Row], Hashable], weight: Callable[[Row], Any], file: str, mark: str
) -> tuple[tuple[Row, ...], tuple[Row, ...], list[Mark]]:
    groups: dict[Hashable, list[Row]] = {}
    for row in rows:
        groups.setdefault(same(row), []).append(row)
    kept: list[Row] = []
    doubles: list[Row] = []
    marks: list[Mark] = []
    for group in groups.values():
        all_entered = all(getattr(row, "entered_at", None) is not None for row in group)
        stays = max(group, key=lambda row: (_entered(row) if all_entered else dt.datetime.min, weight(row), _said(row)))
        others = [row for row in group if row is not stays]
        kept.append(stays)
        doubles += others
        if others:
            how = "the same twice" if all(_said(row) == _said(stays) for row in others) else "different"
            message = f"written down {len(group)} times ({how}), counted once"
            found = _mark(mark, file, message, group)
            marks.append(dataclasses.replace(found, counts=stays.line, dates=(stays.date,)))
    return tuple(kept), tuple(doubles), marks


def _entered(row: Any) -> dt.datetime:
    entered: dt.datetime = row.entered_at
    return entered


def _worse(row: DiaryDay) -> tuple[float, ...]:
    # Below 0, so that of two lines the one that answers counts as the worse.
    return tuple(-1.0 if value is None else value for value in (row.severity, row.bother, row.pain))


def _worse_skin_or_less_light(row: RecordedSession) -> tuple[int, int, float]:
    minutes = 0.0 if row.minutes is None else row.minutes
    return (_SKIN.index(row.skin_reaction), _CLAIMS.index(row.status), -minutes)


def _said(row: Any) -> str:
    """Everything a line says but its number, as text that sorts."""
    return repr([getattr(row, field.name) for field in dataclasses.fields(row) if field.name != "line"])


def _is_early(row: DiaryDay) -> bool:
    return row.entered_at is not None and row.date > row.entered_at.date()


def thrown_out_days(left_out: Iterable[Any], before: dt.date) -> int:
    """How many rated days of the diary, before a day, were left out as written down before they came."""
    days = (row for row in left_out if isinstance(row, DiaryDay) and row.severity is not None)
    return sum(_is_early(row) and row.date < before for row in days)


def _is_blank(row: RecordedScore) -> bool:
    return row.value is None and not row.items


def _is_late(row: DiaryDay) -> bool:
    if row.entered_at is None:
        return False
    end_of_day = dt.datetime.combine(row.date + dt.timedelta(days=1), dt.time(0))
    return row.entered_at > end_of_day + _LATE


def _lines_word(rows: tuple[Any, ...]) -> str:
    return "line" if len(rows) == 1 else "lines"


def _mark(identifier: str, file: str, message: str, rows: Iterable[Any]) -> Mark:
    return Mark(id=identifier, message=message, file=file, lines=tuple(sorted(row.line for row in rows)))
