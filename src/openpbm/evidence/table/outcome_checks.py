"""What of the figures of one arm, or of one arm against another, cannot be so."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from openpbm.evidence.table.printed_p import is_significant, z_of_interval, z_of_p
from openpbm.evidence.table.rows import Fault
from openpbm.facts.scales import outcome_scale, scales
from openpbm.facts.studies import outcome_names
from openpbm.facts.study_rows import Outcome

__all__ = ["bounds", "is_known_outcome", "outcome_faults"]

#: How far z of an interval and z of a printed p may lie apart: tests adjust, intervals use t.
_Z_SLACK = 0.25
_CHECK = "read the figure again, or keep it as printed_conflict where the text prints it so"
_CHANGES = ("change", "difference", "difference of changes", "adjusted difference")


def is_known_outcome(id: str) -> bool:
    """Whether it is a scale of ours, a part of one, or one of the other names."""
    whole, _, part = id.partition(".")
    return id in outcome_names or (whole in scales and (not part or part in {x.id for x in scales[whole].subscales}))


@cache
def bounds(outcome: str) -> tuple[float, float] | None:
    """The ends of a scale, where it has any."""
    if outcome in outcome_names:
        name = outcome_names[outcome]
        low, high = name.low, name.high
    elif is_known_outcome(outcome):
        scale = outcome_scale(outcome)
        low, high = scale.minimum, scale.maximum
    else:
        return None
    return None if low is None or high is None else (low, high)


def outcome_faults(row: Outcome) -> list[Fault]:
    """What of one row cannot be so, taken alone."""
    at = partial(Fault, table="outcomes", row=row.id)
    checks = (_interval, _printed_p, _p_of_interval, _verdict, _spread, _range, _percent, _responders)
    return [fault for check in checks for fault in check(row, at)]


def _interval(row: Outcome, at: Callable[..., Fault]) -> list[Fault]:
    if row.ci_low is None or row.ci_high is None:
        return []
    inside = row.ci_low <= (row.ci_low if row.value is None else row.value) <= row.ci_high
    if inside and (row.value is None or row.ci_low < row.ci_high):
        return []
    message = f"its interval, {row.ci_low:g} to {row.ci_high:g}, does not hold it"
    return [at(rule="ci_order", column="value", value=row.value, message=message, remedy=_CHECK)]


def _printed_p(row: Outcome, at: Callable[..., Fault]) -> list[Fault]:
    if not row.p or z_of_p(row.p) is not None:
        return []
    return [
        at(
            rule="p_range",
            column="p",
            value=row.p,
            message="no number from 0 to 1, with or without < or >",
            remedy=_CHECK,
        )
    ]


def _p_of_interval(row: Outcome, at: Callable[..., Fault]) -> list[Fault]:
    ratio = row.measure == "risk ratio"
    numbers = (row.value, row.ci_low, row.ci_high)
    value, low, high = numbers
    printed = z_of_p(row.p)
    if value is None or low is None or high is None or printed is None or not row.versus or low >= high:
        return []
    if ratio and low <= 0.0:
        return [at(rule="ci_order", column="ci_low", value=low, message="a ratio is more than 0", remedy=_CHECK)]
    least, most = z_of_interval(value, low, high, ratio=ratio)
    if least - _Z_SLACK <= printed[1] and printed[0] <= most + _Z_SLACK:
        return []
    message = (
        f"does not fit the interval, {low:g} to {high:g}: z {least:.2f} to {most:.2f} against {printed[0]:.2f} or more"
    )
    return [at(rule="p_of_ci", column="p", value=row.p, message=message, remedy=_CHECK)]


def _verdict(row: Outcome, at: Callable[..., Fault]) -> list[Fault]:
    significant = is_significant(row.p)
    wrong = {True: "neither", False: "light"}
    if not row.versus or significant is None or row.favours != wrong[significant]:
        return []
    side = {True: "below 0.05 beside “neither”", False: "not below 0.05 beside “light”"}[significant]
    return [at(rule="p_word", column="p", value=row.p, message=f"is {side} in favours", remedy=_CHECK)]


def _spread(row: Outcome, at: Callable[..., Fault]) -> list[Fault]:
    """SD, SE and interval of the same figure, each against the other."""
    ways = []
    if row.sd is not None and row.n:
        ways.append((row.sd / row.n**0.5, f"SD {row.sd:g} of {row.n} people"))
    if row.ci_low is not None and row.ci_high is not None and row.measure != "risk ratio":
        ways.append(((row.ci_high - row.ci_low) / 3.92, f"the interval {row.ci_low:g} to {row.ci_high:g}"))
    given = row.se
    if given is None and len(ways) > 1:
        given = ways.pop()[0]
    if given is None:
        return []
    return [
        at(rule="sd_and_se", column="se", value=row.se, message=f"{words} gives SE {due:.3g}", remedy=_CHECK)
        for due, words in ways
        # Intervals of small arms use t; printed figures are rounded.
        if abs(given - due) > 0.15 * due + 0.05
    ]


def _range(row: Outcome, at: Callable[..., Fault]) -> list[Fault]:
    ends = bounds(row.outcome)
    if ends is None or row.measure not in ("mean", "median", *_CHANGES):
        return []
    low, high = ends
    found = []
    span = high - low
    least, most = (-span, span) if row.measure in _CHANGES else ends
    if row.value is not None and not least <= row.value <= most:
        found.append(
            at(
                rule="range",
                column="value",
                value=row.value,
                message=f"outside {least:g} to {most:g}, the scale",
                remedy=_CHECK,
            )
        )
    # Nothing spreads further than people at both ends; a change can be twice that.
    widest = span * {True: 1.0, False: 0.55}[row.measure in _CHANGES]
    if row.sd is not None and row.sd > widest:
        found.append(
            at(
                rule="sd_range",
                column="sd",
                value=row.sd,
                message=f"more than {widest:g}, which a scale of {low:g} to {high:g} allows",
                remedy=_CHECK,
            )
        )
    return found


def _percent(row: Outcome, at: Callable[..., Fault]) -> list[Fault]:
    own = outcome_names[row.outcome].unit if row.outcome in outcome_names else ""
    if row.unit not in ("%", "percent") or own in ("%", "people") or row.measure == "words":
        return []
    message = "a percentage of a mean is no change on the scale"
    remedy = "enter the means, or measure “words” with the percentage in note"
    return [at(rule="percent_of_mean", column="unit", value=row.unit, message=message, remedy=remedy)]


def _responders(row: Outcome, at: Callable[..., Fault]) -> list[Fault]:
    if row.measure != "responders":
        return []
    if row.events is None or row.n is None:
        return [
            at(
                rule="events",
                column="events",
                value=row.events,
                message="responders need events and n",
                remedy="add both",
            )
        ]
    if row.events > row.n:
        return [
            at(rule="events", column="events", value=row.events, message=f"more than the {row.n} people", remedy=_CHECK)
        ]
    return []
