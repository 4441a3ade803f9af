"""`openpbm limits`: how long bare eyes and skin may be lit, how warm the skin gets, and the class of a laser."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openpbm.cli.terminal import print_json
from openpbm.errors import BadInput, Problem

if TYPE_CHECKING:
    from openpbm.safety.lamp_limits import EyeLimit, Irradiance, LampLimits, Onlooker
    from openpbm.safety.laser_limits import Pulses

__all__ = ["limits"]

_MM2_PER_CM2 = 100.0
# Skin held there burns within a second or two (Moritz and Henriques); blood flow and its cooling end with it.
_MODEL_ENDS_C = 60.0
#: Least, most and unit of every number. The longest time is the longest that any limit speaks of.
_BOUNDS = {
    "--distance-mm": (0.0, 10_000.0, "mm"),
    "--irradiance-mw-cm2": (1e-3, 100_000.0, "mW/cm2"),
    "--wavelength-nm": (400.0, 1100.0, "nm"),
    "--pulse-hz": (0.01, 1e9, "Hz"),
    "--pulse-width-ns": (1.0, 1e9, "ns"),
    "--area-cm2": (1e-3, 20_000.0, "cm2"),
    "--minutes": (0.01, 500.0, "minutes"),
    "--spot-mm": (0.01, 300.0, "mm"),
    "--source-mm": (0.01, 5000.0, "mm"),
}
# As of a lamp's file: the limits of other lasers are not among ours.
_LASER_NM = (600.0, 1000.0)
_OF_IRRADIANCE = ("--wavelength-nm", "--pulse-hz", "--pulse-width-ns", "--area-cm2", "--spot-mm", "--source-mm")

Number = float | None


def limits(
    device: Annotated[str | None, typer.Option(help="A lamp that ships, or a TOML file of one.")] = None,
    distance_mm: Annotated[
        Number,
        typer.Option(help="From the lamp to eye and skin; else that of the file's [placement], or the lamp's own."),
    ] = None,
    irradiance_mw_cm2: Annotated[
        Number, typer.Option(help="In place of a lamp: mean over time, at that eye or skin.")
    ] = None,
    wavelength_nm: Annotated[Number, typer.Option(help="In nm, 400-1100; of a laser 600-1000.")] = None,
    pulse_hz: Annotated[Number, typer.Option(help="Pulses in a second; with --pulse-width-ns.")] = None,
    pulse_width_ns: Annotated[Number, typer.Option(help="Length of a pulse in ns; with --pulse-hz.")] = None,
    area_cm2: Annotated[Number, typer.Option(help="Of the lit skin; a broad field where left out.")] = None,
    contact: Annotated[bool, typer.Option("--contact", help="The lamp lies on the skin.")] = False,
    minutes: Annotated[float, typer.Option(help="How long the light is on.")] = 30.0,
    laser: Annotated[bool, typer.Option("--laser", help="A laser's light, of --spot-mm.")] = False,
    spot_mm: Annotated[Number, typer.Option(help="Diameter of a laser's beam.")] = None,
    source_mm: Annotated[Number, typer.Option(help="Size of what shines, for the limits of the retina.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
) -> None:
    """How long bare eyes and skin may be lit, how warm the skin gets, and the class of a laser."""
    values = {
        "--distance-mm": distance_mm,
        "--irradiance-mw-cm2": irradiance_mw_cm2,
        "--wavelength-nm": wavelength_nm,
        "--pulse-hz": pulse_hz,
        "--pulse-width-ns": pulse_width_ns,
        "--area-cm2": area_cm2,
        "--minutes": minutes,
        "--spot-mm": spot_mm,
        "--source-mm": source_mm,
    }
    given = {option: value for option, value in values.items() if value is not None}
    problems = [*_out_of_bounds(given), *_do_not_fit(given, device, laser=laser, contact=contact)]
    if problems:
        raise BadInput(problems)
    if device is not None:
        found = _of_device(device, distance_mm, minutes)
    else:
        from openpbm.safety.lamp_limits import irradiance_limits

        found = irradiance_limits(_irradiance(given, contact=contact), minutes=minutes)
    if as_json:
        print_json(_answer(found))
    else:
        _print(found, minutes)


def _out_of_bounds(given: dict[str, float]) -> list[Problem]:
    problems = []
    for option, value in given.items():
        low, high, unit = _BOUNDS[option]
        if not low <= value <= high:
            message = f"must lie between {low:g} and {high:g} {unit}"
            problems.append(Problem(option, value, message, "give such a number"))
    return problems


def _do_not_fit(given: dict[str, float], device: str | None, *, laser: bool, contact: bool) -> list[Problem]:
    """Options that contradict each other, or miss another."""
    if device is not None:
        beside = [option for option in ("--irradiance-mw-cm2", *_OF_IRRADIANCE) if option in given]
        beside += [option for option, said in (("--laser", laser), ("--contact", contact)) if said]
        message = "not beside --device, whose lamp says it; the limit is one of the two"
        return [Problem(option, given.get(option), message, "leave one of the two out") for option in beside]
    if "--irradiance-mw-cm2" not in given:
        remedy = "give --device, or --irradiance-mw-cm2 with --wavelength-nm"
        return [Problem("--irradiance-mw-cm2", message="neither a lamp nor an irradiance is given", remedy=remedy)]
    problems = []
    if "--wavelength-nm" not in given:
        problems.append(
            Problem("--wavelength-nm", message="missing beside --irradiance-mw-cm2", remedy="give 400-1100")
        )
    for option, other in (("--pulse-hz", "--pulse-width-ns"), ("--pulse-width-ns", "--pulse-hz")):
        if option in given and other not in given:
            problems.append(
                Problem(other, message=f"missing beside {option}", remedy=f"give it, or leave {option} out")
            )
    if given.get("--pulse-hz", 0.0) * given.get("--pulse-width-ns", 0.0) > 1e9:
        longest = 1e9 / given["--pulse-hz"]
        message = f"longer than the {longest:.4g} ns from one pulse to the next"
        problems.append(Problem("--pulse-width-ns", given["--pulse-width-ns"], message, "give a shorter one"))
    return [*problems, *_laser_problems(given, laser=laser)]


def _laser_problems(given: dict[str, float], *, laser: bool) -> list[Problem]:
    spot, wavelength = given.get("--spot-mm"), given.get("--wavelength-nm")
    low, high = _LASER_NM
    if laser and wavelength is not None and not low <= wavelength <= high:
        message = f"of a laser it must lie between {low:g} and {high:g} nm"
        return [Problem("--wavelength-nm", wavelength, message, "its class is on its label")]
    if laser and spot is None:
        return [Problem("--spot-mm", message="missing beside --laser", remedy="give the diameter of its beam")]
    if spot is not None and not laser:
        return [Problem("--spot-mm", spot, "is of a laser", "add --laser, or give --area-cm2")]
    if laser and "--area-cm2" in given:
        return [Problem("--area-cm2", given["--area-cm2"], "not beside --spot-mm, which says it", "leave it out")]
    return []


def _of_device(device: str, distance_mm: Number, minutes: float) -> LampLimits:
    from openpbm.case.read_lamp import placed_lamp
    from openpbm.device import treatment_distance_mm
    from openpbm.safety.lamp_limits import lamp_limits

    lamp, placed_mm = placed_lamp(device)
    given_mm = placed_mm if distance_mm is None else distance_mm
    return lamp_limits(lamp, treatment_distance_mm(lamp, given_mm), minutes=minutes)


def _irradiance(given: dict[str, float], *, contact: bool) -> Irradiance:
    from openpbm.safety.lamp_limits import Irradiance

    area = given.get("--area-cm2")
    return Irradiance(
        wavelength_nm=given["--wavelength-nm"],
        irradiance_mw_cm2=given["--irradiance-mw-cm2"],
        pulses=_pulses(given),
        radius_mm=None if area is None else math.sqrt(area * _MM2_PER_CM2 / math.pi),
        spot_mm=given.get("--spot-mm"),
        source_mm=given.get("--source-mm"),
        distance_mm=given.get("--distance-mm"),
        contact=contact,
    )


def _pulses(given: dict[str, float]) -> Pulses | None:
    from openpbm.safety.laser_limits import Pulses

    if "--pulse-hz" not in given:
        return None
    return Pulses(frequency_hz=given["--pulse-hz"], width_s=given["--pulse-width-ns"] * 1e-9)


def _answer(found: LampLimits) -> dict[str, Any]:
    eye, skin = found.eye, found.skin
    warmth = skin.temperature
    return {
        "eye": {
            "seconds_without_eyewear": eye.seconds_without_eyewear,
            "binding": eye.binding,
            "eyewear_needed": eye.eyewear_needed,
            "hazard_distance_mm": eye.hazard_distance_mm,
            "optical_density": eye.optical_density,
            "others": [asdict(other) for other in eye.others],
        },
        "skin": {
            "limit_mw_cm2": None if skin.limit_mw_cm2 is None else round(skin.limit_mw_cm2, 1),
            "seconds": skin.seconds,
            "temperature_c": {
                "p5": round(warmth.p5, 2),
                "median": round(warmth.median, 2),
                "p95": round(warmth.p95, 2),
            },
        },
        "class": found.laser_class,
        "unverified": [*found.not_looked_at, *_beyond_model(found), *found.unverified],
    }


def _beyond_model(found: LampLimits) -> list[str]:
    if found.skin.temperature.p95 <= _MODEL_ENDS_C:
        return []
    return [f"temperature_c: above {_MODEL_ENDS_C:g} C skin burns within seconds and no living tissue is left to model"]


def _print(found: LampLimits, minutes: float) -> None:
    from openpbm.safety.lamp_check import HAZARD_WORDS
    from openpbm.wording import minutes_in_words

    eye, skin = found.eye, found.skin
    unseen = eye.seconds_without_eyewear == 0 and eye.binding == "none"
    density = "" if unseen and eye.optical_density is None else _density(eye)
    needed = f"eyewear is needed{density}" if eye.eyewear_needed else "no eyewear is needed"
    lasting = minutes_in_words(minutes)
    why = "no limit could be looked at: give --source-mm, the size of what shines" if unseen else ""
    if found.distance_mm is not None:
        typer.echo(f"At {found.distance_mm:g} mm")
    typer.echo(f"Bare eye: {eye.seconds_without_eyewear} s ({why or HAZARD_WORDS[eye.binding]}); {needed}")
    for line in found.not_looked_at:
        typer.echo(f"  {line}")
    if eye.hazard_distance_mm is not None:
        typer.echo(f"  all of {lasting} from {eye.hazard_distance_mm:g} mm on")
    for other in eye.others:
        typer.echo(f"  {_onlooker(other)}")
    warmth = skin.temperature
    typer.echo(
        f"Skin: {skin.seconds} s; warmest within {lasting} {warmth.median:.1f} C "
        f"({warmth.p5:.1f}-{warmth.p95:.1f} C in nine of ten)"
    )
    if warmth.p95 > _MODEL_ENDS_C:
        typer.echo(f"  above {_MODEL_ENDS_C:g} C skin burns within seconds and the figure is no temperature any more")
    if skin.limit_mw_cm2 is not None:
        typer.echo(f"  limit of lasers beyond 10 s: {skin.limit_mw_cm2:.4g} mW/cm2")
    if found.laser_class is not None:
        typer.echo(f"Laser class {found.laser_class}")
    typer.echo(f"{len(found.unverified)} inputs not checked against their source; --json lists them")


def _density(eye: EyeLimit) -> str:
    if eye.optical_density is None:
        return ", and none that is looked for here is dense enough"
    return f", of optical density {eye.optical_density:g} or more" if eye.optical_density else ""


def _onlooker(other: Onlooker) -> str:
    who = f"{other.who} at {other.distance_mm:g} mm"
    if other.seconds_without_eyewear is None:
        return f"{who}: not known there, so eyewear"
    return f"{who}: {other.seconds_without_eyewear} s, {'eyewear' if other.eyewear_needed else 'no eyewear'}"
