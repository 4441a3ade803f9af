"""The value of a line of scores.csv, and what is doubtful about it: written, computed from its items, or both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from openpbm.course.mark import Mark
from openpbm.course.records import RecordedScore
from openpbm.facts.scales import Scale, scales
from openpbm.outcomes.measures.scoring import score

__all__ = ["part_value", "score_marks", "score_value"]

# Half of the last place of a score that was written down with one decimal.
_ROUNDING_SLACK = 0.05


def score_value(row: RecordedScore) -> float | None:
    """The score of a line; None where too few items were answered.

    Where the written value contradicts what its items give, the worse of the two counts: a slip of the pen must not
    make an improvement.
    """
    computed = _computed(row)
    if row.value is None:
        return computed
    if computed is None or abs(row.value - computed) <= _ROUNDING_SLACK:
        return row.value
    worse = max if scales[row.scale].direction == "lower" else min
    return worse(row.value, computed)


def part_value(row: RecordedScore, part: str) -> float | None:
    """The value of a part ("cipn20.sensory_raw") of a line; None where its answers are not there."""
    if row.items is None:
        return None
    name = part.partition(".")[2]
    return score(scales[row.scale], row.items, version=row.version).subscales[name]


def score_marks(rows: Sequence[RecordedScore]) -> list[Mark]:
    """One mark for each line whose value is prorated, broken, or not what its items give."""
    return [mark for row in rows for mark in _marks_of(row)]


def _computed(row: RecordedScore) -> float | None:
    if row.items is None:
        return None
    return score(scales[row.scale], row.items, version=row.version).value


def _marks_of(row: RecordedScore) -> list[Mark]:
    return [
        Mark(id=id, message=f"{row.scale}{message}", file="scores.csv", lines=(row.line,))
        for id, message in _doubts_about(row)
    ]


def _doubts_about(row: RecordedScore) -> list[tuple[str, str]]:
    """Id of each mark, and its sentence after the name of the scale."""
    doubts = []
    if row.items is not None and score(scales[row.scale], row.items, version=row.version).prorated:
        doubts.append(("score_prorated", f": {len(row.items)} items answered; the rest is filled in by their mean"))
    if row.value is None:
        return doubts
    lowest, highest = _possible(scales[row.scale], row.items)
    if not lowest - _ROUNDING_SLACK <= row.value <= highest + _ROUNDING_SLACK:
        message = f" is written as {row.value:g}; its items allow {lowest:g} to {highest:g}; the worse counts"
        doubts.append(("score_contradicts_items", message))
    elif row.items is None and _is_whole(scales[row.scale]) and row.value != round(row.value):
        message = f" is written as {row.value:g}, which whole answers cannot give unless some were filled in"
        doubts.append(("score_not_whole", message))
    return doubts


def _possible(of: Scale, items: Mapping[str, float] | None) -> tuple[float, float]:
    """Lowest and highest total that the answered items leave open; everything where the total is not a plain sum."""
    lowest = float("-inf") if of.minimum is None else of.minimum
    highest = float("inf") if of.maximum is None else of.maximum
    if items is None or of.total is None or of.total.method != "sum":
        return lowest, highest
    # Reversed items add least at their highest answer, so plain and reversed blanks are filled in apart.
    ends: tuple[Literal["minimum", "maximum"], ...] = ("minimum", "maximum")
    totals = [
        score(of, {item.id: items.get(item.id, getattr(item, reverse if item.reverse else plain)) for item in of.items})
        for reverse in ends
        for plain in ends
    ]
    known = [total.value for total in totals if total.value is not None]
    return min(known, default=lowest), max(known, default=highest)


def _is_whole(of: Scale) -> bool:
    return of.total is not None and of.total.method == "sum" and all(item.whole for item in of.items)
