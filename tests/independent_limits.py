"""A released plan held against the limits once more, by arithmetic of its own: the lamp as the case describes it, the
published formulas, and the bioheat equation stepped through time. Of the program only the drawn tissues are used.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from openpbm.facts.sites import sites
from openpbm.person import Person
from openpbm.tissue import draw_tissues, layer_heat
from openpbm.transport.plane_light import depth_light
from openpbm.transport.plane_stacks import Incidence, PlaneStacks

Floats = NDArray[np.float64]

# What a lamp may give over what is stated, by who says it; the eye is held to 100 s where nobody stands beside.
OUTPUT = {"claimed": 1.3, "measured": 1.15}
UNSUPERVISED_S = 100.0
LED_SKIN_MW_CM2 = 20_000.0 * 10.0**-0.75 / 10.0
REST_C, STEP_S, CELLS = 30.1, 10.0, 60
# The program's few cells and these differ by less than 2 % of what light warms.
SLACK, SLACK_C = 0.02, 0.1


def violations(case: Mapping[str, Any], plan: Mapping[str, Any]) -> Iterator[str]:
    """Every limit that a plan of this case breaks, in words; nothing for a plan that keeps them all."""
    lamps, minutes = placed_lamps(case, plan), plan["exposure_minutes"]
    lasers = any("spot_diameter_mm" in one for lamp in lamps for one in lamp.device["emitters"])
    for site in plan["sites"]:
        here = [lamp for lamp in lamps if not lamp.sites or site["site"] in lamp.sites]
        stated, upper = _brightest(here, plan)
        yield from _skin([*upper, *_under_diodes(here)], lasers=lasers)
        yield from _protocol(plan, stated, minutes, lasers=lasers)
        if not lasers:
            yield from _warmth(case["person"], here, upper, minutes)
    yield from _scan(case, plan)
    yield from _eye(case, plan, lamps)
    yield from _body(case["person"], lamps, plan)


@dataclass(frozen=True)
class PlacedLamp:
    """One lamp of the case as it stands: what is known of it by the case file alone."""

    device: Mapping[str, Any]
    distance_mm: float
    tilt_deg: float = 0.0
    offset_mm: tuple[float, float] = (0.0, 0.0)
    sites: tuple[str, ...] = ()

    @property
    def factor(self) -> float:
        return OUTPUT[self.device["output_status"]]

    @property
    def on_skin(self) -> bool:
        return _lies_on_skin(self.device, self.distance_mm)

    def map_mw_cm2(self, one: Mapping[str, Any], x: Floats, y: Floats) -> Floats:
        """Irradiance of one wavelength at the stated output on the skin."""
        if "spot_diameter_mm" in one:
            return np.full(x.shape, 2.0 * one["power_mw"] / (math.pi * (one["spot_diameter_mm"] / 20.0) ** 2))
        if "rows" not in one:
            return np.full(x.shape, float(one["irradiance_mw_cm2"]))
        if self.on_skin:
            return np.full(x.shape, one["power_mw"] / (one["pitch_mm"] / 10.0) ** 2)
        return _array_mw_cm2(
            one, max(self.distance_mm, 5.0), x - self.offset_mm[0], y - self.offset_mm[1], self.tilt_deg
        )


def placed_lamps(case: Mapping[str, Any], plan: Mapping[str, Any]) -> list[PlacedLamp]:
    """Every lamp of a case; the only one stands where the plan says."""
    if "lamps" not in case:
        where = case["placement"] | {"distance_mm": plan["placement"]["distance_mm"]}
        return [_placed(case["device"], where)]
    return [_placed(one["device"], one["placement"]) for one in case["lamps"]]


def _placed(device: Mapping[str, Any], where: Mapping[str, Any]) -> PlacedLamp:
    return PlacedLamp(
        device=device,
        distance_mm=where["distance_mm"],
        tilt_deg=where.get("tilt_deg", 0.0),
        offset_mm=tuple(where.get("offset_mm", (0.0, 0.0))),
        sites=tuple(where.get("sites", ())),
    )


def _brightest(lamps: Sequence[PlacedLamp], plan: Mapping[str, Any]) -> tuple[float, list[tuple[float, float]]]:
    """Highest irradiance of all lamps together where they overlap, stated, and at most of each wavelength there."""
    here = [sites[site["site"]] for site in plan["sites"]]
    half_x = max(site.treatment_width_mm for site in here) / 2.0
    half_y = max(site.treatment_height_mm for site in here) / 2.0
    x, y = np.meshgrid(np.linspace(-half_x, half_x, 31), np.linspace(-half_y, half_y, 31))
    maps = [
        (lamp.factor, one["wavelength_nm"], lamp.map_mw_cm2(one, x, y))
        for lamp in lamps
        for one in lamp.device["emitters"]
    ]
    total = sum(each for _, _, each in maps)
    at = int(np.argmax(total))
    return float(np.ravel(total)[at]), [(nm, factor * float(np.ravel(each)[at])) for factor, nm, each in maps]


def _warmth(
    person: Mapping[str, Any], lamps: Sequence[PlacedLamp], upper: list[tuple[float, float]], minutes: float
) -> Iterator[str]:
    yield from _too_warm(person, upper, minutes, contact=any(lamp.on_skin for lamp in lamps))


def _too_warm(
    person: Mapping[str, Any], upper: list[tuple[float, float]], minutes: float, *, contact: bool
) -> Iterator[str]:
    numb = person.get("findings", {}).get("loss_of_protective_sensation") is True
    limit_c = 40.0 if numb else 43.0
    found_c = warmest_c(tuple(upper), minutes, contact, person.get("skin_type"))
    if found_c > limit_c + SLACK_C + SLACK * (found_c - REST_C):
        yield f"skin {found_c:.2f} C above {limit_c:g} C"


def _array_mw_cm2(one: Mapping[str, Any], distance_mm: float, x: Floats, y: Floats, tilt_deg: float = 0.0) -> Floats:
    """Every LED as a point with intensity I0 cos^m, the cosine of incidence, over the squared distance, by vectors."""
    m = -math.log(2.0) / math.log(math.cos(math.radians(one["half_angle_deg"])))
    turn = math.radians(tilt_deg)
    axis = np.array([math.sin(turn), 0.0, math.cos(turn)])
    along, across = np.array([math.cos(turn), 0.0, -math.sin(turn)]), np.array([0.0, 1.0, 0.0])
    skin = np.stack([x, y, np.zeros_like(x)], axis=-1)
    total = np.zeros_like(x)
    for row in range(one["rows"]):
        for column in range(one["columns"]):
            at_u = (column - (one["columns"] - 1) / 2.0) * one["pitch_mm"]
            at_v = (row - (one["rows"] - 1) / 2.0) * one["pitch_mm"]
            ray = distance_mm * axis + at_u * along + at_v * across - skin
            length = np.linalg.norm(ray, axis=-1)
            total += np.clip(ray @ axis / length, 0.0, 1.0) ** m * ray[..., 2] / length**3
    return np.asarray(total * one["power_mw"] * (m + 1.0) / (2.0 * math.pi) * 100.0)


def _lies_on_skin(device: Mapping[str, Any], distance_mm: float) -> bool:
    if device.get("contact") or device.get("kind") in ("pad", "wrap"):
        return distance_mm < 5.0
    return device.get("kind", "other") == "other" and distance_mm == 0.0


def _c_a(wavelength_nm: float) -> float:
    return float(10.0 ** (0.002 * max(0.0, wavelength_nm - 700.0)))


def _skin(upper: list[tuple[float, float]], *, lasers: bool) -> Iterator[str]:
    limits = [200.0 * _c_a(nm) if lasers else LED_SKIN_MW_CM2 for nm, _ in upper]
    ratio = sum(level / limit for (_, level), limit in zip(upper, limits, strict=True))
    if ratio > 1.001:
        yield f"irradiance {ratio:.3f} times the limit of skin"


def _under_diodes(lamps: Sequence[PlacedLamp]) -> list[tuple[float, float]]:
    """What falls straight under a diode of a pad beyond its even level: an even disc behind 3 mm, nothing beside it."""
    found = []
    for lamp in lamps:
        for one in lamp.device["emitters"]:
            if "rows" not in one or not lamp.on_skin:
                continue
            half_cm, m = (
                one.get("emitter_diameter_mm", 1e-6) / 20.0,
                -math.log(2.0) / math.log(math.cos(math.radians(one["half_angle_deg"]))),
            )
            caught = 1.0 - (0.09 / (0.09 + half_cm**2)) ** ((m + 1.0) / 2.0)
            even = one["power_mw"] / (one["pitch_mm"] / 10.0) ** 2
            under = one["power_mw"] * caught / (math.pi * half_cm**2)
            found.append((one["wavelength_nm"], max(0.0, under - even) * lamp.factor))
    return found


def _protocol(plan: Mapping[str, Any], irradiance_mw_cm2: float, minutes: float, *, lasers: bool) -> Iterator[str]:
    """More at the skin than the protocol's highest fluence; of points each has its joules instead."""
    highest = (plan["protocol"] or {}).get("fluence_j_cm2")
    given = irradiance_mw_cm2 * minutes * 0.06
    if highest is not None and not lasers and given > highest[1] * 1.01:
        yield f"{given:.3g} J/cm2 above the protocol's {highest[1]:g}"


def _scan(case: Mapping[str, Any], plan: Mapping[str, Any]) -> Iterator[str]:
    """A laser that is moved follows no joules of points, gives its power over the area, and no more than allowed.

    Skin is held to the standing spot above; the mean over the area must not even warm it too much as a broad field.
    """
    area_cm2 = case.get("placement", {}).get("scanned_area_cm2")
    if area_cm2 is None:
        return
    emitters, factor = case["device"]["emitters"], OUTPUT[case["device"]["output_status"]]
    if plan["protocol"]["mode"] == "point":
        yield "joules of points spread over an area"
    mean_mw_cm2 = sum(one["power_mw"] for one in emitters) / area_cm2
    given, told = mean_mw_cm2 * plan["exposure_minutes"] * 0.06, plan["skin"]["scanned"]["mean_fluence_j_cm2"]
    highest = plan["protocol"].get("fluence_j_cm2")
    if highest is not None and given > highest[1] * 1.01:
        yield f"{given:.3g} J/cm2 over the area above the protocol's {highest[1]:g}"
    if abs(given - told) > 0.01 * given:
        yield f"{told:.3g} J/cm2 over the area, and power, area and minutes make {given:.3g}"
    upper = [(one["wavelength_nm"], one["power_mw"] / area_cm2 * factor) for one in emitters]
    contact = _lies_on_skin(case["device"], plan["placement"]["distance_mm"])
    yield from _too_warm(case["person"], upper, plan["exposure_minutes"], contact=contact)


def _eye(case: Mapping[str, Any], plan: Mapping[str, Any], lamps: Sequence[PlacedLamp]) -> Iterator[str]:
    seconds = _cornea_seconds(lamps)
    alone = case["course"]["supervision"] == "self"
    released = "lamp_not_eye_safe" in case.get("release", {}).get("rules", [])
    if alone and not released:
        if seconds < UNSUPERVISED_S - 1.0:
            yield f"used alone, bare eyes for {seconds:.0f} s"
        emitters = [one for lamp in lamps for one in lamp.device["emitters"]]
        power_mw = sum(one["power_mw"] for one in emitters if "spot_diameter_mm" in one)
        if power_mw > 5.0 * 0.39 * _c_a(min(one["wavelength_nm"] for one in emitters)):
            yield f"a laser of {power_mw:g} mW used alone"
    told = {caution["rule"] for caution in plan["cautions"]}
    if seconds < 60.0 * plan["session_minutes"] - 1.0 and "eyewear" not in told:
        yield f"bare eyes for {seconds:.0f} s of {plan['session_minutes']:g} minutes, and no word of eyewear"


def _cornea_seconds(lamps: Sequence[PlacedLamp]) -> float:
    """18000 t^-0.75 W/m2 from 780 nm on, of all lamps that may be looked into at once.

    A lamp nearer than 10 mm is looked at from 100 mm where its light is known.
    """
    axis = np.zeros((1, 1))
    w_m2 = 0.0
    for lamp in lamps:
        from_mm = lamp.distance_mm if lamp.distance_mm >= 10.0 else 100.0
        for one in lamp.device["emitters"]:
            if one["wavelength_nm"] < 780.0 or "spot_diameter_mm" in one:
                continue
            if "rows" not in one:
                w_m2 += one["irradiance_mw_cm2"] * lamp.factor * 10.0
                continue
            # Under the middle or under an emitter beside it, whichever is brighter.
            beside = axis + one["pitch_mm"] / 2.0
            under = max(float(_array_mw_cm2(one, from_mm, at, at)[0, 0]) for at in (axis, beside))
            w_m2 += under * lamp.factor * 10.0
    return math.inf if w_m2 <= 100.0 else min((18_000.0 / w_m2) ** (4.0 / 3.0), 1000.0)


def _body(person: Mapping[str, Any], lamps: Sequence[PlacedLamp], plan: Mapping[str, Any]) -> Iterator[str]:
    """4 kJ in a kilogram, of 0.4 of the light: no skin of these wavelengths sends back more than the rest."""
    watts = 0.0
    for lamp in lamps:
        if lamp.device.get("kind") == "whole_body":
            _, upper = _brightest([lamp], plan)
            watts += sum(level for _, level in upper) * 10.0 * lamp.device.get("lit_area_m2", 0.0)
    specific = 0.4 * watts * plan["session_minutes"] * 60.0 / person.get("weight_kg", 50.0) / 1000.0
    if specific > 4.0:
        yield f"{specific:.2f} kJ/kg"


def warmest_c(upper: tuple[tuple[float, float], ...], minutes: float, contact: bool, skin_type: int | None) -> float:
    """The 95th percentile over 128 people of the skin's temperature after so many minutes."""
    steps = max(1, round(minutes * 60.0 / STEP_S))
    unlit = _unlit_c(contact)[:, steps]
    risen = sum(level * _unit_rise_k(nm, contact, skin_type)[:, steps] for nm, level in upper)
    return float(np.percentile(unlit + REST_C - np.median(_unlit_c(False)[:, 0]) + risen, 95))


@functools.cache
def _tissues(skin_type: int | None) -> Any:
    return draw_tissues(sites["posterior_calf"], Person(skin_type=skin_type), count=128, seed=1)


@functools.cache
def _unlit_c(contact: bool) -> Floats:
    """(tissue, step) skin without light, from rest in the air on; a lamp that lies on it insulates."""
    cells = _Cells(_tissues(None))
    start = cells.steady(air=True)
    return cells.march(start, cells.blood_and_metabolism(), air=not contact)


@functools.cache
def _unit_rise_k(wavelength_nm: float, contact: bool, skin_type: int | None) -> Floats:
    """(tissue, step) rise of the skin by 1 mW/cm2."""
    tissues = _tissues(skin_type)
    cells = _Cells(tissues)
    optics = tissues.optics([wavelength_nm])
    stacks = PlaneStacks.in_air(
        optics.thickness_mm, *(each[..., 0] for each in (optics.mu_a_per_mm, optics.mu_s_per_mm, optics.g, optics.n))
    )
    lit = depth_light(stacks, Incidence.plane_wave(), cells.upper, cells.lower, accuracy=5e-3)
    absorbed = np.take_along_axis(optics.mu_a_per_mm[..., 0], cells.layer, axis=1) * lit.values.fluence_rate[:, 0]
    return cells.march(np.zeros_like(cells.upper), absorbed * 1e-5, air=not contact, room_c=0.0)


class _Cells:
    """A grid of its own: cells that grow from the skin down to 120 mm, each with the layer its middle lies in."""

    def __init__(self, tissues: Any) -> None:
        heat = layer_heat(tissues)
        edges = np.concatenate([[0.0], np.geomspace(0.03, 120.0, CELLS)])
        count = heat.thickness_mm.shape[0]
        self.upper, self.lower = (np.tile(each, (count, 1)) for each in (edges[:-1], edges[1:]))
        middle = 0.5 * (self.upper + self.lower)
        ends = np.cumsum(heat.thickness_mm, axis=1)[:, :-1]
        self.layer = (middle[:, :, None] >= ends[:, None, :]).sum(axis=2)
        self.size = self.lower - self.upper
        self.capacity, self.flow = self._by_cell(heat.heat_capacity_j_mm3_k), self._by_cell(heat.blood_flow_w_mm3_k)
        self.metabolic, self.blood_c = self._by_cell(heat.metabolic_w_mm3), heat.arterial_c[:, None]
        self.air = heat.air_w_mm2_k
        half = 0.5 * self.size / self._by_cell(heat.conductivity_w_mm_k)
        self.between = 1.0 / (half[:, 1:] + half[:, :-1])
        self.first = half[:, 0]

    def _by_cell(self, of_layers: Floats) -> Floats:
        return np.take_along_axis(np.asarray(of_layers), self.layer, axis=1)

    def blood_and_metabolism(self) -> Floats:
        return np.asarray(self.flow * self.blood_c + self.metabolic)

    def _bands(self, *, air: bool) -> tuple[Floats, Floats]:
        """Diagonal of what a cell loses [W/mm2/K], and the coefficient through the skin."""
        out = 1.0 / (1.0 / self.air + self.first) if air else np.zeros_like(self.air)
        diagonal = self.flow * self.size
        diagonal[:, 0] += out
        diagonal[:, :-1] += self.between
        diagonal[:, 1:] += self.between
        return diagonal, out

    def _factors(self, diagonal: Floats) -> tuple[Floats, Floats]:
        """The tridiagonal systems of all tissues as one without links between them, eliminated once."""
        beside = np.zeros_like(diagonal)
        beside[:, :-1] = -self.between
        d, e, failed = lapack.dpttrf(diagonal.ravel(), beside.ravel()[:-1])
        assert not failed
        return d, e

    def _solve(self, factors: tuple[Floats, Floats], right: Floats) -> Floats:
        found, failed = lapack.dpttrs(*factors, right.ravel())
        assert not failed
        return np.asarray(found).reshape(right.shape)

    def steady(self, *, air: bool, room_c: float = 22.0) -> Floats:
        diagonal, out = self._bands(air=air)
        right = self.blood_and_metabolism() * self.size
        right[:, 0] += out * room_c
        return self._solve(self._factors(diagonal), right)

    def march(self, start: Floats, source: Floats, *, air: bool, room_c: float = 22.0) -> Floats:
        """(tissue, step) temperature at the skin, by backward steps over an hour and a half."""
        diagonal, out = self._bands(air=air)
        stored = self.capacity * self.size / STEP_S
        factors = self._factors(diagonal + stored)
        now, at_skin = start, [self._skin(start, out, room_c)]
        for _ in range(int(90 * 60 / STEP_S)):
            right = stored * now + source * self.size
            right[:, 0] += out * room_c
            now = self._solve(factors, right)
            at_skin.append(self._skin(now, out, room_c))
        return np.array(at_skin).T

    def _skin(self, now: Floats, out: Floats, room_c: float) -> Floats:
        """Between the middle of the first cell and the air the flux is one."""
        return np.asarray(now[:, 0] - out * (now[:, 0] - room_c) * self.first)
