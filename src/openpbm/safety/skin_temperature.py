"""How warm the skin of many people gets under light, how long they may be lit, and what a plan says to that."""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from openpbm.case import Case
from openpbm.device import Beam, LaserSpot, UnderPackages, counts_for_dose, lies_on_skin
from openpbm.facts.exposure import limit_value
from openpbm.facts.lamps import Lamp
from openpbm.facts.rules import computed
from openpbm.facts.sites import sites
from openpbm.facts.tissue import thermal_value
from openpbm.person import Person
from openpbm.reason import Reason
from openpbm.response import HeatCells, Heating, HeatModes, Lateral, Surface, cell_layout, heating
from openpbm.safety.lamp_check import Exposure, bands, insensate
from openpbm.tissue import TissueDraw, draw_tissues, layer_heat
from openpbm.tissue.optics import LayerOptics
from openpbm.transport.discrete_ordinates import Tallies
from openpbm.transport.lateral_spread import FREQUENCIES_PER_MM, lateral_spectrum, ring_weights
from openpbm.transport.plane_light import depth_light
from openpbm.transport.plane_stacks import Incidence, Lobe, PlaneStacks

__all__ = [
    "LIT_SITE",
    "Bands",
    "LitStacks",
    "SkinTemperature",
    "WarmedSkin",
    "absorbed_share",
    "lamp_warmth",
    "skin_temperature",
    "stacks_in_air",
    "unit_heating",
    "upper_bands",
    "warmth_reasons",
]

Floats = NDArray[np.float64]

#: Where the skin is that is warmed: most of what is treated has its like.
LIT_SITE = "posterior_calf"
_TISSUES, _SEED = 128, 1
# Times at which a long row of sessions is computed: a spot of few mm takes many spatial frequencies at each. Those
# whose temperature comes so near the limit [C] are computed by themselves, so that no line decides.
_KNOTS, _NEAR_C = 16, 0.2
# The 90 % of people that a verdict looks at hardly move with better light than this.
_ACCURACY, _ORDERS = 2e-2, (3, 5, 8)
_W_MM2_PER_MW_CM2 = 1e-5
# Whatever the angles light falls in at: between a straight beam and LEDs of 75 degrees the skin differs by half a
# degree at 50 mW/cm2, and straight in it is within a tenth of the warmest.
_STRAIGHT = Incidence.plane_wave()
#: Wavelength [nm] and irradiance [mW/cm2], mean over time, of all that shines.
Bands = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SkinTemperature:
    """Highest temperature of the skin while it is lit [C]: 5th percentile, median and 95th over people.

    seconds : how long until one in twenty is warmer than the limit, at most the longest time limits speak of [s]
    """

    p5: float
    median: float
    p95: float
    seconds: float


def skin_temperature(
    bands: Bands,
    *,
    minutes: float,
    radius_mm: float | None = None,
    contact: bool = False,
    skin_type: int | None = None,
    limit_c: float | None = None,
) -> SkinTemperature:
    """Skin of a calf at rest in a cool room, in the middle of the lit area.

    bands : all that shines at the same time, each even over the area
    radius_mm : of the lit area; None where it is so wide that no heat leaves sideways [mm]
    contact : a lamp lies on the skin from then on, and no heat leaves through it
    skin_type : Fitzpatrick's; None for people of all types
    limit_c : that `seconds` speaks of; None for that of a device's part on the skin [C]
    """
    course = _course(bands, radius_mm, contact, skin_type)
    return _temperature(course, minutes, limit_value("skin_temperature") if limit_c is None else limit_c)


def _course(bands: Bands, radius_mm: float | None, contact: bool, skin_type: int | None) -> _Course:
    parts = tuple((level, _unit_heating(nm, radius_mm, contact, skin_type)) for nm, level in bands)
    return _Course(parts, narrow=radius_mm is not None)


def _temperature(course: _Course, minutes: float, limit_c: float) -> SkinTemperature:
    # Heat only gathers while the light is on, so that the last moment is the warmest.
    p5, median, p95 = np.percentile(course.skin_c(60.0 * minutes), [5, 50, 95])
    return SkinTemperature(p5=float(p5), median=float(median), p95=float(p95), seconds=_seconds(course, limit_c))


@dataclass(frozen=True, slots=True)
class _Course:
    """Skin under several lights: each one's irradiance [mW/cm2], and the heating by 1 mW/cm2 of it.

    narrow : heat leaves sideways, which takes many spatial frequencies
    """

    parts: tuple[tuple[float, Heating], ...]
    narrow: bool = False

    def skin_c(self, seconds: float | Floats) -> Floats:
        """(tissue, time) temperature [C]."""
        first = self.parts[0][1]
        unlit = first.skin_unlit_c(seconds)
        warmed = sum(level * self._rise_k(unit, seconds) for level, unit in self.parts)
        # Blood comes to a limb cooler than to the heart, which the equation does not know: people keep the differences
        # that it gives them, around the rest of a whole body.
        rest_c = thermal_value("dermis", "temperature_at_rest") - np.median(first.skin_unlit_c(0.0))
        return np.asarray(unlit + rest_c + warmed)

    @staticmethod
    def _rise_k(unit: Heating, seconds: float | Floats) -> Floats:
        return _rise_k(unit, tuple(seconds.tolist())) if isinstance(seconds, np.ndarray) else unit.skin_rise_k(seconds)


# Kept, because a plan asks for the same minutes of every protocol and wherever else its lamp may stand.
@functools.lru_cache(maxsize=32)
def _rise_k(unit: Heating, seconds: tuple[float, ...]) -> Floats:
    return unit.skin_rise_k(seconds)


# Kept, because a plan asks of one place for its minutes and for a lamp that is left on.
@functools.lru_cache(maxsize=32)
def _seconds(course: _Course, limit_c: float) -> float:
    low, high = 0.0, limit_value("longest_time_base")

    def cool(seconds: float) -> bool:
        return bool(np.percentile(course.skin_c(seconds), 95) <= limit_c)

    if cool(high):
        return high
    # A tenth of a second is finer than anybody times a lamp.
    while high - low > 0.1:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if cool(middle) else (low, middle)
    return low


@functools.cache
def _people(skin_type: int | None) -> TissueDraw:
    return draw_tissues(sites[LIT_SITE], Person(skin_type=skin_type), count=_TISSUES, seed=_SEED)


# Temperature is linear in light: how much there is of it comes in later, and a lamp that is asked about again is kept.
@functools.lru_cache(maxsize=32)
def _unit_heating(wavelength_nm: float, radius_mm: float | None, contact: bool, skin_type: int | None) -> Heating:
    """Heating of the skin by 1 mW/cm2."""
    absorbed = _absorbed_w_mm3(wavelength_nm, radius_mm is not None, skin_type)
    lateral = _lateral(radius_mm)
    modes = _people_modes(tuple(lateral.per_mm.tolist()), contact)
    cells, surface, before = _skin(_people(skin_type), contact)
    return heating(cells, surface, absorbed, lateral=lateral, before=before, modes=modes, skin_only=True)


# Melanin changes where light ends and not where heat goes: people of all types have the same modes.
@functools.lru_cache(maxsize=4)
def _people_modes(per_mm: tuple[float, ...], contact: bool) -> HeatModes:
    cells, surface, _ = _skin(_people(None), contact)
    return HeatModes.of(cells, surface, np.array(per_mm))


def unit_heating(tissues: TissueDraw, wavelength_nm: float, *, radius_mm: float | None, contact: bool) -> Heating:
    """Heating of other tissues, at all depths, by 1 mW/cm2 on their skin; the arguments as in `skin_temperature`."""
    lit = _light(tissues, wavelength_nm) if counts_for_dose(wavelength_nm) else None
    absorbed = _absorbed_per_mm(tissues, wavelength_nm, lit, finite=radius_mm is not None) * _W_MM2_PER_MW_CM2
    cells, surface, before = _skin(tissues, contact)
    return heating(cells, surface, absorbed, lateral=_lateral(radius_mm), before=before)


def _skin(tissues: TissueDraw, contact: bool) -> tuple[HeatCells, Surface, Surface | None]:
    """Cells, what the skin loses heat to, and what it did before where that is something else."""
    cells, _, air = _cells(tissues)
    return (cells, Surface.insulated(tissues.count), air) if contact else (cells, air, None)


# Whether a lamp lies on the skin, or how wide its spot is, changes nothing of where light ends.
@functools.lru_cache(maxsize=32)
def _absorbed_w_mm3(wavelength_nm: float, finite: bool, skin_type: int | None) -> Floats:
    """(tissue, cell), or (tissue, frequency, cell) of a finite area, absorbed power density by 1 mW/cm2 [W/mm3]."""
    lit = _lit(wavelength_nm, skin_type) if counts_for_dose(wavelength_nm) else None
    return _absorbed_per_mm(_people(skin_type), wavelength_nm, lit, finite=finite) * _W_MM2_PER_MW_CM2


def _lateral(radius_mm: float | None) -> Lateral:
    """What makes the middle of an evenly lit disc; None is without end."""
    if radius_mm is None:
        return Lateral.broad()
    return Lateral(per_mm=FREQUENCIES_PER_MM, weights=ring_weights(np.array([0.0, radius_mm]))[0])


def _cells(tissues: TissueDraw) -> tuple[HeatCells, NDArray[np.intp], Surface]:
    heat = layer_heat(tissues)
    cut, layer = cell_layout(heat.thickness_mm)
    cells = HeatCells(
        thickness_mm=cut,
        conductivity_w_mm_k=heat.conductivity_w_mm_k[:, layer],
        heat_capacity_j_mm3_k=heat.heat_capacity_j_mm3_k[:, layer],
        blood_flow_w_mm3_k=heat.blood_flow_w_mm3_k[:, layer],
        metabolic_w_mm3=heat.metabolic_w_mm3[:, layer],
        arterial_c=heat.arterial_c,
    )
    room = np.full(tissues.count, limit_value("room_temperature"))
    return cells, layer, Surface(coefficient_w_mm2_k=heat.air_w_mm2_k, temperature_c=room)


def _absorbed_per_mm(tissues: TissueDraw, wavelength_nm: float, lit: Tallies | None, *, finite: bool) -> Floats:
    """Absorbed power density per irradiance [1/mm], (tissue, cell), or (tissue, frequency, cell) of a finite area.

    lit : in the cells; None where no table of tissue covers the wavelength
    """
    cells, layer, _ = _cells(tissues)
    if lit is None:
        # Nothing warms the skin more than light that ends in its outermost cell, none thrown back.
        shallow = np.zeros(cells.thickness_mm.shape)
        shallow[:, 0] = 1.0 / cells.thickness_mm[:, 0]
        return np.repeat(shallow[:, None], FREQUENCIES_PER_MM.size, axis=1) if finite else shallow
    optics, (lower, upper) = tissues.optics([wavelength_nm]), _edges_mm(cells)
    absorbed = optics.mu_a_per_mm[:, layer, 0] * lit.fluence_rate[:, 0]
    if not finite:
        return np.asarray(absorbed)
    fades = lateral_spectrum(stacks_in_air(optics), _STRAIGHT, 0.5 * (lower + upper))[:, 0]
    return np.asarray(absorbed[:, None] * fades.transpose(0, 2, 1))


def _edges_mm(cells: HeatCells) -> tuple[Floats, Floats]:
    upper = np.cumsum(cells.thickness_mm, axis=1)
    return np.concatenate([np.zeros((len(upper), 1)), upper[:, :-1]], axis=1), upper


# Heat in the skin and heat in the whole body are told by one solution.
@functools.lru_cache(maxsize=32)
def _lit(wavelength_nm: float, skin_type: int | None) -> Tallies:
    """Light of one wavelength, straight in, in the cells of everybody."""
    return _light(_people(skin_type), wavelength_nm)


def _light(tissues: TissueDraw, wavelength_nm: float) -> Tallies:
    stacks = stacks_in_air(tissues.optics([wavelength_nm]))
    return _solved(LitStacks.of(stacks, _STRAIGHT, *_edges_mm(_cells(tissues)[0])))


@dataclass(frozen=True, slots=True)
class LitStacks:
    """Stacks, light on them and depths in them; one is another that was told the same, so that answers can be kept.

    depths_mm : (stacks, depths) arrays, as many as the question has [mm]
    """

    light: Incidence | Lobe
    told: bytes
    stacks: PlaneStacks = field(compare=False, repr=False)
    depths_mm: tuple[Floats, ...] = field(compare=False, repr=False)

    @classmethod
    def of(cls, stacks: PlaneStacks, light: Incidence | Lobe, *depths_mm: Floats) -> LitStacks:
        """What was told is known by its digest, a thousandth of the work that an answer is."""
        arrays = [*(getattr(stacks, each.name) for each in fields(stacks)), *depths_mm]
        told = hashlib.sha256(repr([array.shape for array in arrays]).encode())
        for array in arrays:
            told.update(array.tobytes())
        return cls(light, told.digest(), stacks, depths_mm)


@functools.lru_cache(maxsize=16)
def _solved(lit: LitStacks) -> Tallies:
    lower, upper = lit.depths_mm
    return depth_light(lit.stacks, lit.light, lower, upper, accuracy=_ACCURACY, orders=_ORDERS).values


def stacks_in_air(optics: LayerOptics) -> PlaneStacks:
    """Tissues at their one wavelength as the solver of light takes them, in air."""
    properties = (optics.mu_a_per_mm, optics.mu_s_per_mm, optics.g, optics.n)
    return PlaneStacks.in_air(optics.thickness_mm, *(each[..., 0] for each in properties))


def absorbed_share(bands: Bands, skin_type: int | None) -> float:
    """The share of light on the skin that the body takes up, less in all but one of twenty people [-]."""
    total = math.fsum(level for _, level in bands)
    taken_up = math.fsum(level * _taken_up(nm, skin_type) for nm, level in bands)
    return taken_up / total


def _taken_up(wavelength_nm: float, skin_type: int | None) -> float:
    if not counts_for_dose(wavelength_nm):
        return 1.0
    return float(np.percentile(_lit(wavelength_nm, skin_type).absorbed[:, 0].sum(axis=1), 95))


def lamp_warmth(
    lamp: Lamp,
    lit: Beam,
    upper: Bands,
    *,
    minutes: float,
    skin_type: int | None = None,
    limit_c: float | None = None,
) -> SkinTemperature:
    """Skin under a lamp whose beam there is `lit`, `upper` being what it may give at most of each wavelength."""
    course = _lamp_course(lamp, lit, upper, skin_type)
    return _temperature(course, minutes, limit_value("skin_temperature") if limit_c is None else limit_c)


def _lamp_course(lamp: Lamp, lit: Beam, upper: Bands, skin_type: int | None) -> _Course:
    spots = [part.light.even_radius_mm for part in lit.components if isinstance(part.light, LaserSpot)]
    # An even disc of the same power and the same peak as the Gaussian spot. All light is taken to be as broad as its
    # broadest part, and an LED's as broader than any spot: the broader, the less heat leaves sideways.
    only_lasers = len(spots) == len(lit.components)
    pads = [part.light for part in lit.components if isinstance(part.light, UnderPackages)]
    if pads and len(pads) == len(lit.components):
        return _course_under_packages(pads, upper, skin_type)
    contact = lies_on_skin(lamp, lit.distance_mm)
    course = _course(upper, max(spots) if only_lasers else None, contact, skin_type)
    clusters = [part.light for part in lit.components if isinstance(part.light, LaserSpot) and part.light.diodes > 1]
    if not only_lasers or not clusters:
        return course
    # The spots around it warm the middle one as even light over the whole head would: its own share counts twice.
    share = max(spot.mean_over_peak for spot in clusters)
    around = _course(
        [(nm, share * level) for nm, level in upper],
        max(spot.cluster_radius_mm for spot in clusters),
        contact,
        skin_type,
    )
    return _Course((*course.parts, *around.parts))


def _course_under_packages(pads: Sequence[UnderPackages], upper: Bands, skin_type: int | None) -> _Course:
    """Skin under a pad whose LEDs stand apart: the even light of all.

    What is more straight under one warms a spot of a few millimetres by as much as an unknown cover lets through: a
    common wrap would reach 44.5 C behind 3 mm and 41.6 C behind 5. It is told as irradiance and not as warmth.
    """
    even = min(pad.mean_over_peak for pad in pads)
    return _course([(nm, even * level) for nm, level in upper], None, True, skin_type)


def upper_bands(lit: Beam, width_mm: float, height_mm: float, factor: float) -> Bands:
    """Each wavelength's part of the highest irradiance on a rectangle of skin, times the factor on the output."""
    peaks = [(part.wavelength_nm, part.peak_mw_cm2(width_mm, height_mm)) for part in lit.components]
    return [(nm, level * factor) for nm, level in bands(peaks, lit.peak_mw_cm2(width_mm, height_mm))]


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmedSkin:
    """Skin of one person under a placed lamp, at the upper end of its output.

    insensate : it cannot feel warmth, and is held to less
    """

    lamp: Lamp
    beam: Beam
    upper: Bands
    skin_type: int | None
    insensate: bool

    @classmethod
    def of(cls, case: Case, exposure: Exposure) -> WarmedSkin:
        """The skin of a case. exposure : at the planned distance; its upper bound counts."""
        return cls(
            lamp=case.parts()[0].device,
            beam=exposure.beam.at_worst,
            upper=exposure.worst_bands,
            skin_type=case.person.skin_type,
            insensate=insensate(case),
        )

    @property
    def limit_c(self) -> float:
        """The temperature [C] that 95 % of people have to stay below."""
        return limit_value("skin_temperature_insensate" if self.insensate else "skin_temperature")

    @property
    def rule(self) -> str:
        """The rule that speaks where it is not kept."""
        return "skin_too_warm_insensate" if self.insensate else "skin_too_warm"

    @property
    def left_on_minutes(self) -> float:
        """How long the lamp may stay on without anybody [min]."""
        return self.lamp.auto_off_minutes or limit_value("overrun_minutes")

    def after(self, minutes: float) -> SkinTemperature:
        """The warmest it gets within so many minutes."""
        return lamp_warmth(
            self.lamp, self.beam, self.upper, minutes=minutes, skin_type=self.skin_type, limit_c=self.limit_c
        )

    def p95_c(self, minutes: Floats) -> Floats:
        """(time,) temperature that one person in twenty passes after so many minutes of light on one place [C].

        minutes : rising. Of a spot and more than 16 those lie on lines between these, within 0.03 C, that are more than
            0.2 C away from the limit; all others are what `after` gives.
        """
        course = _lamp_course(self.lamp, self.beam, self.upper, self.skin_type)

        def warmest(some: Floats) -> Floats:
            return np.asarray(np.percentile(course.skin_c(60.0 * some), 95, axis=0))

        if minutes.size <= _KNOTS or not course.narrow:
            return warmest(minutes)
        some = np.geomspace(minutes[0], minutes[-1], _KNOTS)
        found = np.interp(np.log(minutes), np.log(some), warmest(some))
        near = np.abs(found - self.limit_c) < _NEAR_C
        if near.any():
            found[near] = warmest(minutes[near])
        return np.asarray(found)


def warmth_reasons(case: Case, exposure: Exposure, minutes: float) -> list[Reason]:
    """What speaks against so many minutes of light on one place: skin too warm in one of twenty people.

    exposure : at the planned distance; its upper bound counts
    """
    skin = WarmedSkin.of(case, exposure)
    warmth = skin.after(minutes)
    if warmth.p95 > skin.limit_c:
        longest = math.floor(warmth.seconds)
        return [computed(skin.rule, temperature=warmth.p95, limit=skin.limit_c, longest=longest)]
    left_on = _left_on_reasons(skin, minutes)
    if not skin.insensate and warmth.p95 > limit_value("skin_temperature_caution"):
        return [computed("skin_warm", temperature=warmth.p95), *left_on]
    return left_on


def _left_on_reasons(skin: WarmedSkin, minutes: float) -> list[Reason]:
    """What speaks against a lamp that nobody switches off: people fall asleep, and timers are forgotten."""
    overrun = skin.left_on_minutes
    warmth = skin.after(max(overrun, minutes))
    values = {"overrun": overrun, "temperature": warmth.p95, "limit": skin.limit_c}
    if warmth.p95 > skin.limit_c:
        longest = math.floor(warmth.seconds / 60.0)
        if skin.insensate:
            return [computed("skin_too_warm_left_on", longest_minutes=longest, **values)]
        return [computed("skin_warm_left_on", **values)]
    return []
