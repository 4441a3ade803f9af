"""Whether the vessels of the legs may have a part in it: a hypothesis, shown beside the verdict, deciding nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from openpbm.errors import BadInput, Problem, quote
from openpbm.facts.vascular_signs import VascularSign, vascular_signs
from openpbm.files import suggest

__all__ = ["LABEL", "vascular_phenotype"]

LABEL = (
    "hypothesis: a vascular part in the complaint is an idea, not a diagnosis; no bound here is checked, and no"
    " decision about light rests on it"
)


def vascular_phenotype(findings: Mapping[str, float | None]) -> dict[str, Any]:
    """How many of the known signs are present; unknown stays unknown and is never taken as absent.

    findings : id of a sign (facts/data/outcomes/vascular_signs.toml) to what was found, in its unit; None is unknown
    Returns `score` (signs present, None where none is known), `known`, `of`, `label` and each of the `signs` with its
    state: present, absent, unreadable or unknown.
    Raises BadInput, one line for each sign that is not listed and each value that cannot be.

    >>> found = vascular_phenotype({"ankle_brachial_index": 0.8, "tcpo2_mmhg": 55.0, "venous_class": None})
    >>> found["score"], found["known"], found["of"]
    (1, 2, 5)
    """
    rows = {sign.id: sign for sign in vascular_signs}
    faults = [
        Problem(key=f"vascular sign {quote(id)}", message="not listed", remedy=f"{suggest(str(id), rows)}")
        for id in findings
        if id not in rows
    ]
    faults += [why for id, value in findings.items() if id in rows and (why := _problem(rows[id], value))]
    if faults:
        raise BadInput(faults)
    signs = [_sign(row, findings.get(row.id)) for row in rows.values()]
    known = [sign for sign in signs if sign["state"] in ("present", "absent")]
    return {
        "score": sum(sign["state"] == "present" for sign in known) if known else None,
        "known": len(known),
        "of": len(signs),
        "label": LABEL,
        "source": "brief000",
        "signs": signs,
    }


def _problem(sign: VascularSign, value: object) -> Problem | None:
    if value is None:
        return None
    what = f"vascular sign {sign.id}"
    span = f"{sign.minimum:g} to {sign.maximum:g}{'' if sign.unit == '1' else ' ' + sign.unit}"
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        remedy = f"give one from {span}, or leave it out where it is not known"
        return Problem(what, value, "not a number", remedy)
    if not sign.minimum <= value <= sign.maximum:
        remedy = f"give a number from {span}, or leave it out where it is not known"
        return Problem(what, value, "cannot be", remedy)
    return None


def _sign(sign: VascularSign, value: float | None) -> dict[str, Any]:
    unit = "" if sign.unit == "1" else f" {sign.unit}"
    bound = (
        f"below {sign.present_below:g}{unit}" if sign.present_below is not None else f"from {sign.present_from:g}{unit}"
    )
    return {
        "id": sign.id,
        "name": sign.name,
        "value": value,
        "unit": sign.unit,
        "state": _state(sign, value),
        "counts": bound,
        "note": sign.note,
        "verified": sign.verified,
    }


def _state(sign: VascularSign, value: float | None) -> str:
    if value is None:
        return "unknown"
    if sign.unreadable_above is not None and value > sign.unreadable_above:
        return "unreadable"
    below = sign.present_below is not None and value < sign.present_below
    reached = sign.present_from is not None and value >= sign.present_from
    return "present" if below or reached else "absent"
