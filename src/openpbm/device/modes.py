"""Modes of a lamp: which of its wavelengths shine, and how strongly."""

from __future__ import annotations

import dataclasses

from openpbm.device.lamp_problems import counts_for_dose
from openpbm.errors import BadInput, Problem
from openpbm.facts.lamps import Emitters, Lamp
from openpbm.files import suggest

__all__ = ["chosen_mode_problems", "in_mode", "mode_problems", "tried_lamp"]


def mode_problems(lamp: Lamp) -> list[Problem]:
    """Modes that name a wavelength the lamp does not have, and two of one name."""
    waves = sorted({emitters.wavelength_nm for emitters in lamp.emitters})
    known = ", ".join(f"{wave:g}" for wave in waves)
    problems = []
    names: set[str] = set()
    for number, mode in enumerate(lamp.modes):
        if mode.name in names:
            problems.append(Problem(f"modes[{number}].name", mode.name, "names two modes", "give each its own name"))
        names.add(mode.name)
        problems.extend(
            Problem(f"modes[{number}].wavelengths_nm", wave, f"this lamp has {known} nm", "name one of these")
            for wave in mode.wavelengths_nm
            if wave not in waves
        )
    return problems


def chosen_mode_problems(lamp: Lamp, mode: str) -> list[Problem]:
    """A mode that the lamp does not have, or in which it gives no light that a dose is computed of."""
    names = [one.name for one in lamp.modes]
    if mode in names:
        shining = in_mode(lamp, mode).emitters
        if any(counts_for_dose(one.wavelength_nm) for one in shining):
            return []
        message = "shines at nothing within 600-1000 nm, so that no dose can be computed"
        return [Problem("placement.mode", mode, message, "choose another mode")]
    remedy = suggest(mode, names) if names else "describe it under [[device.modes]], or leave it out"
    return [Problem("placement.mode", mode, "no mode of this lamp", remedy)]


def in_mode(lamp: Lamp, name: str) -> Lamp:
    """The lamp as it shines in one of its modes, its whole light beside it: by that its class and eyes are judged.

    >>> from openpbm.facts.lamps import LampMode
    >>> chip = {"half_angle_deg": 30.0, "rows": 6, "columns": 5, "pitch_mm": 42.0, "power_mw": 500.0}
    >>> waves = tuple(Emitters(wavelength_nm=wavelength, **chip) for wavelength in (660.0, 850.0))
    >>> red = LampMode(name="red, half", wavelengths_nm=(660.0,), output=0.5)
    >>> panel = Lamp(id="a", name="panel", kind="panel", output_status="claimed", emitters=waves, modes=(red,))
    >>> [(part.wavelength_nm, part.power_mw) for part in in_mode(panel, "red, half").emitters]
    [(660.0, 250.0)]
    """
    mode = next(one for one in lamp.modes if one.name == name)
    shining = [one for one in lamp.emitters if not mode.wavelengths_nm or one.wavelength_nm in mode.wavelengths_nm]
    emitters = tuple(_dimmed(one, mode.output) for one in shining)
    return dataclasses.replace(lamp, name=f"{lamp.name}, {name}", emitters=emitters, whole_emitters=lamp.emitters)


def tried_lamp(lamp: Lamp, mode: str | None, duty: float | None) -> Lamp:
    """A lamp in another of its modes and at another duty, its whole light beside it: by that eyes are judged.

    mode : by its name, "" for the whole lamp;  duty : share of the time its LEDs shine, above 0 to 1 [-]
    None leaves what the lamp has. Raises BadInput for a mode it lacks, and for a duty of a laser.
    """
    chosen = lamp if mode is None else lamp.whole
    if mode:
        if problems := chosen_mode_problems(chosen, mode):
            raise BadInput(problems)
        chosen = in_mode(chosen, mode)
    return chosen if duty is None else _at_duty(chosen, duty)


def _at_duty(lamp: Lamp, duty: float) -> Lamp:
    """Its mean output goes with the share of the time; a pulse of LEDs is as bright as they are lit steadily."""
    if not 0.0 < duty <= 1.0:
        raise BadInput(Problem("duty", duty, "must be above 0 and at most 1", "give the share of the time"))
    if any(one.spot_diameter_mm is not None for one in lamp.emitters):
        message = "is of LEDs, and this lamp has a laser, whose pulses are its own"
        raise BadInput(Problem("duty", duty, message, "leave it out"))
    emitters = tuple(_shining(one, duty) for one in lamp.emitters)
    # What it could do before it still can; longer than that, the whole lamp shines longer too.
    whole = tuple(
        _shining(one, duty) if one.duty is not None and one.duty < duty else one
        for one in lamp.whole_emitters or lamp.emitters
    )
    return dataclasses.replace(lamp, emitters=emitters, whole_emitters=whole)


def _shining(emitters: Emitters, duty: float) -> Emitters:
    return dataclasses.replace(_dimmed(emitters, duty / (emitters.duty or 1.0)), duty=duty)


def _dimmed(emitters: Emitters, output: float) -> Emitters:
    """At a share of its output; the peak of a laser's pulses stays, for fewer pulses may be what dims it."""
    power, irradiance = emitters.power_mw, emitters.irradiance_mw_cm2
    return dataclasses.replace(
        emitters,
        power_mw=None if power is None else power * output,
        irradiance_mw_cm2=None if irradiance is None else irradiance * output,
    )
