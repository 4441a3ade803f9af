"""What is missing or contradictory in the description of a lamp, said before any light is computed."""

from __future__ import annotations

from typing import Literal

from openpbm.facts.lamps import Emitters, Lamp

__all__ = ["ARRAY_KEYS", "EmitterKind", "check_lamp", "emitter_kind"]

EmitterKind = Literal["laser", "array", "scaled_array", "field"]
ARRAY_KEYS = ("half_angle_deg", "rows", "columns", "pitch_mm")

# A sum over more emitters than this takes seconds a map and no lamp on sale has them.
_MOST_EMITTERS = 20_000


def emitter_kind(emitters: Emitters) -> EmitterKind:
    """Which of the ways of giving an emitter is meant; `check_lamp` says whether it is complete.

    laser: a spot diameter is given; scaled_array: an irradiance beside all four geometry keys; field: an irradiance
    alone (a half angle beside it only tells the angles); array: everything else.
    """
    if emitters.spot_diameter_mm is not None:
        return "laser"
    if emitters.irradiance_mw_cm2 is None:
        return "array"
    return (
        "field"
        if _missing(emitters, ("rows", "columns", "pitch_mm")) == ["rows", "columns", "pitch_mm"]
        else ("scaled_array")
    )


def check_lamp(lamp: Lamp) -> list[str]:
    """Faults of a lamp's description, one plain line each naming the key; empty when a beam can be computed from it."""
    if not lamp.emitters:
        return ["emitters: none given; add at least one [[device.emitters]] with wavelength_nm and its output"]
    faults: list[str] = []
    for number, emitters in enumerate(lamp.emitters, start=0):
        where = f"emitters[{number}] ({emitters.wavelength_nm:g} nm)"
        faults.extend(f"{where}: {fault}" for fault in _faults(emitters))
    if lamp.laser_class is not None and all(e.spot_diameter_mm is None for e in lamp.emitters):
        faults.append(
            f"laser_class = {lamp.laser_class!r}: no emitter has spot_diameter_mm; give the laser's spot or "
            "remove laser_class"
        )
    return faults


def _faults(emitters: Emitters) -> list[str]:
    kind = emitter_kind(emitters)
    if kind == "laser":
        return _laser_faults(emitters)
    faults: list[str] = []
    if kind == "array":
        faults.extend(_array_faults(emitters))
    else:
        faults.extend(_field_faults(emitters, kind))
    count = (emitters.rows or 1) * (emitters.columns or 1)
    if count > _MOST_EMITTERS:
        faults.append(f"rows x columns is {count}; at most {_MOST_EMITTERS}; give the lamp in coarser groups")
    return faults


def _laser_faults(emitters: Emitters) -> list[str]:
    faults = []
    if emitters.power_mw is None:
        faults.append("a laser (spot_diameter_mm is given) misses power_mw")
    given = [key for key in (*ARRAY_KEYS, "irradiance_mw_cm2", "at_distance_mm") if getattr(emitters, key) is not None]
    if given:
        faults.append(
            f"a laser (spot_diameter_mm is given) cannot also have {', '.join(given)}; remove these, or the spot"
        )
    return faults


def _array_faults(emitters: Emitters) -> list[str]:
    if emitters.at_distance_mm is not None:
        return ["at_distance_mm without irradiance_mw_cm2; give both, or power_mw with the array's geometry"]
    missing = _missing(emitters, ("power_mw", *ARRAY_KEYS))
    if not missing:
        return []
    return [
        f"an array misses {', '.join(missing)}; give them, or irradiance_mw_cm2 and at_distance_mm, or for a laser "
        "power_mw and spot_diameter_mm"
    ]


def _field_faults(emitters: Emitters, kind: EmitterKind) -> list[str]:
    faults = []
    if emitters.at_distance_mm is None:
        faults.append("irradiance_mw_cm2 without at_distance_mm; give the distance at which it holds (0 for contact)")
    if emitters.power_mw is not None:
        faults.append("both power_mw and irradiance_mw_cm2 set the output; keep the one that was measured")
    missing = _missing(emitters, ARRAY_KEYS)
    if kind == "scaled_array" and missing:
        faults.append(
            f"the array's geometry beside irradiance_mw_cm2 misses {', '.join(missing)}; give all four or none"
        )
    return faults


def _missing(emitters: Emitters, keys: tuple[str, ...]) -> list[str]:
    return [key for key in keys if getattr(emitters, key) is None]
