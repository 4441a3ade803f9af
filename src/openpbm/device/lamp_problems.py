"""What is missing or contradictory in the description of a lamp, said before any light is computed."""

from __future__ import annotations

import re
from typing import Literal

from openpbm.errors import Problem
from openpbm.facts.lamps import Emitters, Lamp, lamp_catalogue

__all__ = ["ARRAY_KEYS", "EmitterKind", "check_lamp", "counts_for_dose", "emitter_kind"]

EmitterKind = Literal["laser", "array", "scaled_array", "field"]
ARRAY_KEYS = ("half_angle_deg", "rows", "columns", "pitch_mm")

# Within words as well (LaserBand, diodelaser). LLLT is low-level laser therapy.
_SAYS_LASER = re.compile(
    r"(?<!no )(?<!not )(?<!not a )(?<!without )(?<!non)(?<!non[- ])(?:laser|vcsel|\blllt\b)(?!s?[- ]?free)",
    re.IGNORECASE,
)

# What the tissue tables cover; light is not to be continued by formula beyond them.
_DOSE_NM = (600.0, 1000.0)
# A sum over more emitters than this takes seconds a map and no lamp on sale has them.
_MOST_EMITTERS = 20_000


def counts_for_dose(wavelength_nm: float) -> bool:
    """Whether light of a wavelength [nm] is computed in tissue; other light is counted for heat and for the eye alone.

    >>> [counts_for_dose(wavelength) for wavelength in (480.0, 600.0, 850.0, 1060.0)]
    [False, True, True, False]
    """
    return _DOSE_NM[0] <= wavelength_nm <= _DOSE_NM[1]


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


def check_lamp(lamp: Lamp) -> list[Problem]:
    """Faults of a lamp's description, one plain line each naming the key; empty when a beam can be computed from it."""
    if not lamp.emitters:
        return [
            Problem(
                key="emitters",
                message="none given",
                remedy="add at least one [[device.emitters]] with wavelength_nm and its output",
            )
        ]
    problems: list[Problem] = []
    for number, emitters in enumerate(lamp.emitters, start=0):
        where = f"emitters[{number}] ({emitters.wavelength_nm:g} nm)"
        problems.extend(problem.under(where) for problem in _problems(emitters))
    if not any(counts_for_dose(emitters.wavelength_nm) for emitters in lamp.emitters):
        message = "no wavelength within 600-1000 nm, so that no dose can be computed"
        first_nm = lamp.emitters[0].wavelength_nm
        remedy = "correct it, or choose another lamp"
        problems.append(Problem("emitters[0].wavelength_nm", first_nm, message, remedy))
    problems.extend(_cluster_problems(lamp))
    problems.extend(_pulse_problems(lamp))
    if lamp.lit_area_m2 is not None and lamp.kind != "whole_body":
        # Under another kind the area would go unheard, and with it the heat in the body.
        message = 'is of a lamp of kind = "whole_body"'
        remedy = "give it that kind, or leave the area out"
        problems.append(Problem("lit_area_m2", lamp.lit_area_m2, message, remedy))
    said, spotless = (
        _said_to_be_a_laser(lamp),
        all(e.spot_diameter_mm is None for e in lamp.whole_emitters or lamp.emitters),
    )
    if said and spotless and not problems:
        # By an irradiance alone its beam would be judged for the eye like the wide light of diodes.
        message = "a laser without the spot of its beam"
        remedy = "give power_mw and spot_diameter_mm; of diodes say that they are no laser"
        on_page = (
            "Give the power of the laser and the width of its spot: without them nobody can say what it does to eyes."
        )
        key, value = said[0]
        problems.append(Problem(key=key, value=value, message=message, remedy=remedy, on_page=on_page))
    if lamp.laser_class is not None and spotless:
        problems.append(
            Problem(
                key="laser_class",
                value=lamp.laser_class,
                message="no emitter has spot_diameter_mm",
                remedy="give the laser's spot or remove laser_class",
            )
        )
    return problems


def _cluster_problems(lamp: Lamp) -> list[Problem]:
    """Diodes of several wavelengths shine onto the same points, or nobody can say the joules of a point."""
    heads = {(one.diodes or 1, one.spacing_mm) for one in lamp.emitters if one.spot_diameter_mm is not None}
    if len(heads) < 2:
        return []
    message = "the wavelengths of this cluster have different diodes or spacing, so that no point gets the same light"
    remedy = "describe each kind of diode as a mode or a lamp of its own"
    return [Problem("emitters.diodes", message=message, remedy=remedy)]


def _said_to_be_a_laser(lamp: Lamp) -> list[tuple[str, str]]:
    """The keys that say so, each with its value."""
    words = {"id": lamp.id, "name": lamp.name, "notes": lamp.notes, "source": lamp.source}
    said = [(key, text) for key, text in words.items() if _SAYS_LASER.search(text.replace("_", " "))]
    return [("kind", "laser"), *said] if lamp.kind == "laser" else said


def _pulse_problems(lamp: Lamp) -> list[Problem]:
    ours = lamp_catalogue.get(lamp.id)
    if ours is not None and ours.emitters == lamp.emitters:
        return []
    from openpbm.device.pulses import pulse_problems

    return pulse_problems(lamp)


def _problems(emitters: Emitters) -> list[Problem]:
    kind = emitter_kind(emitters)
    if kind == "laser":
        return _laser_problems(emitters)
    problems: list[Problem] = []
    for key in ("spot_short_mm", "spot_profile", "divergence_mrad", "diodes", "spacing_mm"):
        if (value := getattr(emitters, key)) is not None:
            message, remedy = "is of a laser, whose spot_diameter_mm is missing", "give the spot, or leave it out"
            problems.append(Problem(key, value, message, remedy))
    if kind == "array":
        problems.extend(_array_problems(emitters))
    else:
        problems.extend(_field_problems(emitters, kind))
    count = (emitters.rows or 1) * (emitters.columns or 1)
    if count > _MOST_EMITTERS:
        problems.append(
            Problem(
                message=f"rows x columns is {count}; at most {_MOST_EMITTERS}", remedy="give the lamp in coarser groups"
            )
        )
    return problems


def _laser_problems(emitters: Emitters) -> list[Problem]:
    problems = []
    if not counts_for_dose(emitters.wavelength_nm):
        # The limits of blue lasers and the widening beams of long ones are not among ours.
        message = "a laser outside of 600-1000 nm cannot be judged for the eye here"
        problems.append(Problem("wavelength_nm", emitters.wavelength_nm, message, "choose another lamp"))
    if emitters.power_mw is None:
        problems.append(Problem(message="a laser (spot_diameter_mm is given) misses power_mw"))
    short, long = emitters.spot_short_mm, emitters.spot_diameter_mm
    if short is not None and long is not None and short > long:
        message = f"longer than spot_diameter_mm = {long:g}, which of an oval spot is the longer axis"
        problems.append(Problem("spot_short_mm", short, message, "exchange the two"))
    if ((emitters.diodes or 1) > 1) != (emitters.spacing_mm is not None):
        lacking = "spacing_mm" if emitters.spacing_mm is None else "diodes"
        message = "missing: a cluster has both diodes and spacing_mm, from the middle of one spot to the next"
        problems.append(Problem(lacking, message=message, remedy="give both, or neither for a single beam"))
    given = [key for key in (*ARRAY_KEYS, "irradiance_mw_cm2", "at_distance_mm") if getattr(emitters, key) is not None]
    if given:
        problems.append(
            Problem(
                message=f"a laser (spot_diameter_mm is given) cannot also have {', '.join(given)}",
                remedy="remove these, or the spot",
            )
        )
    return problems


def _array_problems(emitters: Emitters) -> list[Problem]:
    if emitters.at_distance_mm is not None:
        return [
            Problem(
                message="at_distance_mm without irradiance_mw_cm2",
                remedy="give both, or power_mw with the array's geometry",
            )
        ]
    missing = _missing(emitters, ("power_mw", *ARRAY_KEYS))
    if not missing:
        return []
    return [
        Problem(
            message=f"an array misses {', '.join(missing)}",
            remedy=("give them, or irradiance_mw_cm2 and at_distance_mm, or for a laser power_mw and spot_diameter_mm"),
        )
    ]


def _field_problems(emitters: Emitters, kind: EmitterKind) -> list[Problem]:
    problems = []
    if emitters.at_distance_mm is None:
        problems.append(
            Problem(
                message="irradiance_mw_cm2 without at_distance_mm",
                remedy="give the distance at which it holds (0 for contact)",
            )
        )
    if emitters.power_mw is not None:
        problems.append(
            Problem(
                message="both power_mw and irradiance_mw_cm2 set the output", remedy="keep the one that was measured"
            )
        )
    missing = _missing(emitters, ARRAY_KEYS)
    if kind == "scaled_array" and missing:
        problems.append(
            Problem(
                message=f"the array's geometry beside irradiance_mw_cm2 misses {', '.join(missing)}",
                remedy="give all four or none",
            )
        )
    return problems


def _missing(emitters: Emitters, keys: tuple[str, ...]) -> list[str]:
    return [key for key in keys if getattr(emitters, key) is None]
