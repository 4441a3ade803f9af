"""Cramps before and under light: how many, on how many days, how bad, and how much rarer they became."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import fields
from typing import Literal, TypedDict

import numpy as np

from openpbm.course.records import Course, DiaryDay, Spasm
from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.outcomes.measures.phases import Phases
from openpbm.single_case.cramp_counts import RateRatio, cramp_rate_ratio, poisson_interval, unknown_ratio

__all__ = ["CrampPart", "CrampRatio", "CrampReport", "compared_cramps", "cramp_counts", "cramp_report"]

#: The days of the baseline, and of the light they are held against.
Windows = dict[Literal["baseline", "recent"], list[dt.date]]
_WEEK_DAYS = 7
#: What a line of the diary says of its day.
_CONTENT = tuple(field.name for field in fields(DiaryDay) if field.name not in ("line", "date", "entered_at"))
_BASIS = "A day with a diary line and no cramp line counts as a day without cramps; a day without either is unknown."


class CrampPart(TypedDict):
    """The cramps of some days; rates and burden null where they cannot be had."""

    days: int
    days_known: int
    cramps: int
    cramp_days: int
    cramps_per_week: float | None
    cramps_per_week_90: list[float] | None
    cramp_days_per_week: float | None
    median_burden_pain_seconds: float | None
    cramps_with_burden: int
    by_muscle: dict[str, int]
    by_trigger: dict[str, int]


class CrampRatio(TypedDict):
    """Light over baseline; every number null with a `reason` where it cannot be computed."""

    value: float | None
    interval_90: list[float] | None
    probability_fewer: float | None
    probability_quarter_fewer: float | None
    probability_halved: float | None
    dispersion: float | None
    likeness: float | None
    method: str | None
    reason: str


class CrampReport(TypedDict):
    """Cramps before light and under it."""

    baseline: CrampPart
    recent: CrampPart
    rate_ratio: CrampRatio
    basis: str
    cautions: list[str]
    source: str


def cramp_report(course: Course, phases: Phases, active: Set[dt.date] = frozenset()) -> CrampReport | None:
    """The cramps of the days before light and of the last days of light; None where no cramp was ever written by then.

    active : days of real light where active and sham periods took turns; they then stand in for the recent days

    The last days of light are four weeks, without the first fortnight of light: few nights hold too few cramps. Where
    the last fortnight had no fewer than the baseline it stands alone: a benefit that is gone is none, and harm is not
    watered down by better weeks before it.

    `baseline` and `recent` each hold days known, cramps, days with a cramp, cramps a week, the burden (seconds times
    pain 0-10, median over the cramps for which both were written) and the tallies by muscle and by trigger;
    `rate_ratio` is light over baseline with its 90 % interval, null with a `reason` where it cannot be computed.
    A line of the diary in which nothing was filled in says nothing about cramps either.
    """
    spasms, doubles = _once(row for row in course.spasms if row.date < phases.as_of)
    if not spasms:
        return None
    written = {row.date for row in course.diary if row.date < phases.as_of and _is_filled_in(row)}
    windows, ratio = _compared(phases, active, written, spasms)
    return {
        "baseline": _part(windows["baseline"], written, spasms),
        "recent": _part(windows["recent"], written, spasms),
        "rate_ratio": _ratio_row(ratio),
        "basis": _BASIS,
        "cautions": _cautions(windows, written, spasms, doubles),
        "source": "cramp_diary2019",
    }


def compared_cramps(
    course: Course, phases: Phases, active: Set[dt.date] = frozenset()
) -> tuple[Windows, RateRatio] | None:
    """The days of that report and their ratio with all it makes probable; None where no cramp was ever written."""
    spasms, _ = _once(row for row in course.spasms if row.date < phases.as_of)
    if not spasms:
        return None
    written = {row.date for row in course.diary if row.date < phases.as_of and _is_filled_in(row)}
    return _compared(phases, active, written, spasms)


def cramp_counts(course: Course, phases: Phases) -> dict[dt.date, int]:
    """Cramps of every day on which they are known, before the checkpoint and in order; {} where none was written."""
    spasms, _ = _once(row for row in course.spasms if row.date < phases.as_of)
    if not spasms:
        return {}
    counted = Counter(row.date for row in spasms)
    written = {row.date for row in course.diary if row.date < phases.as_of and _is_filled_in(row)}
    return {day: counted[day] for day in sorted(written | counted.keys())}


def _compared(
    phases: Phases, active: Set[dt.date], written: Set[dt.date], spasms: Sequence[Spasm]
) -> tuple[Windows, RateRatio]:
    """The days that are compared, and their ratio: four weeks of light where the last fortnight bears them out."""
    under_light = sorted(day for day in active if phases.began <= day < phases.as_of)
    if under_light:
        windows: Windows = {"baseline": _days(*phases.baseline), "recent": under_light}
        return windows, _rate_ratio(windows, [], written, spasms)
    windows, between = _windows(phases, phases.recent[0])
    ratio = _rate_ratio(windows, between, written, spasms)
    first = _first_counted(phases)
    if ratio.value is None or ratio.value >= 1.0 or first >= phases.recent[0]:
        return windows, ratio
    windows, between = _windows(phases, first)
    return windows, _rate_ratio(windows, between, written, spasms)


def _first_counted(phases: Phases) -> dt.date:
    """The first of the last four weeks of light that does not lie in its first fortnight."""
    last_weeks = phases.recent[1] - dt.timedelta(days=int(outcome_limit("recent_count_days")) - 1)
    return max(last_weeks, phases.began + dt.timedelta(days=int(outcome_limit("count_onset_days"))))


def _windows(phases: Phases, first: dt.date) -> tuple[Windows, list[dt.date]]:
    """Baseline and the days of light from `first` on, and the days of light between them."""
    windows: Windows = {"baseline": _days(*phases.baseline), "recent": _days(first, phases.recent[1])}
    return windows, _days(phases.began, first - dt.timedelta(days=1))


def _days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def _once(rows: Iterable[Spasm]) -> tuple[list[Spasm], int]:
    """Every cramp once, and how many lines repeated another."""
    # Two equal lines without a time of day may well be two cramps of one night, so both are kept.
    kept: list[Spasm] = []
    seen: set[tuple[object, ...]] = set()
    doubles = 0
    for row in rows:
        key = (row.date, row.time, row.muscle.casefold(), row.seconds, row.pain, row.trigger.casefold())
        doubles += row.time is not None and key in seen
        if row.time is None or key not in seen:
            kept.append(row)
        seen.add(key)
    return kept, doubles


def _is_filled_in(row: DiaryDay) -> bool:
    """Whether anything was filled in beside the date: a blank line must not turn into a day without cramps."""
    return any(getattr(row, name) not in (None, "") for name in _CONTENT)


def _part(days: Sequence[dt.date], written: Set[dt.date], spasms: Sequence[Spasm]) -> CrampPart:
    among = frozenset(days)
    inside = [row for row in spasms if row.date in among]
    with_cramp = {row.date for row in inside}
    known = len(with_cramp | (written & among))
    burdens = [row.seconds * row.pain for row in inside if row.seconds is not None and row.pain is not None]
    return {
        "days": len(days),
        "days_known": known,
        "cramps": len(inside),
        "cramp_days": len(with_cramp),
        "cramps_per_week": _per_week(len(inside), known),
        "cramps_per_week_90": _rate_interval(len(inside), known),
        "cramp_days_per_week": _per_week(len(with_cramp), known),
        "median_burden_pain_seconds": float(statistics.median(burdens)) if burdens else None,
        "cramps_with_burden": len(burdens),
        "by_muscle": _tally(row.muscle for row in inside),
        "by_trigger": _tally(row.trigger for row in inside),
    }


def _per_week(count: int, days_known: int) -> float | None:
    return _WEEK_DAYS * count / days_known if days_known else None


def _rate_interval(count: int, days_known: int) -> list[float] | None:
    """What the rate may be with 90 % confidence, exact for cramps that come independently (Garwood 1936)."""
    bounds = poisson_interval(count) if days_known else None
    return bounds and [_WEEK_DAYS * bound / days_known for bound in bounds]


def _tally(words: Iterable[str]) -> dict[str, int]:
    """How often each word was written, the commonest first; a blank is "not said"."""
    counted = Counter(" ".join(word.casefold().split()) or "not said" for word in words)
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def _rate_ratio(
    windows: Windows, between: Sequence[dt.date], written: Set[dt.date], spasms: Sequence[Spasm]
) -> RateRatio:
    counted = Counter(row.date for row in spasms)
    known = written | counted.keys()
    days = [*windows["baseline"], *between, *windows["recent"]]
    phase = np.repeat([0, 1, 2], [len(windows["baseline"]), len(between), len(windows["recent"])])
    counts = [float(counted[day]) if day in known else math.nan for day in days]
    ratio = cramp_rate_ratio(counts, phase == 2, between=phase == 1)
    silent = [name for name, days in windows.items() if not written & set(days)]
    if silent and not ratio.reason:
        # Days known by their cramps alone would all have one: their rate is no rate.
        reason = f"no diary line in the {' and the '.join(silent)} days, so days without cramps are not known"
        return unknown_ratio(ratio.days, reason)
    return ratio


def _ratio_row(ratio: RateRatio) -> CrampRatio:
    return {
        "value": ratio.value,
        "interval_90": list(ratio.interval) if ratio.interval else None,
        "probability_fewer": ratio.probability_below(1.0),
        "probability_quarter_fewer": ratio.probability_below(0.75),
        "probability_halved": ratio.probability_below(0.5),
        "dispersion": ratio.dispersion,
        "likeness": ratio.likeness,
        "method": ratio.method,
        "reason": ratio.reason,
    }


def _cautions(windows: Windows, written: Set[dt.date], spasms: Sequence[Spasm], doubles: int) -> list[str]:
    with_cramp = {row.date for row in spasms}
    alone = {name: len(with_cramp.intersection(days) - written) for name, days in windows.items()}
    cautions = [
        f"{count} {name} days are known by their cramps alone: a day without any would not be, so the rate leans high"
        for name, count in alone.items()
        if count
    ]
    if doubles:
        cautions.append(f"{doubles} cramp lines repeat another of the same time and count once")
    return cautions
