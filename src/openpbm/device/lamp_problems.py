"""What is missing or contradictory in the description of a lamp, said before any light is computed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from openpbm.errors import Problem
from openpbm.facts.lamps import Emitters, Lamp, lamp_catalogue

__all__ = [
    "ARRAY_KEYS",
    "PULSE_KEYS",
    "EmitterKind",
    "check_lamp",
    "emitter_kind",
    "pulse_problems",
    "speaks_of_pulses",
]

EmitterKind = Literal["laser", "array", "scaled_array", "field"]
ARRAY_KEYS = ("half_angle_deg", "rows", "columns", "pitch_mm")

#: what would describe a pulse; no emitter has these keys until pulses are computed
PULSE_KEYS = ("peak_power_w", "pulse_width_ns", "pulse_frequency_hz")
# Gallium arsenide lasers shine here, and they can only be driven in pulses of many watts and some hundred nanoseconds.
_SUPERPULSED_NM = (890.0, 910.0)
_SAYS_PULSED = re.compile(r"(?<!un)(?<!im)(?<!non-)(?<!non )(?<!not )(?<!no )puls(?:ed|ing|es?)\b", re.IGNORECASE)
_SAYS_SUPERPULSED = re.compile(r"super[\s-]?puls", re.IGNORECASE)
# What only pulses have, on the label of a laser: a length, a peak, a frequency other than that of the mains.
_SAYS_PULSES_OF_A_LASER = re.compile(
    r"\d\s?(?:ns|[uµμ]s|nanoseconds?|microseconds?)\b|\bpeak\b.{0,20}?\d\s?k?w(?:atts?)?\b|\bmodulated\b"
    r"|(?<![\d.,])(?!(?:50|60|0+(?:[.,]0+)?)\s?hz)\d[\d.,]*\s?[km]?hz\b",
    re.IGNORECASE,
)
_SAYS_LASER = re.compile(r"(?<!no )(?<!not )(?<!not a )(?<!non-)\b(?:lasers?|vcsels?)\b(?!-free)", re.IGNORECASE)
_KEY_OF_A_PULSE = re.compile(r"peak_(?:power|irradiance)|pulse_|duty|repetition|frequency|modulation", re.IGNORECASE)
_NO_PULSES = "leave this lamp out: no plan is made for a pulsed lamp until pulses can be described"
_PULSED_ON_PAGE = (
    "Light in pulses cannot be described here yet, and the peak of a pulse decides what it does to an eye. No course is"
    " planned with such a lamp."
)

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
    problems.extend(_unsaid_pulses(lamp))
    said = lamp.kind == "laser" or _SAYS_LASER.search(f"{lamp.name} {lamp.notes}") is not None
    if said and not problems and all(e.spot_diameter_mm is None for e in lamp.emitters):
        # By an irradiance alone its beam would be judged for the eye like the wide light of diodes.
        message = "a laser without the spot of its beam"
        remedy = "give power_mw and spot_diameter_mm; of diodes say that they are no laser"
        on_page = (
            "Give the power of the laser and the width of its spot: without them nobody can say what it does to eyes."
        )
        key, value = ("kind", "laser") if lamp.kind == "laser" else ("name", lamp.name)
        problems.append(Problem(key=key, value=value, message=message, remedy=remedy, on_page=on_page))
    if lamp.laser_class is not None and all(e.spot_diameter_mm is None for e in lamp.emitters):
        problems.append(
            Problem(
                key="laser_class",
                value=lamp.laser_class,
                message="no emitter has spot_diameter_mm",
                remedy="give the laser's spot or remove laser_class",
            )
        )
    return problems


def speaks_of_pulses(key: str) -> bool:
    """Whether a key of a lamp's description is of its pulses, in whatever unit: no other key may be offered for it.

    >>> speaks_of_pulses("peak_power_mw"), speaks_of_pulses("duty_cycle"), speaks_of_pulses("power_mw")
    (True, True, False)
    """
    return _KEY_OF_A_PULSE.match(key) is not None


def pulse_problems(described: Mapping[str, object]) -> list[Problem]:
    """Every key of a pulse in the raw description of a lamp or an emitter: as a time average it would pass as harmless.

    >>> [problem.key for problem in pulse_problems({"wavelength_nm": 904, "peak_power_w": 27})]
    ['peak_power_w']
    """
    return [
        Problem(key, value, "pulses cannot be described yet, and their peak decides what they do to an eye", _NO_PULSES)
        for key, value in described.items()
        if speaks_of_pulses(key)
    ]


def _unsaid_pulses(lamp: Lamp) -> list[Problem]:
    """A laser that can only shine in pulses, or a lamp said to be pulsed, without a word on its pulses."""
    wanted = ", ".join(PULSE_KEYS)
    low, high = _SUPERPULSED_NM
    problems = [
        Problem(
            key=f"emitters[{number}]",
            message=f"a laser at {emitters.wavelength_nm:g} nm shines in pulses, which only {wanted} would describe",
            remedy=_NO_PULSES,
            on_page=f"A laser at {emitters.wavelength_nm:g} nm shines in pulses. {_PULSED_ON_PAGE}",
        )
        for number, emitters in enumerate(lamp.emitters)
        if low <= emitters.wavelength_nm <= high and _is_laser(lamp, emitters)
    ]
    if not problems:
        message = f"said to be pulsed, which only {wanted} would describe"
        said = _said_to_be_pulsed(lamp)
        problems = [
            Problem(key=key, value=value, message=message, remedy=_NO_PULSES, on_page=_PULSED_ON_PAGE)
            for key, value in said[:1]
        ]
    return problems


def _is_laser(lamp: Lamp, emitters: Emitters) -> bool:
    return lamp.kind == "laser" or lamp.laser_class is not None or emitters.spot_diameter_mm is not None


def _said_to_be_pulsed(lamp: Lamp) -> list[tuple[str, str | bool]]:
    """The keys that say so, each with its value."""
    ours = lamp_catalogue.get(lamp.id)
    # Slow pulses of diodes at half the peak, as our own pads have them, are for a clinician to judge (`lamp_pulsed`).
    if ours is not None and ours.emitters == lamp.emitters:
        return []
    patterns = [_SAYS_PULSED, _SAYS_SUPERPULSED]
    if any(_is_laser(lamp, emitters) for emitters in lamp.emitters):
        patterns.append(_SAYS_PULSES_OF_A_LASER)
    given = (("name", lamp.name), ("notes", lamp.notes), ("id", lamp.id))
    said: list[tuple[str, str | bool]] = [
        (key, text) for key, text in given if any(pattern.search(text.replace("_", " ")) for pattern in patterns)
    ]
    return [*said, ("pulsed", True)] if lamp.pulsed else said


def _problems(emitters: Emitters) -> list[Problem]:
    kind = emitter_kind(emitters)
    if kind == "laser":
        return _laser_problems(emitters)
    problems: list[Problem] = []
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
    if emitters.power_mw is None:
        problems.append(Problem(message="a laser (spot_diameter_mm is given) misses power_mw"))
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
