"""The score of a filled scale: from its items, from the total a clinic gave, or from both where they agree."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from openpbm.errors import BadInput, Problem
from openpbm.facts.scales import Scale, problem_of_total
from openpbm.outcomes.measures import band_of, score

__all__ = ["ComputedScore", "compute_score"]

#: A total typed from paper is rounded to one place at most; a larger difference is another number.
_ROUNDING_SLACK = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputedScore:
    """The score as it is kept.

    value : in the scale's own points; None with too few answers, or where the scale has no total
    completeness : answered of needed answers [-]; None where the total alone was given
    of_items : computed from the items, not copied as a total
    """

    value: float | None
    band: str | None
    completeness: float | None = None
    subscales: dict[str, float | None] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    prorated: bool = False
    of_items: bool = False

    def to_dict(self) -> dict[str, object]:
        """As the row holds it."""
        return asdict(self)


def compute_score(
    of: Scale, version: str, items: Mapping[str, float | None] | None, value: float | None
) -> ComputedScore:
    """Score a filled scale; `items` None where the total alone was given.

    Raises BadInput with one line a problem; nothing answered is one.
    """
    if value is not None:
        _check_total(of, value)
    if items is None:
        if value is None:
            remedy = "answer its items or give its total"
            raise BadInput(Problem(key=of.id, message="nothing was answered", remedy=remedy))
        return ComputedScore(value=float(value), band=band_of(of, float(value)))
    scored = score(of, items, version=version)
    total = scored.value
    if value is not None:
        if total is not None and abs(value - total) > _ROUNDING_SLACK:
            message = f"the total is given as {value:g}, but the answers come to {total:g}"
            remedy = "correct one of the two, or leave the total blank"
            raise BadInput(Problem(key=of.id, message=message, remedy=remedy))
        total = float(value)
    return ComputedScore(
        value=total,
        band=band_of(of, total),
        completeness=scored.completeness,
        subscales=dict(scored.subscales),
        missing=list(scored.missing),
        prorated=scored.prorated,
        of_items=True,
    )


def _check_total(of: Scale, value: object) -> None:
    if wrong := problem_of_total(of):
        message, remedy = wrong
        raise BadInput(Problem(key=f"{of.id} total", value=value, message=message, remedy=remedy))
    # A scale with a total has both ends: its row would not load without them.
    assert of.minimum is not None
    assert of.maximum is not None
    lowest, highest = of.minimum, of.maximum
    # True is an int for Python, but nobody's total.
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        message = f"must be a number from {lowest:g} to {highest:g}"
        raise BadInput(Problem(key=f"{of.id} total", value=value, message=message))
    if not lowest <= value <= highest:
        message = f"must be from {lowest:g} to {highest:g}"
        raise BadInput(Problem(key=f"{of.id} total", value=value, message=message))
