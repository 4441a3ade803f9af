"""Many possible tissues of one person at one site, drawn together: optics as in living people, anatomy of the person.

The optics come from the weighted sample that ships for the site; thicknesses, depths and melanin follow the person. All
is drawn by one scrambled Sobol sequence, so that a few hundred tissues cover what is possible evenly. No draw depends
on a wavelength, so adding one changes no tissue. What a drawn tissue does with heat is computed here as well.

The sequence is written out, since the one of SciPy costs every plan an import: `scipy.stats.qmc`, and its compiled
`scipy.stats._sobol` alike, bring in all of `scipy.stats`, 429 modules. Measured beside NumPy and `scipy.special`
(0.9 s of processor time): 1.9 s more, 6 s by the clock on a busy core. A test holds this sequence against SciPy's.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpbm.errors import BadInput, Problem
from openpbm.facts.living_tissue import TABLE_COLUMNS, SampledTissue, conditioned_sample
from openpbm.facts.sites import Site
from openpbm.facts.tissue import thermal_value
from openpbm.person import Person
from openpbm.tissue.anatomy import (
    NOTHING_MEASURED,
    Measured,
    Quantiles,
    crossed_mm,
    layer_thickness_mm,
    melanin_volume_fraction,
    target_depth_mm,
    with_measured_fat,
)
from openpbm.tissue.optics import LayerOptics, TissueMakeup, layer_optics, makeup_of

__all__ = [
    "MOST_AXES",
    "LayerHeat",
    "TissueDraw",
    "draw_tissues",
    "layer_heat",
    "middle_tissue",
    "sobol",
]

Floats = NDArray[np.float64]

# Places in the quasi-random sequence: a new unknown goes at the end, so that it disturbs none of the others.
_UNKNOWNS = (
    "optics",
    "subcutis_thickness",
    "target_0_depth",
    "melanin",
    "dermis_thickness",
    "body_mass_index",
    "skin_type",
    "epidermis_thickness",
    *map("target_{}_depth".format, range(1, 17)),
    "vessels",
    "air",
)
# Between the wavelengths that are treated with: the order differs little over 660-940 nm.
_SORTED_AT_NM = 830.0
_BITS = 30
#: Primitive polynomial over two elements, its bits as one number, and the first direction numbers (Joe and Kuo 2008).
# fmt: off
_DIRECTIONS = (
    (3, 1), (7, 1, 3), (11, 1, 3, 1), (13, 1, 1, 1), (19, 1, 1, 3, 3), (25, 1, 3, 5, 13), (37, 1, 1, 5, 5, 17),
    (41, 1, 1, 5, 5, 5), (47, 1, 1, 7, 11, 19), (55, 1, 1, 5, 1, 1), (59, 1, 1, 1, 3, 11), (61, 1, 3, 5, 5, 31),
    (67, 1, 3, 3, 9, 7, 49), (91, 1, 1, 1, 15, 21, 21), (97, 1, 3, 1, 13, 27, 49), (103, 1, 1, 1, 15, 7, 5),
    (109, 1, 3, 1, 15, 13, 25), (115, 1, 1, 5, 5, 19, 61), (131, 1, 3, 7, 11, 23, 15, 103),
    (137, 1, 3, 7, 13, 13, 15, 69), (143, 1, 1, 3, 13, 7, 35, 63), (145, 1, 3, 5, 9, 1, 25, 53),
    (157, 1, 3, 1, 13, 9, 35, 107), (167, 1, 3, 1, 5, 27, 61, 31), (171, 1, 1, 5, 11, 19, 41, 61),
    (185, 1, 3, 5, 3, 3, 13, 69), (191, 1, 1, 7, 13, 1, 19, 1), (193, 1, 3, 7, 5, 13, 19, 59),
    (203, 1, 1, 3, 9, 25, 29, 41), (211, 1, 3, 5, 13, 23, 1, 55), (213, 1, 3, 7, 3, 13, 59, 17),
)
# fmt: on
MOST_AXES = len(_DIRECTIONS) + 1
_PER_MM, _PER_MM2, _PER_MM3 = 1e-3, 1e-6, 1e-9
_ML_MIN_PER_M3_S = 6e7


@dataclass(frozen=True, slots=True, kw_only=True)
class TissueDraw:
    """Equally likely tissues of one person at one site.

    layers : names, from the skin downward
    thickness_mm : (tissue, layer) [mm], infinite for the layer that goes on downward
    target_depth_mm : (tissue, target) [mm] under the skin, targets in the order of the site
    melanin_fraction : (tissue,) volume fraction of melanosomes in the epidermis [-]
    makeup : composition, scattering and tables of every tissue
    vessel_quantile, air_quantile : (tissue,) from narrow vessels of the skin to wide ones, and from still air to air
        that moves: where each tissue lies between the ends of their ranges (0-1)
    """

    site: Site
    thickness_mm: Floats
    target_depth_mm: Floats
    melanin_fraction: Floats
    makeup: TissueMakeup
    vessel_quantile: Floats
    air_quantile: Floats

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers, from the skin downward."""
        return tuple(layer.name for layer in self.site.layers)

    @property
    def count(self) -> int:
        """How many tissues there are."""
        return len(self.melanin_fraction)

    @property
    def fat_mm(self) -> Floats:
        """How thick the fat under the skin is [mm], (tissue,)."""
        return self.thickness_mm[:, self.layers.index("subcutis")]

    def depth_of(self, target: str) -> Floats:
        """Depth of one structure under the skin [mm], (tissue,); BadInput where the site has none of that id."""
        wanted = self.site.target(target)
        return self.target_depth_mm[:, self.site.targets.index(wanted)]

    def crossed_mm(self) -> Floats:
        """How much of each layer lies above each structure [mm], (tissue, layer, target)."""
        return crossed_mm(self.thickness_mm, self.target_depth_mm)

    def optics(self, wavelengths_nm: ArrayLike) -> LayerOptics:
        """Optical properties at each wavelength (600-1000 nm), arrays (tissue, layer, wavelength)."""
        return layer_optics(self.layers, self.thickness_mm, self.melanin_fraction, self.makeup, wavelengths_nm)


def draw_tissues(
    site: Site, person: Person, *, count: int, seed: int, measured: Measured = NOTHING_MEASURED
) -> TissueDraw:
    """`count` equally likely tissues of a person at a site; the same seed gives the same ones.

    measured : fat or depth by ultrasound or calliper, which stand in the place of what would be drawn
    Unknown sex, body mass or skin type is drawn over all people. Two people under one seed have the same optics, each
    in an anatomy of their own; a person's skin is equally dark at two sites.
    Raises BadInput for a count below 1 or a negative seed.

    >>> from openpbm.facts.sites import sites
    >>> calf = draw_tissues(sites["posterior_calf"], Person(sex="female", skin_type=2), count=200, seed=1)
    >>> calf.optics([660.0, 850.0]).mu_a_per_mm.shape
    (200, 4, 2)
    """
    if count < 1:
        raise BadInput(Problem("scenarios", count, "must be at least 1", "ask for at least one"))
    if seed < 0:
        raise BadInput(Problem("seed", seed, "is negative", "give 0 or more"))
    quantiles = _quasi_random(count, seed)
    sample = _sorted_sample(site)
    number = np.searchsorted(np.cumsum(sample.weight), quantiles("optics") * (1.0 - 1e-9))
    drawn = _rows(sample, np.minimum(number, len(sample.weight) - 1), np.full(count, 1.0 / count))
    return _tissues(site, person, quantiles, drawn, measured)


def middle_tissue(site: Site, person: Person) -> TissueDraw:
    """One tissue with the middle of everything: median composition, thicknesses and depths, no rival table."""
    sample = conditioned_sample(site.id)
    scores = {name: np.array([_weighted_median(values, sample.weight)]) for name, values in sample.scores.items()}
    middle = SampledTissue(
        name=sample.name, weight=np.ones(1), scores=scores, tables=dict.fromkeys(TABLE_COLUMNS, ("",))
    )
    return _tissues(site, person, lambda name: np.full(1, 0.5), middle)


@functools.cache
def _sorted_sample(site: Site) -> SampledTissue:
    """The sample of a site sorted by how fast light falls on its way to the structures of that site.

    Neighbours are alike then, so that an even axis over the sample draws the dose evenly.
    """
    sample = conditioned_sample(site.id)
    if sample.name == site.id:
        return sample  # a site's own sample ships in that order
    middle = middle_tissue(site, Person())
    count = len(sample.weight)
    endless = np.full((count, len(middle.layers)), math.inf)
    optics = layer_optics(middle.layers, endless, np.zeros(count), makeup_of(sample, site.id), [_SORTED_AT_NM])
    order = np.argsort(optics.mu_eff_per_mm[:, :, 0] @ middle.crossed_mm()[0].mean(axis=1))
    return _rows(sample, order, sample.weight[order])


def _tissues(
    site: Site, person: Person, quantiles: Quantiles, sample: SampledTissue, measured: Measured = NOTHING_MEASURED
) -> TissueDraw:
    thickness = layer_thickness_mm(site, person, quantiles)
    # Before the depths are drawn: whatever lies below the fat goes down or up with it.
    with_measured_fat(site, thickness, measured, quantiles)
    melanin = site.melanin_factor * melanin_volume_fraction(person, quantiles)
    return TissueDraw(
        site=site,
        thickness_mm=np.stack([*thickness.values(), np.full(len(melanin), math.inf)], axis=1),
        target_depth_mm=target_depth_mm(site, thickness, quantiles, measured),
        melanin_fraction=melanin,
        makeup=makeup_of(sample, site.id),
        vessel_quantile=quantiles("vessels"),
        air_quantile=quantiles("air"),
    )


def _quasi_random(count: int, seed: int) -> Quantiles:
    points = sobol(count, len(_UNKNOWNS), seed=seed)
    return lambda name: points[:, _UNKNOWNS.index(name)]


def _rows(sample: SampledTissue, numbers: NDArray[np.intp], weight: Floats) -> SampledTissue:
    """The tissues of those numbers, with those weights."""
    return SampledTissue(
        name=sample.name,
        weight=weight,
        scores={name: values[numbers] for name, values in sample.scores.items()},
        tables={name: tuple(np.asarray(tables)[numbers].tolist()) for name, tables in sample.tables.items()},
    )


def _weighted_median(values: Floats, weight: Floats) -> float:
    order = np.argsort(values)
    return float(values[order][np.searchsorted(np.cumsum(weight[order]), 0.5)])


def sobol(count: int, axes: int, *, seed: int) -> NDArray[np.float64]:
    """Points in the unit cube, (point, axis), each above 0 and below 1. Direction numbers: Joe and Kuo 2008.

    axes : 32 at most; the first points of fewer axes are those of more, axis by axis
    seed : mixes the digits of every axis (a random lower triangle, Matousek 1998) and shifts them, which keeps the
    points as even as they are; a power of two of them is evenest

    >>> points = sobol(256, 3, seed=1)
    >>> points.shape, bool(abs(points.mean(axis=0) - 0.5).max() < 0.01)
    ((256, 3), True)
    """
    digits, shift = (each[:axes] for each in _scrambled(seed))
    numbers = np.arange(count)
    points = np.zeros((count, axes), dtype=np.int64)
    for bit in range(max(1, math.ceil(math.log2(count)))):
        points ^= np.where((numbers >> bit & 1)[:, None] == 1, digits[:, bit], 0)
    return np.asarray(((points ^ shift) + 0.5) / 2**_BITS)


@functools.lru_cache(maxsize=16)
def _scrambled(seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Direction numbers whose every binary digit has random higher ones of the same number added, (axis, bit), and by
    how much each axis is shifted."""
    # From one stream for all axes: another axis at the end changes none of those before it.
    chance = np.random.default_rng(seed)
    places = _BITS - 1 - np.arange(_BITS)
    bits = _direction_numbers()[:, :, None] >> places & 1
    mixing = np.tril(chance.integers(0, 2, size=(MOST_AXES, _BITS, _BITS)), -1) + np.eye(_BITS, dtype=np.int64)
    digits = (np.einsum("akd,aed->ake", bits, mixing) % 2) @ (1 << places)
    return np.asarray(digits), chance.integers(0, 2**_BITS, size=MOST_AXES)


@functools.cache
def _direction_numbers() -> NDArray[np.int64]:
    """Each axis's numbers, (axis, bit), as binary fractions of 30 digits."""
    rows = [[1] * _BITS]
    for polynomial, *first in _DIRECTIONS:
        degree, numbers = len(first), list(first)
        for place in range(degree, _BITS):
            number = numbers[place - degree] ^ numbers[place - degree] << degree
            for step in range(1, degree):
                if polynomial >> (degree - step) & 1:
                    number ^= numbers[place - step] << step
            numbers.append(number)
        rows.append(numbers)
    return np.array([[number << (_BITS - 1 - place) for place, number in enumerate(row)] for row in rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerHeat:
    """Thermal properties of layered tissues, as the bioheat solver takes them.

    thickness_mm : (tissue, layer) [mm], infinite for the last
    conductivity_w_mm_k, heat_capacity_j_mm3_k : (tissue, layer) [W/mm/K], [J/mm3/K]
    blood_flow_w_mm3_k, metabolic_w_mm3 : (tissue, layer) [W/mm3/K], [W/mm3]
    arterial_c : (tissue,) blood that comes in [C]
    air_w_mm2_k : (tissue,) from skin to still air, with radiation [W/mm2/K]
    """

    thickness_mm: Floats
    conductivity_w_mm_k: Floats
    heat_capacity_j_mm3_k: Floats
    blood_flow_w_mm3_k: Floats
    metabolic_w_mm3: Floats
    arterial_c: Floats
    air_w_mm2_k: Floats


def layer_heat(tissues: TissueDraw) -> LayerHeat:
    """Thermal properties of drawn tissues.

    How wide the vessels of the skin are, and how much the air takes up, is drawn evenly (flow in its logarithm). Blood
    comes in as warm as the tissue was drawn (35-37 C in a limb at rest).

    >>> from openpbm.facts.sites import sites
    >>> from openpbm.tissue.draw import middle_tissue
    >>> from openpbm.person import Person
    >>> (layer_heat(middle_tissue(sites["posterior_calf"], Person())).blood_flow_w_mm3_k[0] * 1e9).round(0).tolist()
    [0.0, 7038.0, 1903.0, 2554.0]
    """
    density, capacity, conductivity, flow, metabolic = (
        np.array([thermal_value(name, quantity) for name in tissues.layers])
        for quantity in ("density", "heat_capacity", "conductivity", "blood_flow", "metabolic_heat")
    )
    blood = thermal_value("blood", "density") * thermal_value("blood", "heat_capacity")
    shape = tissues.thickness_mm.shape
    flow_by_tissue = np.broadcast_to(flow * density / _ML_MIN_PER_M3_S * blood * _PER_MM3, shape).copy()
    narrow, wide = (thermal_value("dermis", f"flow_factor_{end}") for end in ("narrow", "wide"))
    flow_by_tissue[:, tissues.layers.index("dermis")] *= narrow * (wide / narrow) ** tissues.vessel_quantile
    low, high = (thermal_value("air", f"exchange_{end}") for end in ("low", "high"))
    return LayerHeat(
        thickness_mm=tissues.thickness_mm,
        conductivity_w_mm_k=np.broadcast_to(conductivity * _PER_MM, shape),
        heat_capacity_j_mm3_k=np.broadcast_to(density * capacity * _PER_MM3, shape),
        blood_flow_w_mm3_k=flow_by_tissue,
        metabolic_w_mm3=np.broadcast_to(density * metabolic * _PER_MM3, shape),
        arterial_c=tissues.makeup.temperature_c,
        air_w_mm2_k=(low + (high - low) * tissues.air_quantile) * _PER_MM2,
    )
