"""What stands on a lamp's label and page, made into the `[device]` section that a case file reads."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from openpbm.errors import BadInput, Problem
from openpbm.files import JsonObject

__all__ = ["LampLabel", "even_grid", "section_from_label"]

_MOST_LEDS = 20_000
# A pad may be a medical device of class 2; 3B and its like are classes of lasers alone.
_SAYS_CLASS_OF_LASERS_ALONE = re.compile(r"\b(?:class\s*)?(?:3b|3r|1m|2m|iiib|iiia)\b", re.IGNORECASE)
_SAYS_LASER_CLASS = re.compile(rf"{_SAYS_CLASS_OF_LASERS_ALONE.pattern}|\bclass\s*(?:[124]|i|ii|iv)\b", re.IGNORECASE)
# A grid this much longer or shorter than the face, as a logarithm, is no picture of it: half as much again.
_MOST_STRETCHED = math.log(1.5)
_FEWEST_SHARES_PERCENT, _SUM_TOLERANCE = 0.0, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class LampLabel:
    """A lamp as its maker describes it; None for what is not said.

    irradiance_mw_cm2, at_distance_mm : as the page has it, of all wavelengths together
    shares_percent : of each wavelength in it; even where left out
    leds, width_mm, height_mm : how many LEDs shine over which face, all wavelengths together
    rows, columns, pitch_mm : in their place, of each wavelength
    viewing_angle_deg : the whole angle of the lens to half intensity, twice the half angle
    led_power_mw : optical power of one LED; powers_mw : of a laser, the mean over time at each wavelength
    diodes, spacing_mm : of each wavelength of a cluster probe, and from the middle of one to the next
    divergence_mrad : the full angle by which a laser's beam widens
    """

    name: str
    kind: str
    wavelengths_nm: tuple[float, ...]
    irradiance_mw_cm2: float | None = None
    at_distance_mm: float | None = None
    shares_percent: tuple[float, ...] = ()
    leds: int | None = None
    width_mm: float | None = None
    height_mm: float | None = None
    rows: int | None = None
    columns: int | None = None
    pitch_mm: float | None = None
    viewing_angle_deg: float | None = None
    led_power_mw: float | None = None
    powers_mw: tuple[float, ...] = ()
    spot_mm: float | None = None
    diodes: int | None = None
    spacing_mm: float | None = None
    divergence_mrad: float | None = None
    laser_class: str | None = None
    peak_power_w: float | None = None
    pulse_width_ns: float | None = None
    pulse_frequency_hz: float | None = None
    duty: float | None = None
    contact: bool = False
    heads: int = 1
    default_distance_mm: float | None = None
    auto_off_minutes: float | None = None


def section_from_label(label: LampLabel) -> JsonObject:
    """The `device` section, claimed; BadInput where what is said cannot be put together.

    >>> label = LampLabel(name="My panel", kind="panel", wavelengths_nm=(850.0,), irradiance_mw_cm2=60.0,
    ...                   at_distance_mm=150.0)
    >>> section_from_label(label)["emitters"]
    [{'wavelength_nm': 850.0, 'irradiance_mw_cm2': 60.0, 'at_distance_mm': 150.0}]
    """
    if problems := _problems(label):
        raise BadInput(problems)
    shares = label.shares_percent or (100.0 / len(label.wavelengths_nm),) * len(label.wavelengths_nm)
    section: JsonObject = {
        "id": re.sub(r"[^a-z0-9]+", "_", label.name.lower()).strip("_") or "own_lamp",
        "name": label.name,
        "kind": label.kind,
        "output_status": "claimed",
        "heads": label.heads,
        "contact": label.contact,
        "default_distance_mm": label.default_distance_mm,
        "auto_off_minutes": label.auto_off_minutes,
        "laser_class": label.laser_class,
        "pulsed": label.pulse_frequency_hz is not None,
        "source": "label and page of the lamp",
    }
    powers = label.powers_mw or (None,) * len(label.wavelengths_nm)
    each = zip(label.wavelengths_nm, shares, powers, strict=True)
    emitters = [_emitters(label, *one) for one in each]
    return _said(section) | {"emitters": emitters}


def _emitters(label: LampLabel, wavelength_nm: float, share_percent: float, power_mw: float | None) -> JsonObject:
    pulses: JsonObject = {
        "peak_power_w": label.peak_power_w,
        "pulse_width_ns": label.pulse_width_ns,
        "pulse_frequency_hz": label.pulse_frequency_hz,
        "duty": label.duty,
    }
    cluster: JsonObject = {"diodes": label.diodes, "spacing_mm": label.spacing_mm}
    if label.spot_mm is not None or label.kind == "laser":
        laser = {"wavelength_nm": wavelength_nm, "power_mw": power_mw, "spot_diameter_mm": label.spot_mm}
        return _said(laser | cluster | {"divergence_mrad": label.divergence_mrad} | pulses)
    total, grid = label.irradiance_mw_cm2, _grid(label)
    own = {
        "wavelength_nm": wavelength_nm,
        "power_mw": power_of_place_mw(label, grid),
        "irradiance_mw_cm2": None if total is None else total * share_percent / 100.0,
        "at_distance_mm": label.at_distance_mm,
        "half_angle_deg": None if label.viewing_angle_deg is None else label.viewing_angle_deg / 2.0,
    }
    return _said(own | grid | cluster | pulses)


def power_of_place_mw(label: LampLabel, grid: JsonObject) -> float | None:
    """Power of one place of a wavelength's grid [mW]: all LEDs give their light, however many places there are."""
    if label.led_power_mw is None or label.leds is None:
        return label.led_power_mw
    places = int(grid["rows"]) * int(grid["columns"]) * len(label.wavelengths_nm)
    return label.led_power_mw * label.leds / places


def _grid(label: LampLabel) -> JsonObject:
    """Rows, columns and pitch of one wavelength: as said, or spread evenly over the face that is said."""
    if label.leds is None or label.width_mm is None or label.height_mm is None:
        return {"rows": label.rows, "columns": label.columns, "pitch_mm": label.pitch_mm}
    return even_grid(label.leds, label.width_mm, label.height_mm, wavelengths=len(label.wavelengths_nm))


def even_grid(leds: int, width_mm: float, height_mm: float, *, wavelengths: int) -> JsonObject:
    """Rows, columns and pitch of each wavelength where all LEDs together are spread evenly over a face.

    As many places as LEDs, where such a grid is nearly as long as the face; else the nearest, with more or fewer.

    >>> even_grid(60, 200.0, 300.0, wavelengths=2)
    {'rows': 6, 'columns': 5, 'pitch_mm': 44.72}
    """
    own = max(1, round(leds / wavelengths))
    rows = min(own, max(1, round(math.sqrt(own * height_mm / width_mm))))

    def stretched(count: int) -> float:
        return abs(math.log(count**2 / own * width_mm / height_mm))

    exact = min((count for count in range(1, own + 1) if own % count == 0), key=stretched)
    rows = exact if stretched(exact) <= _MOST_STRETCHED else rows
    columns = max(1, round(own / rows))
    return {"rows": rows, "columns": columns, "pitch_mm": round(math.sqrt(width_mm * height_mm / (rows * columns)), 2)}


def _said(content: JsonObject) -> JsonObject:
    return {
        key: value for key, value in content.items() if value not in (None, False, "") and (key, value) != ("heads", 1)
    }


def _problems(label: LampLabel) -> list[Problem]:
    problems = []
    if not label.name.strip():
        problems.append(Problem("--name", label.name, "empty", "say what stands on the lamp"))
    if not label.wavelengths_nm:
        problems.append(Problem("--wavelength-nm", message="none given", remedy="give each wavelength, 600-1000"))
    if label.kind == "laser" and label.spot_mm is None:
        remedy = "give the diameter of its spot on the skin"
        problems.append(Problem("--spot-mm", message="a laser needs it", remedy=remedy))
    found = (_laser_problems(label), _cluster_problems(label), _share_problems(label), _face_problems(label))
    return [*problems, *(problem for each in found for problem in each)]


def _laser_problems(label: LampLabel) -> list[Problem]:
    """A class in its name that is not given as its class, and powers that are not one for each wavelength."""
    problems = []
    says = _SAYS_LASER_CLASS if label.kind == "laser" else _SAYS_CLASS_OF_LASERS_ALONE
    if label.laser_class is None and (said := says.search(label.name)):
        message, remedy = f"not given, and its name says {said[0]}", "give the class on its label"
        problems.append(Problem("--laser-class", message=message, remedy=remedy))
    count = len(label.wavelengths_nm)
    if label.powers_mw and len(label.powers_mw) != count:
        message, remedy = f"{count} wavelengths are given", "give --power-mw once for each, in their order"
        problems.append(Problem("--power-mw", len(label.powers_mw), message, remedy))
    return problems


def _cluster_problems(label: LampLabel) -> list[Problem]:
    """Diodes without their spacing, beside another way of counting them, and a divergence of no laser."""
    problems = []
    given = {"--diodes": label.diodes, "--spacing-mm": label.spacing_mm}
    lacking = [option for option, value in given.items() if value is None]
    if len(lacking) == 1 and label.diodes != 1:
        (said,) = given.keys() - set(lacking)
        problems.append(Problem(lacking[0], message=f"missing beside {said}", remedy="give both, or neither"))
    for option, value in {"--leds": label.leds, "--rows": label.rows}.items():
        if value is not None and label.diodes is not None:
            message = "not beside --diodes, which counts them"
            problems.append(Problem(option, value, message, "leave one of the two out"))
    if label.divergence_mrad is not None and label.spot_mm is None:
        message, remedy = "is of a laser, whose --spot-mm is missing", "give the spot, or leave it out"
        problems.append(Problem("--divergence-mrad", label.divergence_mrad, message, remedy))
    return problems


def _share_problems(label: LampLabel) -> list[Problem]:
    shares, count = label.shares_percent, len(label.wavelengths_nm)
    if not shares:
        return []
    remedy = "give one for each wavelength, in their order, or leave them out for even ones"
    if len(shares) != count:
        return [Problem("--share-percent", len(shares), f"{count} wavelengths are given", remedy)]
    if abs(sum(shares) - 100.0) > _SUM_TOLERANCE or min(shares) <= _FEWEST_SHARES_PERCENT:
        return [Problem("--share-percent", sum(shares), "must be above 0 and sum to 100", remedy)]
    return []


def _face_problems(label: LampLabel) -> list[Problem]:
    face = {"--leds": label.leds, "--width-mm": label.width_mm, "--height-mm": label.height_mm}
    grid = {"--rows": label.rows, "--columns": label.columns, "--pitch-mm": label.pitch_mm}
    given = [option for option, value in face.items() if value is not None]
    beside = [option for option, value in grid.items() if value is not None]
    if given and beside:
        message = f"not beside {given[0]}"
        return [Problem(beside[0], grid[beside[0]], message, "give leds and face, or rows, columns and pitch")]
    if given and len(given) < len(face):
        lacking = next(option for option in face if option not in given)
        return [Problem(lacking, message=f"missing beside {given[0]}", remedy="give all three, or none")]
    problems = []
    bounds = {"--leds": _MOST_LEDS, "--width-mm": 3000.0, "--height-mm": 3000.0}
    for option in given:
        value = face[option]
        if value is not None and not 0 < value <= bounds[option]:
            message = f"must be above 0 and at most {bounds[option]:g}"
            problems.append(Problem(option, value, message, "correct it"))
    return problems
