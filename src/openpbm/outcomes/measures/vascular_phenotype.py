"""Whether the vessels of the legs may have a part in it: a hypothesis, shown beside the verdict, deciding nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypedDict

from openpbm.errors import BadInput, Problem, quote
from openpbm.facts.vascular_signs import VascularSign, vascular_signs
from openpbm.facts.workup import workup_tests
from openpbm.files import suggest
from openpbm.person import WorkupResult
from openpbm.safety import WorkupLine

__all__ = ["LABEL", "VascularPhenotype", "find_vascular_phenotype", "vascular_phenotype_of"]

SignState = Literal["present", "absent", "unreadable", "unknown"]

LABEL = (
    "hypothesis: a vascular part in the complaint is an idea, not a diagnosis; no bound here is checked, and no"
    " decision about light rests on it"
)


class SignRow(TypedDict):
    """One sign: what was found, and from which value on it counts."""

    id: str
    name: str
    value: float | None
    unit: str
    state: SignState
    counts: str
    note: str
    verified: bool


class VascularPhenotype(TypedDict):
    """Signs present, of those known, of all; `score` null where none is known."""

    score: int | None
    known: int
    of: int
    label: str
    source: str
    signs: list[SignRow]


def find_vascular_phenotype(findings: Mapping[str, float | None]) -> VascularPhenotype:
    """How many of the known signs are present; unknown stays unknown and is never taken as absent.

    findings : id of a sign (facts/data/outcomes/vascular_signs.toml) to what was found, in its unit; None is unknown
    Returns `score` (signs present, None where none is known), `known`, `of`, `label` and each of the `signs` with its
    state: present, absent, unreadable or unknown.
    Raises BadInput, one line for each sign that is not listed and each value that cannot be.

    >>> phenotype = find_vascular_phenotype({"ankle_brachial_index": 0.8, "tcpo2_mmhg": 55.0, "venous_class": None})
    >>> phenotype["score"], phenotype["known"], phenotype["of"]
    (1, 2, 5)
    """
    listed = {sign.id: sign for sign in vascular_signs}
    problems = []
    for id, value in findings.items():
        if id in listed:
            problems.append(_problem(listed[id], value))
        else:
            problems.append(Problem(key=f"vascular sign {quote(id)}", message="not listed", remedy=suggest(id, listed)))
    if any(problems):
        raise BadInput(problem for problem in problems if problem is not None)
    signs = [_sign(row, findings.get(row.id)) for row in listed.values()]
    known = [sign for sign in signs if sign["state"] in ("present", "absent")]
    present = sum(sign["state"] == "present" for sign in known)
    return {
        "score": present if known else None,
        "known": len(known),
        "of": len(signs),
        "label": LABEL,
        "source": "brief000",
        "signs": signs,
    }


def vascular_phenotype_of(results: Iterable[WorkupResult], workup: Iterable[WorkupLine]) -> VascularPhenotype | None:
    """The phenotype of a work-up: signs whose newest result still counts; None where no sign was looked for.

    results : what was tested
    workup : the same tests as a screening lists them
    """
    counting = {(line.id, line.date) for line in workup if line.state == "recent"}
    given = [(workup_tests[row.test].vascular_sign, row) for row in results]
    found = {sign: row.result for sign, row in given if sign is not None and (row.test, row.date) in counting}
    return find_vascular_phenotype(found) if found else None


def _problem(sign: VascularSign, value: Any) -> Problem | None:
    if value is None:
        return None
    span = f"{sign.minimum:g} to {sign.maximum:g}{_unit(sign)}"
    remedy = f"give a number from {span}, or leave it out where it is not known"
    key = f"vascular sign {sign.id}"
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return Problem(key=key, value=value, message="not a number", remedy=remedy)
    if not sign.minimum <= value <= sign.maximum:
        return Problem(key=key, value=value, message="cannot be", remedy=remedy)
    return None


def _unit(sign: VascularSign) -> str:
    return "" if sign.unit == "1" else f" {sign.unit}"


def _bound(sign: VascularSign) -> str:
    if sign.present_below is not None:
        return f"below {sign.present_below:g}{_unit(sign)}"
    return f"from {sign.present_from:g}{_unit(sign)}"


def _sign(sign: VascularSign, value: float | None) -> SignRow:
    return {
        "id": sign.id,
        "name": sign.name,
        "value": value,
        "unit": sign.unit,
        "state": _state(sign, value),
        "counts": _bound(sign),
        "note": sign.note,
        "verified": sign.verified,
    }


def _state(sign: VascularSign, value: float | None) -> SignState:
    if value is None:
        return "unknown"
    if sign.unreadable_above is not None and value > sign.unreadable_above:
        return "unreadable"
    below = sign.present_below is not None and value < sign.present_below
    reached = sign.present_from is not None and value >= sign.present_from
    return "present" if below or reached else "absent"
