"""Further pictures of a pool: funnel with contours, drapery, effect against dose, effect against year."""

from __future__ import annotations

import itertools
import re

from scipy.special import ndtr

from openpbm.evidence.synthesis import ConditionSummary, TrialResult, reference_of
from openpbm.evidence.table.dose import complete
from openpbm.report.evidence.forest import interval_of
from openpbm.report.evidence.svg import Axis, circle, line, picture, polygon, text

__all__ = ["bubble_picture", "dose_picture", "drapery_picture", "fluence_of", "funnel_picture"]

_LEFT, _RIGHT, _TOP, _BOTTOM = 70.0, 600.0, 30.0, 300.0
_WIDTH, _HEIGHT = 640.0, 360.0
_STEPS = 60
#: z of the contours and what a point between them would be called.
_CONTOURS = ((2.5758, 0.10), (1.96, 0.16), (1.6449, 0.22))


def _effects(summary: ConditionSummary, widest: float) -> Axis:
    bounds = [bound for result in summary.numbers for bound in interval_of(result)]
    reach = max(widest, *(abs(bound) for bound in bounds), summary.outcome.important) * 1.1
    return Axis(-reach, reach, _LEFT, _RIGHT)


def _frame(across: Axis, words: str, upward: str) -> list[str]:
    parts = [line(_LEFT, _BOTTOM, _RIGHT, _BOTTOM), line(_LEFT, _TOP, _LEFT, _BOTTOM)]
    for tick in across.ticks():
        label = f"{tick + 0.0:g}".replace("-", "−")
        parts += [line(across(tick), _BOTTOM, across(tick), _BOTTOM + 4.0)]
        parts += [text(across(tick), _BOTTOM + 17.0, label, anchor="middle")]
    parts += [text((_LEFT + _RIGHT) / 2.0, _BOTTOM + 38.0, words, anchor="middle")]
    return [*parts, text(_LEFT, _TOP - 12.0, upward)]


def _upward(axis: Axis) -> list[str]:
    parts = []
    for tick in axis.ticks():
        label = f"{tick + 0.0:g}".replace("-", "−")
        parts += [
            line(_LEFT - 4.0, axis(tick), _LEFT, axis(tick)),
            text(_LEFT - 8.0, axis(tick) + 4.0, label, anchor="end"),
        ]
    return parts


def _difference(summary: ConditionSummary) -> str:
    return f"light less sham, {summary.outcome.short_unit} (left: light better)"


def funnel_picture(summary: ConditionSummary) -> str:
    """Effect against standard error; shaded by the p that a point there would have."""
    errors = [result.error or 0.0 for result in summary.numbers]
    most = max(errors) * 1.15
    across, down = _effects(summary, 1.96 * most), Axis(0.0, most, _TOP, _BOTTOM)
    parts: list[str] = []
    for z, opacity in _CONTOURS:
        corner = [(across(0.0), _TOP), (across(-z * most), _BOTTOM), (across(z * most), _BOTTOM)]
        parts.append(polygon(corner, fill="currentColor", kind="ink", opacity=opacity))
    parts += _frame(across, _difference(summary), "standard error, small above")
    parts += _upward(down)
    if summary.pooled is not None:
        parts.append(
            line(across(summary.pooled.estimate), _TOP, across(summary.pooled.estimate), _BOTTOM, dashes="5 3")
        )
    parts += [circle(across(result.difference or 0.0), down(result.error or 0.0), 5.0) for result in summary.numbers]
    label = "Funnel: each trial's difference against its standard error; shades end where p is 0.1, 0.05 and 0.01."
    return picture(_WIDTH, _HEIGHT, parts, label=label, name=f"funnel-{summary.condition}")


def drapery_picture(summary: ConditionSummary) -> str:
    """The p of every difference that could be true, trial by trial and for the pool."""
    across, up = _effects(summary, 0.0), Axis(0.0, 1.0, _BOTTOM, _TOP)
    parts = _frame(across, _difference(summary), "p if this were the true difference")
    parts += _upward(up)
    parts += [line(_LEFT, up(0.05), _RIGHT, up(0.05), dashes="4 3", faint=True)]
    for result in summary.numbers:
        parts += _curtain(across, up, result.difference or 0.0, result.error or 1.0, width=1.0)
    pooled = summary.pooled
    if pooled is not None and pooled.count > 1:
        parts += _curtain(across, up, pooled.estimate, (pooled.high - pooled.low) / 3.92, width=3.0)
    label = "Drapery: for each trial and, thick, for the pool, the p of every difference; the dashed line is 0.05."
    return picture(_WIDTH, _HEIGHT, parts, label=label, name=f"drapery-{summary.condition}")


def _curtain(across: Axis, up: Axis, middle: float, error: float, *, width: float) -> list[str]:
    values = [across.low + (across.high - across.low) * step / _STEPS for step in range(_STEPS + 1)]
    values = sorted([*values, middle])
    points = [(across(value), up(2.0 * float(ndtr(-abs(value - middle) / error)))) for value in values]
    return [line(x1, y1, x2, y2, width=width) for (x1, y1), (x2, y2) in itertools.pairwise(points)]


def fluence_of(summary: ConditionSummary, study: str) -> float | None:
    """J/cm2 at the skin at one place in a session, as printed or multiplied out; the most of several arms."""
    doses = [complete(dose).values for entry in summary.entries if entry.study.id == study for dose in entry.doses]
    known = [values.get("fluence_j_cm2", values.get("session_fluence_j_cm2")) for values in doses]
    return max((value for value in known if value is not None), default=None)


def dose_picture(summary: ConditionSummary) -> str:
    """Effect against J/cm2 at the skin; empty where fewer than two trials with a number have both."""
    points = [(fluence_of(summary, result.study), result) for result in summary.numbers]
    known = [(dose, result) for dose, result in points if dose is not None]
    if len(known) < 2:
        return ""
    across = Axis(0.0, max(dose for dose, _ in known) * 1.15, _LEFT, _RIGHT)
    return _scatter(summary, across, known, "J/cm² at the skin at one place", "Difference against dose at the skin")


def bubble_picture(summary: ConditionSummary) -> str:
    """Effect against the year of the paper, as large as its weight; empty with fewer than two trials."""
    known = [(float(year), result) for result in summary.numbers if (year := _year(result)) is not None]
    if len(known) < 2:
        return ""
    years = [year for year, _ in known]
    across = Axis(min(years) - 2.0, max(years) + 2.0, _LEFT, _RIGHT)
    return _scatter(summary, across, known, "year of the paper", "Difference against year")


def _year(result: TrialResult) -> int | None:
    found = re.search(r"(?:19|20)\d\d", result.study)
    return None if found is None else int(found.group())


def _scatter(
    summary: ConditionSummary, across: Axis, points: list[tuple[float, TrialResult]], words: str, label: str
) -> str:
    effects = _effects(summary, 0.0)
    up = Axis(effects.low, effects.high, _BOTTOM, _TOP)
    parts = [*_frame(across, words, f"{_difference(summary)[:-20]} (down: light better)"), *_upward(up)]
    parts += [line(_LEFT, up(0.0), _RIGHT, up(0.0), dashes="4 3", faint=True)]
    pooled = summary.pooled
    weights = {} if pooled is None else dict(zip(pooled.trials, pooled.weights, strict=True))
    for place, result in points:
        low, high = interval_of(result)
        radius = 4.0 + 10.0 * (weights.get(result.study, 0.0) / 100.0) ** 0.5
        parts += [line(across(place), up(low), across(place), up(high))]
        parts += [circle(across(place), up(result.difference or 0.0), radius)]
        parts += [
            text(across(place) + radius + 4.0, up(result.difference or 0.0) - 6.0, reference_of(result.study), size=11)
        ]
    return picture(
        _WIDTH, _HEIGHT, parts, label=f"{label}, {len(points)} trials.", name=f"{label.split()[-1]}-{summary.condition}"
    )
