"""A lamp of one's own in the words of its label and page, written out in the keys of a lamp."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from openpbm.device.pulses import derive_power, pulse_key_problems
from openpbm.errors import Problem
from openpbm.facts.lamps import Emitters, Lamp
from openpbm.files import JsonObject

__all__ = ["spell_out_inches", "spell_out_lamp"]

_MM_PER_INCH = 25.4
_INCH_WORDS = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(?:in|inch|inches|\"|″)\s*$", re.IGNORECASE)
#: A lamp's output with all wavelengths together, and what it becomes for each.
_TOGETHER = ("irradiance_mw_cm2", "claimed_irradiance_mw_cm2")
# Shares are written with two digits, and three thirds make 0.99.
_SHARES_MISS = 0.02


def spell_out_lamp(device: JsonObject, folder: Path | None = None) -> list[Problem]:
    """Write what a datasheet says in the keys of a lamp, in place; what cannot be is a problem.

    folder : from which it may name a photometric file; None where it may name none
    """
    problems = spell_out_inches(device, "device")
    rows = device.get("emitters")
    listed = enumerate(rows if isinstance(rows, list) else ())
    emitters = [(f"device.emitters[{number}]", row) for number, row in listed if isinstance(row, dict)]
    for where, row in emitters:
        problems.extend(spell_out_inches(row, where))
        problems.extend(problem.under(where) for problem in _halve_the_angle(row))
        if row.keys() & {"energy_per_point_j", "seconds_per_point", "diodes"}:
            from openpbm.case.own_cluster import spell_out_cluster

            problems.extend(problem.under(where) for problem in spell_out_cluster(row))
        derive_power(row)
    problems.extend(_share_out(device, emitters))
    if any(row.keys() & {"ies", "ldt"} for _, row in emitters):
        from openpbm.case.photometric_beam import spell_out_beams

        problems.extend(spell_out_beams(device, folder))
    for where, noun, described in (("device", Lamp, device), *((where, Emitters, row) for where, row in emitters)):
        problems.extend(_keys_of_pulses(described, noun, where))
    return problems


def spell_out_inches(section: JsonObject, where: str) -> list[Problem]:
    """Lengths in inches in mm: a key that ends in `_in`, or the words "6 inches" under a key in mm, which is refused.

    >>> placement = {"distance_in": 6}
    >>> spell_out_inches(placement, "placement"), placement
    ([], {'distance_mm': 152.4})
    """
    problems = []
    for key, value in list(section.items()):
        in_mm = f"{key.removesuffix('_in')}_mm"
        if key.endswith("_in") and isinstance(value, int | float) and not isinstance(value, bool):
            if in_mm in section:
                message, remedy = f"stands beside {in_mm}, which says it", "leave one of the two out"
                problems.append(Problem(f"{where}.{key}", value, message, remedy))
            section.setdefault(in_mm, round(value * _MM_PER_INCH, 6))
            del section[key]
        elif key.endswith("_mm") and isinstance(value, str) and (said := _INCH_WORDS.match(value)):
            millimetres = float(said[1]) * _MM_PER_INCH
            message = "is in inches, and this key is in mm"
            problems.append(Problem(f"{where}.{key}", value, message, f"write {key} = {millimetres:.4g}"))
            section[key] = millimetres
    return problems


def _halve_the_angle(row: JsonObject) -> list[Problem]:
    """`beam_angle_deg`, from half intensity to half intensity, as datasheets and lenses have it."""
    full = row.pop("beam_angle_deg", None)
    if full is None:
        return []
    if isinstance(full, bool) or not isinstance(full, int | float) or not 2.0 <= full < 180.0:
        message = "must be a number from 2 to under 180, the full angle from half intensity to half intensity"
        return [Problem("beam_angle_deg", full, message, "correct it, or give half_angle_deg, half of it")]
    half = row.setdefault("half_angle_deg", full / 2.0)
    # What is no number is named by the check of the shape.
    if isinstance(half, int | float) and half != full / 2.0:
        message = f"its half is {full / 2.0:g}, and half_angle_deg beside it is {half:g}"
        return [Problem("beam_angle_deg", full, message, "leave one of the two out")]
    return []


def _share_out(device: JsonObject, emitters: list[tuple[str, JsonObject]]) -> list[Problem]:
    """An irradiance of all wavelengths together, shared out over them."""
    given = {key: device.pop(key) for key in _TOGETHER if key in device}
    at_mm = device.pop("at_distance_mm", None)
    shares = [row.pop("share", None) for _, row in emitters]
    if not given:
        return list(_shares_of_nothing(shares, at_mm, emitters))
    problems = [*_problems_of_shares(given, shares, emitters)]
    if at_mm is None:
        key = next(iter(given))
        remedy = "give at_distance_mm beside it (0 for contact)"
        problems.append(Problem(f"device.{key}", given[key], "without the distance at which it holds", remedy))
    if problems:
        return problems
    for share, (_, row) in zip(shares, emitters, strict=True):
        row |= {key: value * share for key, value in given.items()} | {"at_distance_mm": at_mm}
    return []


def _shares_of_nothing(shares: list[Any], at_mm: object, emitters: list[tuple[str, JsonObject]]) -> Iterator[Problem]:
    message = "is of an irradiance of all wavelengths together, which [device] does not give"
    remedy = "give irradiance_mw_cm2 and at_distance_mm under [device], or leave it out"
    for share, (where, _) in zip(shares, emitters, strict=True):
        if share is not None:
            yield Problem(f"{where}.share", share, message, remedy)
    if at_mm is not None:
        message = "without irradiance_mw_cm2 of all wavelengths together beside it"
        yield Problem("device.at_distance_mm", at_mm, message, "give it, or the distance in [[device.emitters]]")


def _problems_of_shares(
    given: Mapping[str, Any], shares: list[Any], emitters: list[tuple[str, JsonObject]]
) -> Iterator[Problem]:
    for key, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0.0 < value <= 100_000.0:
            yield Problem(f"device.{key}", value, "must be more than 0 and at most 100000 mW/cm2", "correct the value")
    for share, (where, row) in zip(shares, emitters, strict=True):
        if doubled := [key for key in ("power_mw", *_TOGETHER) if key in row]:
            message = "stands beside irradiance_mw_cm2 of the whole lamp, which says it"
            yield Problem(f"{where}.{doubled[0]}", row[doubled[0]], message, "leave one of the two out")
        if share is None:
            message = "missing: irradiance_mw_cm2 of the whole lamp is shared out over its wavelengths"
            remedy = "give the part of the light of each, together 1; the maker tells, or a reading of each alone"
            on_page = (
                "Give the share of this wavelength in the light of the lamp, between 0 and 1; together they are 1."
            )
            yield Problem(f"{where}.share", message=message, remedy=remedy, on_page=on_page)
        elif isinstance(share, bool) or not isinstance(share, int | float) or not share > 0.0:
            yield Problem(f"{where}.share", share, "must be more than 0 and at most 1", "correct the value")
    numbers = [float(share) for share in shares if isinstance(share, int | float)]
    # Not `fsum`, which stops at numbers that are much too large.
    total = sum(numbers)
    if len(numbers) == len(shares) and abs(total - 1.0) > _SHARES_MISS:
        message = f"the shares together are {total:g}, not 1"
        yield Problem("device.emitters.share", message=message, remedy="write 0.5 for a half, and correct them")


def _keys_of_pulses(described: JsonObject, noun: type[Emitters] | type[Lamp], where: str) -> list[Problem]:
    """Problems of the keys of pulses that are not known where they stand; these are taken out, to be said once."""
    known = {field.name for field in dataclasses.fields(noun)}
    found = pulse_key_problems((key, value) for key, value in described.items() if key not in known)
    for problem in found:
        del described[problem.key]
    return [problem.under(where) for problem in found]
