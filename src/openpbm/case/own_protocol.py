"""The protocol that a case has of its own."""

from __future__ import annotations

from openpbm.errors import Problem
from openpbm.files import JsonObject

__all__ = ["name_the_protocol"]

# What a case does not say of its own protocol: it stands behind nothing that was tested.
_OF_OUR_OWN: JsonObject = {
    "id": "own_protocol",
    "origin": "own",
    "trials": [],
    "verified": False,
    "carried_over": False,
}
# Every pair of a protocol as it may be written, where somebody gave one number.
_PAIRS = {
    "wavelength_nm": "[810, 850]", "irradiance_mw_cm2": "[10, 50]", "fluence_j_cm2": "[4, 6]",
    "energy_per_point_j": "[4, 6]", "points": "[4, 4]", "spacing_mm": "[20, 20]", "minutes": "[5, 10]",
    "sessions_per_week": "[2, 3]", "weeks": "[4, 6]",
}  # fmt: skip


def name_the_protocol(raw: JsonObject, problems: list[Problem]) -> None:
    """Mark the protocol of a case as its writer's own, in place; what it may not say is a problem.

    raw : the case as a mapping, before its shape is checked; `protocol` there may be anything
    problems : gets one line for each key that only openpbm writes, an empty source, and a number where a pair stands
    """
    own = raw.get("protocol")
    if not isinstance(own, dict):
        return
    problems.extend(
        Problem(f"protocol.{key}", own[key], "is written by openpbm", "leave it out")
        for key, value in _OF_OUR_OWN.items()
        if own.get(key, value) != value
    )
    if isinstance(source := own.get("source"), str) and not source.strip():
        problems.append(Problem("protocol.source", source, "is empty", "say where the protocol comes from"))
    problems.extend(
        Problem(f"protocol.{key}", own[key], "must be two numbers, the lowest and the highest", f"write {example}")
        for key, example in _PAIRS.items()
        if isinstance(own.get(key), int | float)
    )
    raw["protocol"] = own | _OF_OUR_OWN
