"""Pulses of a lamp: what describes them, and lamps that shine in pulses without a word on them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from openpbm.errors import Problem
from openpbm.facts.lamps import Emitters, Lamp
from openpbm.files import JsonObject

__all__ = [
    "PULSE_KEYS",
    "derive_power",
    "pulse_key_problems",
    "pulse_problems",
    "speaks_of_pulses",
    "unequal_power_problems",
]

#: What describes the pulses of a laser.
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
_KEY_OF_A_PULSE = re.compile(r"peak_(?:power|irradiance)|pulse_|duty|repetition|frequency|modulation", re.IGNORECASE)
_OF_A_LASER = "of a laser give peak_power_w, pulse_width_ns and pulse_frequency_hz in its [[device.emitters]]"
_OF_DIODES = "of LEDs duty (the share of the time in which they shine, 0 to 1) and pulse_frequency_hz"
_DESCRIBE = f"{_OF_A_LASER}, {_OF_DIODES}"
_ON_PAGE = (
    "The peak of a pulse decides what it does to an eye. Give peak power, length and number of the pulses of a laser,"
    " or the share of the time in which LEDs shine; they stand on the data sheet."
)
# As labels round: 27 W of 200 ns at 10 kHz, 54 mW, is sold as 60.
_POWER_AGREES = 0.2


def speaks_of_pulses(key: str) -> bool:
    """Whether a key of a lamp's description is of its pulses, in whatever unit: no other key may be offered for it.

    >>> speaks_of_pulses("peak_power_mw"), speaks_of_pulses("duty_cycle"), speaks_of_pulses("power_mw")
    (True, True, False)
    """
    return _KEY_OF_A_PULSE.match(key) is not None


def derive_power(described: JsonObject) -> None:
    """Write the mean power beside the pulses of a laser that has none.

    >>> laser = {"peak_power_w": 10, "pulse_width_ns": 150, "pulse_frequency_hz": 3000}
    >>> derive_power(laser)
    >>> laser["power_mw"]
    4.5
    """
    numbers = (value for key in PULSE_KEYS if isinstance(value := described.get(key), int | float))
    # What is no number above 0 is named by the check of the shape.
    values = [float(value) for value in numbers if value > 0.0]
    if "power_mw" not in described and len(values) == len(PULSE_KEYS):
        described["power_mw"] = round(math.prod(values) * 1e-6, 9)


def pulse_key_problems(unknown: Iterable[tuple[str, object]]) -> list[Problem]:
    """Of keys that are not known where they stand those of a pulse: as a time average it would pass as harmless.

    >>> [problem.key for problem in pulse_key_problems([("peak_power_mw", 27000), ("colour", "red")])]
    ['peak_power_mw']
    """
    return [
        Problem(key, value, "pulses are not described by this key here", _DESCRIBE, on_page=_ON_PAGE)
        for key, value in unknown
        if speaks_of_pulses(key)
    ]


def pulse_problems(lamp: Lamp) -> list[Problem]:
    """What is wrong with the pulses of a lamp, and what is not said of them."""
    described = [
        problem.under(f"emitters[{number}]")
        for number, emitters in enumerate(lamp.emitters)
        for problem in _described_problems(emitters)
    ]
    return described or _unsaid_pulses(lamp)


def _described_problems(emitters: Emitters) -> list[Problem]:
    given = [key for key in (*PULSE_KEYS, "duty") if getattr(emitters, key) is not None]
    if emitters.spot_diameter_mm is None:
        return _problems_of_diodes(emitters, given)
    if not given:
        return []
    wanted: tuple[str, ...] = PULSE_KEYS
    if "duty" in given:
        wanted, beside = ("duty", "pulse_frequency_hz"), ("peak_power_w", "pulse_width_ns")
        if doubled := [key for key in beside if key in given]:
            message = f"stands beside {' and '.join(doubled)}, which say it"
            return [Problem("duty", emitters.duty, message, "leave one of the two out")]
    if missing := [key for key in wanted if key not in given]:
        key = given[0]
        message = f"pulses of a laser miss {', '.join(missing)}"
        return [Problem(key, getattr(emitters, key), message, _OF_A_LASER, on_page=f"{message}. {_ON_PAGE}")]
    return _too_long(emitters)


def _problems_of_diodes(emitters: Emitters, given: list[str]) -> list[Problem]:
    if of_laser := [key for key in given if key in ("peak_power_w", "pulse_width_ns")]:
        key = of_laser[0]
        message = "describes pulses of a laser, whose spot_diameter_mm is missing"
        return [Problem(key, getattr(emitters, key), message, f"give the spot; {_OF_DIODES}")]
    if "pulse_frequency_hz" in given and "duty" not in given:
        message = "without duty, the share of the time in which the LEDs shine (0 to 1)"
        return [Problem("pulse_frequency_hz", emitters.pulse_frequency_hz, message, "give duty beside it")]
    return []


def _too_long(emitters: Emitters) -> list[Problem]:
    if emitters.pulse_width_ns is None or emitters.pulse_frequency_hz is None:
        return []
    longest_ns = 1e9 / emitters.pulse_frequency_hz
    if emitters.pulse_width_ns <= longest_ns:
        return []
    message = f"longer than the {longest_ns:.4g} ns from one pulse to the next"
    return [Problem("pulse_width_ns", emitters.pulse_width_ns, message, "correct it or pulse_frequency_hz")]


def unequal_power_problems(lamp: Lamp) -> list[Problem]:
    """Where the mean power that is stated is not that of the pulses; of a measured lamp the maker's claim counts."""
    problems = []
    for number, emitters in enumerate(lamp.emitters):
        key = "power_mw" if emitters.claimed_power_mw is None else "claimed_power_mw"
        stated, computed = getattr(emitters, key), emitters.mean_of_pulses_mw
        if computed is None or stated is None or abs(stated / computed - 1.0) <= _POWER_AGREES + 1e-9:
            continue
        message = (
            f"not the mean of its pulses: peak_power_w x pulse_width_ns x pulse_frequency_hz is {computed:.4g} mW, and"
            f" the two may differ by {_POWER_AGREES:.0%}"
        )
        remedy = f"correct one of the four, or leave {key} out"
        on_page = f"Peak, length and number of the pulses make {computed:.4g} mW on average. Correct one of the four."
        problems.append(Problem(f"emitters[{number}].{key}", stated, message, remedy, on_page=on_page))
    return problems


def _unsaid_pulses(lamp: Lamp) -> list[Problem]:
    """A laser that can only shine in pulses, or a lamp said to be pulsed, without a word on its pulses."""
    wanted = ", ".join(PULSE_KEYS)
    low, high = _SUPERPULSED_NM
    problems = [
        Problem(
            key=f"emitters[{number}]",
            message=f"a laser at {emitters.wavelength_nm:g} nm shines in pulses, and {wanted} are not given",
            remedy=_OF_A_LASER,
            on_page=f"A laser at {emitters.wavelength_nm:g} nm shines in pulses. {_ON_PAGE}",
        )
        for number, emitters in enumerate(lamp.emitters)
        if low <= emitters.wavelength_nm <= high and _is_laser(lamp, emitters) and not emitters.is_pulsed
    ]
    if problems:
        return problems
    return [
        Problem(key, value, f"said to be pulsed, and neither {wanted} nor duty is given", _DESCRIBE, on_page=_ON_PAGE)
        for key, value in _said_to_be_pulsed(lamp)[:1]
    ]


def _is_laser(lamp: Lamp, emitters: Emitters) -> bool:
    return lamp.kind == "laser" or lamp.laser_class is not None or emitters.spot_diameter_mm is not None


def _said_to_be_pulsed(lamp: Lamp) -> list[tuple[str, str | bool]]:
    """The keys that say so while no emitter describes a pulse of that sort, each with its value."""
    pulsed = [emitters for emitters in lamp.emitters if emitters.is_pulsed]
    patterns = []
    # Only lasers are superpulsed: the slow pulses of diodes beside them are no answer to it.
    if all(emitters.spot_diameter_mm is None for emitters in pulsed):
        patterns.append(_SAYS_SUPERPULSED)
        if any(_is_laser(lamp, emitters) for emitters in lamp.emitters):
            patterns.append(_SAYS_PULSES_OF_A_LASER)
    if not pulsed:
        patterns.append(_SAYS_PULSED)
    given = (("name", lamp.name), ("notes", lamp.notes), ("id", lamp.id))
    said: list[tuple[str, str | bool]] = [
        (key, text) for key, text in given if any(pattern.search(text.replace("_", " ")) for pattern in patterns)
    ]
    return [*said, ("pulsed", True)] if lamp.pulsed and not pulsed else said
