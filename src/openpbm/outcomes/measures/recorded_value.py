"""The value of a line of scores.csv, and what is doubtful about it: written, reckoned from its items, or both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpbm.course.records import Mark, RecordedScore
from openpbm.facts.scales import Scale, scales
from openpbm.outcomes.measures.scoring import score

__all__ = ["score_marks", "score_value"]

_ROUNDING = 0.05


def score_value(row: RecordedScore) -> float | None:
    """The score of a line; None where too few items were answered.

    Where the written value contradicts what its items give, the worse of the two counts: a slip of the pen must not
    make an improvement.
    """
    reckoned = _reckoned(row)
    if row.value is None or reckoned is None or abs(row.value - reckoned) <= _ROUNDING:
        return row.value if row.value is not None else reckoned
    return max(row.value, reckoned) if scales[row.scale].direction == "lower" else min(row.value, reckoned)


def score_marks(rows: Sequence[RecordedScore]) -> list[Mark]:
    """One mark for each line whose value is prorated, broken, or not what its items give."""
    return [mark for row in rows for mark in _marks_of(row)]


def _reckoned(row: RecordedScore) -> float | None:
    return None if row.items is None else score(scales[row.scale], row.items, version=row.version).value


def _marks_of(row: RecordedScore) -> list[Mark]:
    where = f"scores.csv line {row.line}: {row.scale}"
    found = []
    if row.items is not None and score(scales[row.scale], row.items, version=row.version).prorated:
        text = f"{where}: {len(row.items)} items answered; the rest is filled in by their mean"
        found.append(Mark(id="score_prorated", text=text))
    if row.value is None:
        return found
    lowest, highest = _possible(scales[row.scale], row.items)
    if not lowest - _ROUNDING <= row.value <= highest + _ROUNDING:
        text = f"{where} is written as {row.value:g}; its items allow {lowest:g} to {highest:g}; the worse counts"
        found.append(Mark(id="score_contradicts_items", text=text))
    elif row.items is None and _is_whole(scales[row.scale]) and row.value != round(row.value):
        text = f"{where} is written as {row.value:g}, which whole answers cannot give unless some were filled in"
        found.append(Mark(id="score_not_whole", text=text))
    return found


def _possible(of: Scale, items: Mapping[str, float] | None) -> tuple[float, float]:
    """Lowest and highest total that the answered items leave open; everything where the total is not a plain sum."""
    everything = (
        (of.minimum if of.minimum is not None else float("-inf")),
        (of.maximum if of.maximum is not None else float("inf")),
    )
    if items is None or of.total is None or of.total.method != "sum":
        return everything
    totals = []
    for end in ("minimum", "maximum"):
        for other in ("minimum", "maximum"):
            filled = {item.id: items.get(item.id, getattr(item, end if item.reverse else other)) for item in of.items}
            totals.append(score(of, filled).value)
    known = [total for total in totals if total is not None]
    return (min(known), max(known)) if known else everything


def _is_whole(of: Scale) -> bool:
    return of.total is not None and of.total.method == "sum" and all(item.whole for item in of.items)
