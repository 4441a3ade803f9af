"""Whether the planned dose was given, which only a measured lamp can answer."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from openpbm.delivery.place import PlaceRecord, place_name
from openpbm.delivery.session_record import SessionRecord
from openpbm.facts.delivery import tolerance
from openpbm.planning import AllowedPlan

__all__ = ["DoseVerdict", "dose_verdict", "elsewhere_in_words", "mostly_elsewhere"]

_ROUNDING_SLACK = 1e-9
_CLAIMED = (
    "The lamp's output is its maker's claim, not a measurement: sessions can be counted, the dose cannot be judged."
    " Have the lamp measured at the skin's distance."
)

Verdict = Literal["inconclusive", "delivered", "under_delivered", "over_delivered", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseVerdict:
    """The verdict on the dose alone; the verdict on symptoms is another.

    ratio_lower : light given over light planned so far at the place with least of it [-], unknown sessions as none
    ratio_upper : the same at the place with most of it, unknown sessions as planned
    Both are None where nothing was due, the upper also where a lamp nearer than planned leaves it without a bound.
    """

    verdict: Verdict
    reasons: tuple[str, ...]
    ratio_lower: float | None
    ratio_upper: float | None

    def to_dict(self) -> dict[str, Any]:
        """The verdict as JSON."""
        return {
            "verdict": self.verdict,
            "reasons": list(self.reasons),
            "ratio_lower": self.ratio_lower,
            "ratio_upper": self.ratio_upper,
        }


def dose_verdict(plan: AllowedPlan, records: tuple[SessionRecord, ...]) -> DoseVerdict:
    """Judge the dose of the sessions due so far, extra light included.

    Light that went to other places is none at the planned ones. Else a lamp whose output is only claimed gives
    "inconclusive", however many sessions were done. With a measured one the light given
    over the light planned is held against its band, the worst place deciding; where the unknown sessions
    could put it on either side of a limit the verdict is "unknown".
    """
    bounds = _bounds_of_places(records)
    lower = min((low for low, _ in bounds), default=None)
    upper = max((high for _, high in bounds), default=None)
    if mostly_elsewhere(records):
        # No light is no light, however strong the lamp is.
        verdict: Verdict = "under_delivered"
        reasons: tuple[str, ...] = tuple(_elsewhere_reasons(records))
    elif plan.lamp.output_status != "measured":
        verdict, reasons = "inconclusive", (_CLAIMED, *_elsewhere_reasons(records), *_shortfall_in_words(records))
    elif lower is None or upper is None:
        verdict, reasons = "unknown", ("No session was due yet.",)
    else:
        verdict = _worst([_verdict(low, high) for low, high in bounds])
        reasons = (
            _ratio_in_words(lower, upper),
            *_elsewhere_reasons(records),
            *_shortfall_in_words(records),
            *_doubts_in_words(plan, records),
        )
    return DoseVerdict(
        verdict=verdict,
        reasons=reasons,
        ratio_lower=lower,
        # JSON has no infinity: where there is no bound it says null.
        ratio_upper=upper if upper is not None and math.isfinite(upper) else None,
    )


def elsewhere_in_words(records: tuple[SessionRecord, ...]) -> str:
    """How many due sessions went to another place than planned, and where; "" where none did."""
    due = sum(record.due for record in records)
    gone = [record for record in records if record.state == "elsewhere"]
    if not gone:
        return ""
    where = dict.fromkeys(
        place_name(place.place) for record in records if _is_beside(record) for place in record.places
    )
    of_all = f"In {len(gone)} of {due} due sessions"
    if len(gone) == due:
        of_all = f"In all {due} due sessions"
    return f"{of_all} the light went to another place than planned ({', '.join(where)}), and none to the planned one."


def mostly_elsewhere(records: tuple[SessionRecord, ...]) -> bool:
    """Whether the light of half of the due sessions or more went to another place than planned."""
    due = sum(record.due for record in records)
    return due > 0 and 2 * sum(record.state == "elsewhere" for record in records) >= due


def _is_beside(record: SessionRecord) -> bool:
    return any(mark.id == "place_not_planned" for mark in record.marks)


def _elsewhere_reasons(records: tuple[SessionRecord, ...]) -> Iterator[str]:
    text = elsewhere_in_words(records)
    if text:
        yield text


def _bounds_of_places(records: tuple[SessionRecord, ...]) -> list[tuple[float, float]]:
    """Light given over planned at each planned place [-], at least and at most; extra light there counts."""
    # Place by place: one calf lit twice and the other never must not average to a course as planned.
    planned = Counter(place.place for record in records if record.planned is not None for place in record.places)
    ranges = [(place.place, *_range(place)) for record in records for place in record.places]
    return [
        (
            sum(low for place, low, _ in ranges if place == where) / count,
            sum(high for place, _, high in ranges if place == where) / count,
        )
        for where, count in planned.items()
    ]


def _range(place: PlaceRecord) -> tuple[float, float]:
    """Sessions' worth of light that a place got at least and at most; without a distance the planned one counts."""
    # Minutes nobody wrote are taken to lie between none and the planned ones.
    low, high = place.minutes_ratio_range or (0.0, 1.0)
    # No inverse square holds for a panel: farther bounds the light only from above, nearer only from below.
    if place.distance_state == "farther":
        return (0.0, high)
    if place.distance_state == "nearer":
        return (low, math.inf)
    return (low, high)


def _verdict(lower: float, upper: float) -> Verdict:
    lowest = tolerance("dose_ratio_lowest") - _ROUNDING_SLACK
    highest = tolerance("dose_ratio_highest") + _ROUNDING_SLACK
    if lower > highest:
        return "over_delivered"
    if upper < lowest:
        return "under_delivered"
    if lowest <= lower and upper <= highest:
        return "delivered"
    return "unknown"


def _worst(verdicts: list[Verdict]) -> Verdict:
    order: tuple[Verdict, ...] = ("over_delivered", "under_delivered", "unknown", "delivered")
    return min(verdicts, key=order.index)


def _ratio_in_words(lower: float, upper: float) -> str:
    band = f"{tolerance('dose_ratio_lowest'):.0%} to {tolerance('dose_ratio_highest'):.0%} counts as delivered"
    if math.isinf(upper):
        return (
            f"At least {lower:.0%} of the planned light was given at every place, how much at most is unknown; {band}."
        )
    if upper - lower < _ROUNDING_SLACK:
        return f"{lower:.0%} of the planned light was given; {band}."
    return f"Between {lower:.0%} and {upper:.0%} of the planned light was given, all places looked at; {band}."


def _shortfall_in_words(records: tuple[SessionRecord, ...]) -> Iterator[str]:
    short = [record for record in records if record.short]
    if short:
        least = min(place.minutes_ratio or 0.0 for record in short for place in record.places if place.short)
        yield f"{_sessions(len(short))} counted as done, yet shorter than planned: down to {least:.0%} of the minutes."


def _doubts_in_words(plan: AllowedPlan, records: tuple[SessionRecord, ...]) -> Iterator[str]:
    unwritten = sum(record.state == "unknown" for record in records)
    no_minutes = sum(record.lit and any(p.minutes_ratio_range is None for p in record.places) for record in records)
    unclear = sum(any(mark.id == "minutes_unclear" for mark in record.marks) for record in records)
    elsewhere = sum(record.lit and record.distance_state in ("nearer", "farther") for record in records)
    no_distance = sum(record.lit and record.distance_state == "unknown" for record in records)
    if unwritten:
        yield f"{_sessions(unwritten)} due with nothing written: unknown, not zero."
    if no_minutes:
        yield f"{_sessions(no_minutes)} with light but without the minutes of every place."
    if unclear:
        yield f"{_sessions(unclear)} with minutes that are those of each place or of all together: both were computed."
    if elsewhere:
        yield f"{_sessions(elsewhere)} with the lamp at another distance than planned, so with an unknown dose."
    if no_distance and plan.placement.distance_mm is not None:
        yield f"{_sessions(no_distance)} without a distance, taken as planned."


def _sessions(number: int) -> str:
    return "1 session" if number == 1 else f"{number} sessions"
