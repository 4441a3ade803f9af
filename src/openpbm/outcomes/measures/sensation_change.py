"""What changed, by sensation: on how many of the known days each was felt, before light and in the last days of it.

It describes and decides nothing: a sensation that left says no more of the light than the diary does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence, Set
from typing import Literal, TypedDict

from openpbm.course.records import Course, DiaryDay
from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.facts.sensations import NONE, body_areas, sensations
from openpbm.outcomes.measures.phases import Phases

__all__ = ["SensationChange", "SensationReport", "SensationRow", "sensation_report"]

SensationChange = Literal["gone", "new", "fewer_days", "more_days", "as_before", "cannot_be_told"]
_BASIS = "A day counts where the diary says what was felt, or that nothing was; a day without either is unknown."
_EVERYWHERE = ""


class SensationRow(TypedDict):
    """One sensation in one area; `area` "" is the whole body. Days on which it was felt, of those known."""

    sensation: str
    area: str
    baseline_days: int
    recent_days: int
    change: SensationChange


class SensationReport(TypedDict):
    """Every sensation that was felt, its areas after it; `known` are days that say what was felt."""

    baseline_known: int
    recent_known: int
    rows: list[SensationRow]
    basis: str


def sensation_report(course: Course, phases: Phases, active: Set[dt.date] = frozenset()) -> SensationReport | None:
    """What was felt before light and lately; None where no day says it.

    active : days of real light where active and sham periods took turns; they then stand in for the recent days
    """
    said = [row for row in course.diary if row.sensations and row.date < phases.as_of]
    before = [row for row in said if phases.baseline[0] <= row.date <= phases.baseline[1]]
    lately = [row for row in said if _is_recent(row, phases, active)]
    if not before and not lately:
        return None
    felt_before, felt_lately = _days_felt(before), _days_felt(lately)
    known = (len(before), len(lately))
    pairs = sorted(felt_before.keys() | felt_lately.keys(), key=_place)
    return {
        "baseline_known": known[0],
        "recent_known": known[1],
        "rows": [_row(pair, (felt_before.get(pair, 0), felt_lately.get(pair, 0)), known) for pair in pairs],
        "basis": _BASIS,
    }


def _is_recent(row: DiaryDay, phases: Phases, active: Set[dt.date]) -> bool:
    if any(phases.began <= day < phases.as_of for day in active):
        return row.date in active
    return phases.recent[0] <= row.date <= phases.recent[1]


def _days_felt(days: Iterable[DiaryDay]) -> dict[tuple[str, str], int]:
    """On how many days each sensation was felt: in each area, and anywhere."""
    counted: dict[tuple[str, str], int] = {}
    for day in days:
        felt = [row for row in day.felt if row.sensation != NONE]
        pairs = {(row.sensation, row.area) for row in felt} | {(row.sensation, _EVERYWHERE) for row in felt}
        for pair in pairs:
            counted[pair] = counted.get(pair, 0) + 1
    return counted


def _place(pair: tuple[str, str]) -> tuple[int, int]:
    areas: Sequence[str] = (_EVERYWHERE, *body_areas.ids)
    return sensations.ids.index(pair[0]), areas.index(pair[1])


def _row(pair: tuple[str, str], days: tuple[int, int], known: tuple[int, int]) -> SensationRow:
    return {
        "sensation": pair[0],
        "area": pair[1],
        "baseline_days": days[0],
        "recent_days": days[1],
        "change": _change(days, known),
    }


def _change(days: tuple[int, int], known: tuple[int, int]) -> SensationChange:
    """A word only where enough days are known on both sides, and only for a change that is not small."""
    if known[0] < outcome_limit("least_baseline_days") or known[1] < outcome_limit("least_recent_days"):
        return "cannot_be_told"
    before, lately = days[0] / known[0], days[1] / known[1]
    if abs(lately - before) < outcome_limit("sensation_share"):
        return "as_before"
    if not days[1]:
        return "gone"
    if not days[0]:
        return "new"
    return "fewer_days" if lately < before else "more_days"
