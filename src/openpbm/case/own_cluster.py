"""A cluster probe as its handbook has it: so many diodes, so far apart, so many joules on each point in so long."""

from __future__ import annotations

import math

from openpbm.errors import Problem
from openpbm.files import JsonObject

__all__ = ["spell_out_cluster"]

_MW_PER_W = 1000.0
_MOST_DIODES = 200


def spell_out_cluster(row: JsonObject) -> list[Problem]:
    """Power of a diode from the joules of its point, and LEDs that are counted as a grid, in place.

    >>> row = {"wavelength_nm": 810, "spot_diameter_mm": 8, "energy_per_point_j": 3, "seconds_per_point": 30}
    >>> spell_out_cluster(row), row["power_mw"]
    ([], 100.0)
    """
    problems = _power_from_points(row)
    return problems or _grid_of_leds(row)


def _power_from_points(row: JsonObject) -> list[Problem]:
    given: JsonObject = {key: row.pop(key) for key in ("energy_per_point_j", "seconds_per_point") if key in row}
    if not given:
        return []
    if problem := _unusable(given):
        # The power that does not follow is not to be missed once more.
        row.setdefault("power_mw", 1.0)
        return [problem]
    power_mw = given["energy_per_point_j"] / given["seconds_per_point"] * _MW_PER_W
    beside = row.setdefault("power_mw", power_mw)
    # What is no number is named by the check of the shape.
    if isinstance(beside, int | float) and not math.isclose(beside, power_mw, rel_tol=0.05):
        message = f"the joules of a point make {power_mw:g} mW of one diode"
        return [Problem("power_mw", beside, message, "leave one of the two out, or correct it")]
    return []


def _unusable(given: JsonObject) -> Problem | None:
    """What keeps a power from following from joules and seconds."""
    if len(given) == 1:
        ((key, value),) = given.items()
        lacking = "seconds_per_point" if key == "energy_per_point_j" else "energy_per_point_j"
        message = f"without {lacking}, so that no power follows from it"
        return Problem(key, value, message, "give both as the handbook has them, or power_mw of one diode")
    for key, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0.0 < value <= 1000.0:
            return Problem(key, value, "must be more than 0 and at most 1000", "correct the value")
    return None


def _grid_of_leds(row: JsonObject) -> list[Problem]:
    """LEDs that are counted stand in a grid; where that has more or fewer places, each gives so much less or more."""
    diodes = row.get("diodes")
    if "spot_diameter_mm" in row or not isinstance(diodes, int) or isinstance(diodes, bool):
        return []
    if not 1 <= diodes <= _MOST_DIODES or row.keys() & {"rows", "columns", "pitch_mm"}:
        message = f"must be 1 to {_MOST_DIODES}, without rows, columns and pitch_mm beside it"
        return [Problem("diodes", diodes, message, "correct it, or describe the grid alone")]
    if "spacing_mm" not in row:
        message = "missing beside diodes"
        return [Problem("spacing_mm", message=message, remedy="give it, from the middle of one LED to the next")]
    if not _is_spacing(row["spacing_mm"]):
        # Named by the check of the shape, under the key that was written.
        return []
    rows = max(1, math.floor(math.sqrt(diodes)))
    columns = math.ceil(diodes / rows)
    row |= {"rows": rows, "columns": columns, "pitch_mm": row.pop("spacing_mm")}
    del row["diodes"]
    for key in ("power_mw", "claimed_power_mw"):
        if isinstance(power_mw := row.get(key), int | float):
            row[key] = power_mw * diodes / (rows * columns)
    return []


def _is_spacing(value: object) -> bool:
    return isinstance(value, int | float) and 0.1 <= value <= 300.0
