"""The beam of an emitter from the photometric file of its lamp: several emitters at one place, one for each lobe."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from openpbm.device import LedArray, beam
from openpbm.device.beam import central_peak_mw_cm2
from openpbm.device.beam_lobes import BeamLobes, Lobe, fit_lobes
from openpbm.device.even_light import ContactPad
from openpbm.device.photometric_file import read_ies, read_ldt
from openpbm.errors import BadInput, Problem
from openpbm.facts.lamps import Emitters, Lamp
from openpbm.files import JsonObject

__all__ = ["spell_out_beams"]

_READERS = {"ies": read_ies, "ldt": read_ldt}
_OUTPUTS = ("power_mw", "irradiance_mw_cm2")
_GRID = ("rows", "columns", "pitch_mm")
_PARTED = (*_OUTPUTS, "claimed_power_mw", "claimed_irradiance_mw_cm2")


def spell_out_beams(device: JsonObject, folder: Path | None) -> list[Problem]:
    """Each `ies` or `ldt` of a lamp's emitters as lobes of one half angle, in place; what cannot be is a problem.

    folder : from which a file is named; None where whoever wrote this may name none, as on a page of the web
    """
    problems: list[Problem] = []
    rows = device["emitters"]
    fits: list[BeamLobes] = []
    for number, row in enumerate(list(rows)):
        if not isinstance(row, dict) or not row.keys() & _READERS.keys():
            continue
        try:
            fits.append(_beam(row, folder))
        except BadInput as error:
            problems.extend(_of_row(problem, f"device.emitters[{number}]") for problem in error.problems)
            # Refused it is already; what is lacking for want of the file is not to be named once more.
            row.setdefault("half_angle_deg", 60.0)
            if not any(output in row for output in _OUTPUTS):
                row["power_mw"] = 1.0
            continue
        # Behind all that are written, whose numbers a problem names.
        rows[number], *beside = _lobes(device, row, fits[-1])
        rows.extend(beside)
    if fits:
        device["beam_misplaced"] = round(max(fit.misplaced for fit in fits), 6)
        device["beam_uneven"] = round(max(fit.uneven for fit in fits), 6)
    return problems


def _of_row(problem: Problem, where: str) -> Problem:
    """Of the row that names the file, where the problem is of the row; the document is the case's alone."""
    if not problem.document:
        return problem.under(where)
    at = problem.document if problem.line is None else f"{problem.document} line {problem.line}"
    message = f"{at}: {problem.thing_and_message}"
    return dataclasses.replace(problem, key=where, value=None, message=message, line=None, document="")


def _beam(row: JsonObject, folder: Path | None) -> BeamLobes:
    """The lobes of the file that a row names, its key taken out."""
    named = [key for key in _READERS if key in row]
    key, name = named[0], row.pop(named[0])
    beside = [other for other in (*named[1:], "half_angle_deg", "beam_angle_deg", "spot_diameter_mm") if other in row]
    if beside:
        raise BadInput(Problem(key, name, f"stands beside {beside[0]}, which says how its light spreads",
                               "leave one of the two out"))  # fmt: skip
    if folder is None:
        message = "names a file, which only a case file or a lamp's file on your own computer may"
        on_page = "A page reads no file of this computer: give the angle of the LEDs instead."
        raise BadInput(Problem(key, name, message, "give half_angle_deg in its place", on_page=on_page))
    if not isinstance(name, str) or not name.strip():
        raise BadInput(Problem(key, name, "must be the name of a file", "write it in quotes"))
    if not any(output in row for output in _OUTPUTS):
        message = "gives the shape of the light alone: its candela and lumens say what eyes see, and no watts follow"
        raise BadInput(Problem(key, name, message, "give power_mw or irradiance_mw_cm2 beside it, of the light itself"))
    path = folder / name
    try:
        return fit_lobes(_READERS[key](path))
    except BadInput as error:
        raise BadInput(
            problem if problem.document else problem.within(path.name) for problem in error.problems
        ) from error


def _lobes(device: JsonObject, row: JsonObject, fit: BeamLobes) -> list[JsonObject]:
    """One emitter for each lobe, its power and irradiance shared out; a row that lacks its grid stays one."""
    try:
        irradiances = _shares_of_irradiance(device, row, fit.lobes)
    except (BadInput, KeyError, TypeError, ValueError, ArithmeticError):
        # Named by the checks of the shape and of the lamp.
        return [row | {"half_angle_deg": fit.lobes[0].half_angle_deg}]
    powers = [lobe.share for lobe in fit.lobes]
    found = []
    for lobe, of_power, of_irradiance in zip(fit.lobes, powers, irradiances, strict=True):
        parted = {
            key: row[key] * (of_power if key.endswith("power_mw") else of_irradiance) for key in _PARTED if key in row
        }
        found.append(row | parted | {"half_angle_deg": lobe.half_angle_deg})
    return found


def _shares_of_irradiance(device: JsonObject, row: JsonObject, lobes: tuple[Lobe, ...]) -> list[float]:
    """What each lobe gives by itself of the irradiance that all together have at the distance where it is stated.

    Each by itself is scaled to its own brightest place of the middle cell, which need not be that of all.
    """
    if "irradiance_mw_cm2" not in row:
        return [lobe.share for lobe in lobes]
    grid = {key: row[key] for key in _GRID}
    emitters = tuple(
        Emitters(wavelength_nm=850.0, power_mw=lobe.share, half_angle_deg=lobe.half_angle_deg, **grid) for lobe in lobes
    )
    kind, contact = device.get("kind", "other"), device.get("contact") is True
    lamp = Lamp(id="lobes", name="lobes", kind=kind, output_status="claimed", contact=contact, emitters=emitters)
    lights = [part.light for part in beam(lamp, row["at_distance_mm"]).components]
    arrays = [light for light in lights if isinstance(light, LedArray | ContactPad)]
    together = central_peak_mw_cm2(*arrays)
    return [central_peak_mw_cm2(light) / together for light in arrays]
