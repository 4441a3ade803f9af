"""From the figures a trial prints of two arms to a difference and its standard error.

Light less control throughout: on a scale where lower is better a negative difference is in favour of light.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import ndtri, stdtrit

from openpbm.evidence.effect_sizes.conversions import change_sd
from openpbm.facts.study_rows import Outcome

__all__ = ["PRE_POST_CORRELATION", "Difference", "difference_of_arms", "printed_difference"]

#: Between the score before and after in one person, where a text prints no spread of the change. Assumed; varied
#: from 0.5 to 0.7 in every report.
PRE_POST_CORRELATION = 0.6
_DIFFERENCES = ("adjusted difference", "difference of changes", "difference")
_LEVEL = 0.975


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Light less control in the unit of the scale, its standard error, and how both were had."""

    value: float
    error: float
    how: tuple[str, ...]


def printed_difference(rows: Sequence[Outcome], people: int | None) -> Difference | None:
    """The difference that a text prints between two arms, the adjusted one before the others.

    people : in both arms, for the t of an interval or a p; None: unknown, the normal quantile
    """
    ordered = [row for measure in _DIFFERENCES for row in rows if row.measure == measure]
    for row in ordered:
        made = _of_interval(row, people) or _of_p(row, people)
        if made is not None:
            return made
    return None


def _of_interval(row: Outcome, people: int | None) -> Difference | None:
    if row.se and row.value is not None:
        return Difference(value=row.value, error=row.se, how=(f"{row.measure} with its standard error",))
    if row.ci_low is None or row.ci_high is None:
        return None
    middle = (row.ci_low + row.ci_high) / 2.0
    value = middle if row.value is None else row.value
    error = (row.ci_high - row.ci_low) / (2.0 * _quantile(people, _LEVEL))
    return Difference(value=value, error=error, how=(f"{row.measure} with its 95 percent interval",))


def _of_p(row: Outcome, people: int | None) -> Difference | None:
    """From a printed p; "<0.001" gives the largest error it allows, so that the trial counts for less, not more."""
    if row.value is None:
        return None
    return difference_by_p(row.value, row.p, people, row.measure)


def difference_by_p(value: float, printed_p: str, people: int | None, measure: str) -> Difference | None:
    """A difference whose error follows from the p of its test; None where the p says only that it is large."""
    number = re.fullmatch(r"(<=?)?\s*(0?\.\d+)", printed_p)
    if number is None or value == 0.0:
        return None
    error = abs(value) / _quantile(people, 1.0 - float(number.group(2)) / 2.0)
    how = f"{measure}, its error from p {'=' * (not number.group(1))}{printed_p}"
    if number.group(1):
        how += ", the largest that this p allows"
    return Difference(value=value, error=error, how=(how,))


def difference_of_arms(
    light: Sequence[Outcome], control: Sequence[Outcome], sizes: tuple[int | None, int | None], correlation: float
) -> Difference | None:
    """From the figures of each arm at one time, those of the start among them; changes before means."""
    first, second = _changed(light, sizes[0], correlation), _changed(control, sizes[1], correlation)
    if first is None or second is None:
        return None
    how = tuple(dict.fromkeys((*first.how, *second.how)))
    return Difference(value=first.value - second.value, error=math.hypot(first.error, second.error), how=how)


def _changed(rows: Sequence[Outcome], size: int | None, correlation: float) -> Difference | None:
    """The change of one arm with its standard error; the mean at the end where the start is not printed."""
    for row in rows:
        error = _error(row, size)
        if row.measure == "change" and row.value is not None and error is not None:
            return Difference(value=row.value, error=error, how=("changes of both arms",))
    start = next((row for row in rows if row.measure == "mean" and _is_start(row)), None)
    end = next((row for row in rows if row.measure == "mean" and not _is_start(row)), None)
    if end is None or end.value is None:
        return None
    if start is None or start.value is None:
        error = _error(end, size)
        return None if error is None else Difference(value=end.value, error=error, how=("means of both arms",))
    return _from_start(start, end, end.n or size, correlation)


def _from_start(start: Outcome, end: Outcome, size: int | None, correlation: float) -> Difference | None:
    if start.sd is None or end.sd is None or not size or start.value is None or end.value is None:
        return None
    spread = float(change_sd(start.sd, end.sd, correlation))
    how = f"changes from the means of both arms, correlation {correlation:g} assumed"
    return Difference(value=end.value - start.value, error=spread / math.sqrt(size), how=(how,))


def _error(row: Outcome, size: int | None) -> float | None:
    if row.se:
        return row.se
    count = row.n or size
    if row.sd and count:
        return row.sd / math.sqrt(count)
    if row.ci_low is not None and row.ci_high is not None:
        return (row.ci_high - row.ci_low) / (2.0 * _quantile(count and count + 1, _LEVEL))
    return None


def _is_start(row: Outcome) -> bool:
    return row.weeks == 0 or row.time == "start"


def _quantile(people: int | None, probability: float) -> float:
    """Of t with two degrees of freedom fewer than people, or of the normal where they are not known."""
    if people is None or people < 4:
        return float(ndtri(probability))
    return float(stdtrit(people - 2.0, probability))
