"""What a filled scale comes to: by its items, by the total a clinic gave, or by both where they agree."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from openpbm.errors import BadInput
from openpbm.facts.scales import Scale
from openpbm.faults import shown
from openpbm.outcomes.score import band_of, score

__all__ = ["reckoned"]

_CLOSE = 0.05
# Where a scale has no total its number comes from a table of the site, whose range is not known here.
_ANY = 1e9


def reckoned(of: Scale, version: str, items: Mapping[str, float | None] | None, value: float | None) -> dict[str, Any]:
    """The score as it is kept: `value`, `band`, `completeness`, `subscales`, `missing`, `prorated`, `of_items`.

    Raises BadInput with one line a fault; nothing answered is one.
    """
    if items is None and value is None:
        raise BadInput(f"{of.id}: nothing was answered; answer its items or give its total")
    if value is not None:
        _check_value(of, value)
    found = score(of, items or {}, version=version)
    if None not in (value, found.value) and abs(float(value or 0) - float(found.value or 0)) > _CLOSE:
        raise BadInput(
            f"{of.id}: the total is given as {value:g}, but the answers come to {found.value:g};"
            " correct one of the two, or leave the total blank"
        )
    total = found.value if value is None else float(value)
    return {
        "value": total,
        "band": band_of(of, total),
        "completeness": found.completeness if items is not None else None,
        "subscales": dict(found.subscales) if items is not None else {},
        "missing": list(found.missing) if items is not None else [],
        "prorated": found.prorated if items is not None else False,
        "of_items": items is not None,
    }


def _check_value(of: Scale, value: Any) -> None:
    lowest = -_ANY if of.minimum is None else of.minimum
    highest = _ANY if of.maximum is None else of.maximum
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadInput(f"{of.id} total = {shown(value)}: must be a number from {lowest:g} to {highest:g}")
    if not lowest <= value <= highest:
        raise BadInput(f"{of.id} total = {value:g}: must be from {lowest:g} to {highest:g}")
