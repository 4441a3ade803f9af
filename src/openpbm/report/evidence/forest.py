"""The forest plot of a condition: each trial with its number, dose and risk of bias; the pool; those without number."""

from __future__ import annotations

from openpbm.evidence.synthesis import ConditionSummary, TrialResult, pool_in_words, reference_of
from openpbm.evidence.table.dose import complete
from openpbm.report.evidence.lights import DOMAINS, bias_lights
from openpbm.report.evidence.svg import Axis, line, picture, polygon, rect, text

__all__ = ["dose_in_words", "forest_in_words", "forest_picture", "interval_of"]

_NORMAL = 1.959964
_ROW = 26.0


def forest_in_words(summary: ConditionSummary) -> str:
    """One plain sentence that says what the picture shows."""
    return pool_in_words(summary)


def interval_of(result: TrialResult) -> tuple[float, float]:
    """The 95 percent interval of one trial with a number."""
    middle, half = result.difference or 0.0, _NORMAL * (result.error or 0.0)
    return middle - half, middle + half


def dose_in_words(summary: ConditionSummary, study: str) -> str:
    """J/cm2 at the skin at one place as printed or multiplied out; J a point without an area; else "not printed"."""
    doses = [complete(dose).values for entry in summary.entries if entry.study.id == study for dose in entry.doses]
    for column, unit in (("fluence_j_cm2", "J/cm²"), ("session_fluence_j_cm2", "J/cm²"), ("energy_j", "J a point")):
        known = sorted({round(values[column], 1) for values in doses if column in values})
        if known:
            return " and ".join(f"{value:g}" for value in known) + f" {unit}"
    return "not printed"


def forest_picture(summary: ConditionSummary, *, narrow: bool = False) -> str:
    """The plot as SVG; `narrow` for a phone: labels over the bars, no dose, no lights, no trials without number."""
    return _narrow(summary) if narrow else _wide(summary)


def _axis(summary: ConditionSummary, start: float, end: float) -> Axis:
    important = summary.outcome.important
    bounds = [bound for result in summary.numbers for bound in interval_of(result)] or [-important, important]
    # Two trials may have an interval ten times theirs; it ends in an arrow, and the trials stay readable.
    low, high = min(*bounds, -important), max(*bounds, important)
    room = 0.15 * (high - low)
    return Axis(low - room, high + room, start, end)


def _bar(axis: Axis, y: float, low: float, high: float) -> list[str]:
    parts = [line(axis(low), y, axis(high), y, width=1.6)]
    for bound, way in ((low, 1.0), (high, -1.0)):
        if not axis.holds(bound):
            edge = axis(bound)
            parts.append(
                polygon(
                    [(edge, y), (edge + 7.0 * way, y - 4.0), (edge + 7.0 * way, y + 4.0)],
                    fill="currentColor",
                    kind="ink",
                )
            )
    return parts


def _trial(summary: ConditionSummary, axis: Axis, y: float, result: TrialResult) -> list[str]:
    weight = (
        dict(zip(summary.pooled.trials, summary.pooled.weights, strict=True))[result.study] if summary.pooled else 0.0
    )
    side = 5.0 + 9.0 * (weight / 100.0) ** 0.5
    middle = axis(result.difference or 0.0)
    return [*_bar(axis, y, *interval_of(result)), rect(middle - side / 2.0, y - side / 2.0, side, side)]


def _diamond(summary: ConditionSummary, axis: Axis, y: float) -> list[str]:
    pooled = summary.pooled
    if pooled is None or pooled.count < 2:
        return []
    parts = []
    if pooled.prediction is not None:
        parts.append(line(axis(pooled.prediction[0]), y, axis(pooled.prediction[1]), y, dashes="4 3"))
    middle = axis(pooled.estimate)
    left, right = axis(pooled.low), axis(pooled.high)
    parts.append(polygon([(left, y), (middle, y - 8.0), (right, y), (middle, y + 8.0)]))
    outside = [bound for bound in (pooled.low, pooled.high) if not axis.holds(bound)]
    return parts + (_bar(axis, y, pooled.low, pooled.high) if outside else [])


def _scale(axis: Axis, top: float, bottom: float, unit: str, *, size: int = 11) -> list[str]:
    parts = [line(axis(0.0), top, axis(0.0), bottom)] if top else []
    parts += [line(axis.start, bottom, axis.end, bottom)]
    for tick in axis.ticks():
        parts += [line(axis(tick), bottom, axis(tick), bottom + 4.0)]
        parts += [text(axis(tick), bottom + 16.0, f"{tick + 0.0:g}".replace("-", "−"), anchor="middle", size=size)]
    parts += [text(axis.start, bottom + 32.0, "← light better", size=size)]
    parts += [text(axis.end, bottom + 32.0, "sham better →", anchor="end", size=size)]
    return [*parts, text((axis.start + axis.end) / 2.0, bottom + 47.0, unit, anchor="middle", size=size, kind="soft")]


def _numbers(low: float, middle: float, high: float) -> str:
    # Adding nothing turns a rounded minus zero into zero.
    shown = [round(value, 1) + 0.0 for value in (middle, low, high)]
    return "{:.1f} ({:.1f} to {:.1f})".format(*shown).replace("-", "−")


_WIDTH, _NARROW = 980.0, 290.0
_PEOPLE, _DOSE, _LIGHTS, _PLOT, _END, _TEXT = 232.0, 246.0, 380.0, 490.0, 780.0, 795.0


def _wide(summary: ConditionSummary) -> str:
    axis = _axis(summary, _PLOT, _END)
    parts, y = _heads(), 52.0
    for result in summary.numbers:
        low, high = interval_of(result)
        parts += _columns(summary, result, y)
        parts += _trial(summary, axis, y, result)
        parts += [text(_TEXT, y + 4.0, _numbers(low, result.difference or 0.0, high))]
        y += _ROW
    pooled = summary.pooled
    if pooled is not None and pooled.count > 1:
        parts += [
            text(8.0, y + 4.0, "Pooled", kind="bold"),
            text(_PEOPLE, y + 4.0, f"{summary.people}", anchor="end", kind="bold"),
        ]
        parts += _diamond(summary, axis, y)
        parts += [text(_TEXT, y + 4.0, _numbers(pooled.low, pooled.estimate, pooled.high), kind="bold")]
        y += _ROW
    if summary.numbers:
        parts += _scale(axis, 36.0, y - 8.0, f"difference in {summary.outcome.short_unit}")
        y += 62.0
    if summary.wordless:
        parts += [text(8.0, y, "No number that can be used", kind="bold")]
        y += _ROW
    for result in summary.wordless:
        parts += _columns(summary, result, y)
        # The details of a contradiction stand in the table below; a picture has one line.
        said = result.why_not.partition(" (")[0] + "; no advantage found" * result.no_advantage
        parts += [text(_PLOT, y + 4.0, said, kind="soft")]
        y += _ROW
    return picture(_WIDTH, y + 4.0, parts, label=forest_in_words(summary), name=f"forest-{summary.condition}")


def _heads() -> list[str]:
    heads = [text(8.0, 24.0, "Trial", kind="bold"), text(_PEOPLE, 24.0, "people", anchor="end", kind="bold")]
    heads += [text(_DOSE, 24.0, "dose at the skin", kind="bold"), text(_LIGHTS - 8.0, 24.0, "bias 1-5", kind="bold")]
    return [
        *heads,
        text(_TEXT, 24.0, "light less sham (95 %)", kind="bold"),
        line(8.0, 34.0, _WIDTH - 8.0, 34.0, faint=True),
    ]


def _columns(summary: ConditionSummary, result: TrialResult, y: float) -> list[str]:
    people = "?" if result.people is None else f"{result.people}"
    parts = [text(8.0, y + 4.0, reference_of(result.study)), text(_PEOPLE, y + 4.0, people, anchor="end")]
    parts += [text(_DOSE, y + 4.0, dose_in_words(summary, result.study))]
    return [*parts, *bias_lights(summary, result.study, _LIGHTS, y, 90.0 / len(DOMAINS))]


def _narrow(summary: ConditionSummary) -> str:
    axis = _axis(summary, 8.0, _NARROW - 8.0)
    parts: list[str] = []
    y = 18.0
    for result in summary.numbers:
        low, high = interval_of(result)
        people = "" if result.people is None else f" ({result.people})"
        parts += [text(4.0, y, f"{reference_of(result.study)}{people}", size=13)]
        parts += [text(_NARROW - 4.0, y, _numbers(low, result.difference or 0.0, high), size=13, anchor="end")]
        parts += [line(axis(0.0), y + 6.0, axis(0.0), y + 26.0), *_trial(summary, axis, y + 15.0, result)]
        y += 44.0
    pooled = summary.pooled
    if pooled is not None and pooled.count > 1:
        parts += [text(4.0, y, "Together", size=13, kind="bold")]
        parts += [
            text(
                _NARROW - 4.0, y, _numbers(pooled.low, pooled.estimate, pooled.high), size=13, anchor="end", kind="bold"
            )
        ]
        parts += [line(axis(0.0), y + 6.0, axis(0.0), y + 26.0), *_diamond(summary, axis, y + 15.0)]
        y += 44.0
    parts += _scale(axis, 0.0, y - 6.0, f"difference in {summary.outcome.short_unit}", size=12)
    return picture(_NARROW, y + 50.0, parts, label=forest_in_words(summary), name=f"forest-{summary.condition}")
