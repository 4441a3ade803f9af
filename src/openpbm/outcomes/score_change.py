"""A questionnaire as a measure: means of several scores, held against the measurement error the scale is known for."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Literal

import numpy as np

from openpbm.course.records import RecordedScore
from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.facts.scales import Scale, scale
from openpbm.outcomes.measure import Measure, Reading
from openpbm.outcomes.phases import Phases
from openpbm.outcomes.score import score
from openpbm.single_case.reliable_change import standard_error_of_measurement

__all__ = ["score_measures", "score_value"]

#: A published error of measurement comes from some tens of people; so many degrees of freedom keep that doubt.
_ERROR_FREEDOM = 30.0
_Phase = Literal["baseline", "light", "recent", "off", ""]


def score_measures(rows: Sequence[RecordedScore], phases: Phases) -> tuple[Measure, ...]:
    """One measure for every scale and version written down that may be followed over time; never two on one line."""
    lines: dict[tuple[str, str], list[RecordedScore]] = defaultdict(list)
    for row in rows:
        lines[row.scale, row.version or scale(row.scale).version].append(row)
    return tuple(
        _measure(scale(id), version, lines[id, version], phases)
        for id, version in sorted(lines)
        if scale(id).for_change and not scale(id).is_change
    )


def score_value(row: RecordedScore) -> float | None:
    """The score of a line: as written, else from its items; None where too few were answered."""
    if row.value is not None or row.items is None:
        return row.value
    return score(scale(row.scale), row.items, version=row.version).value


def _measure(of: Scale, version: str, rows: Sequence[RecordedScore], phases: Phases) -> Measure:
    readings = [
        Reading(date=row.date, value=value, phase=_phase(row.date, phases))
        for row in rows
        if (value := score_value(row)) is not None
    ]
    readings.sort(key=lambda reading: (reading.date, reading.value))
    values = {name: [r.value for r in readings if r.phase == name] for name in ("baseline", "recent", "off")}
    estimate, error = _change(of, values["baseline"], values["recent"])
    counts = (len(values["baseline"]), len(values["recent"]), len(values["off"]))
    return Measure(
        scale=of,
        source="scores",
        version=version,
        estimate=estimate,
        standard_error=error,
        degrees_of_freedom=_ERROR_FREEDOM,
        rho=math.nan,
        baseline_mean=_mean(values["baseline"]),
        recent_mean=_mean(values["recent"]),
        off_mean=_mean(values["off"]),
        counts=counts,
        days_due=0,
        lacking=_lacking(of, counts),
        readings=tuple(readings),
    )


def _phase(date: dt.date, phases: Phases) -> _Phase:
    """A score of the first day, before the lamp was lit, is baseline; a late one still belongs to its week."""
    grace = dt.timedelta(days=int(outcome_limit("score_grace_days")))
    if date > phases.as_of + grace:
        return ""
    if date <= phases.began:
        return "baseline"
    if date <= phases.recent[1] + grace:
        reach = dt.timedelta(days=int(outcome_limit("recent_score_days")))
        return "recent" if date > phases.recent[1] - reach else "light"
    return "off" if phases.off is not None and date >= phases.off[0] else ""


def _change(of: Scale, before: Sequence[float], recent: Sequence[float]) -> tuple[float, float]:
    if not before or not recent:
        return math.nan, math.nan
    estimate = _mean(recent) - _mean(before)
    if of.reliability is None:
        return estimate, math.nan
    # The published error or this person's own scatter, whichever is larger: the wider interval is the safe one.
    spread = max(standard_error_of_measurement(of.reliability.sd, of.reliability.test_retest), _scatter(before, recent))
    return estimate, spread * math.sqrt(1.0 / len(before) + 1.0 / len(recent))


def _scatter(before: Sequence[float], recent: Sequence[float]) -> float:
    """Pooled standard deviation inside the phases, 0 where fewer than three values are left for it."""
    freedom = len(before) + len(recent) - 2
    if freedom < 3:
        return 0.0
    squares = sum(float(np.sum((np.array(part) - _mean(part)) ** 2)) for part in (before, recent))
    return math.sqrt(squares / freedom)


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else math.nan


def _lacking(of: Scale, counts: tuple[int, int, int]) -> str:
    least = int(outcome_limit("least_recent_scores"))
    if counts[0] == 0:
        return f"no {of.id} score from before the first session"
    if counts[1] < least:
        return (
            f"{counts[1]} {of.id} score in the last weeks of light, at least {least} needed: one score proves nothing"
        )
    if of.reliability is None:
        return f"the measurement error of {of.id} is not known here, so a change cannot be told from chance"
    return ""
