"""From what sources say of living tissue to the optical properties of its layers, many tissues and wavelengths at once.

Each parameter of composition and scattering has a middle that sources estimate, each with an error, and a spread over
people around it. The pooled middle weighs the sources by the inverse square of their errors; one person's value differs
from it by both. What they add up to at a wavelength follows from chromophores, power laws and measured tables.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpbm.errors import FactsError
from openpbm.facts.living_tissue import PriorRow, SampledTissue, prior_rows
from openpbm.facts.tissue import law, spectrum, tables
from openpbm.tissue.chromophores import (
    check_wavelengths,
    haemoglobin_absorption_per_mm,
    lipid_absorption_per_mm,
    melanosome_absorption_by_share_per_mm,
    water_absorption_per_mm,
)

__all__ = [
    "LayerOptics",
    "Prior",
    "TissueMakeup",
    "anisotropy",
    "layer_optics",
    "makeup_of",
    "mu_eff_per_mm",
    "parameters",
    "pooled_prior",
    "refractive_index",
]

# A fraction beyond these describes no tissue; the tail of a normal distribution would draw one.
_BOUNDS = {"saturation": (0.2, 0.99), "water": (0.02, 0.95), "lipid": (0.001, 0.95)}
Floats = NDArray[np.float64]

# van Gemert's line was fitted to both layers of the skin.
_ANISOTROPY_TABLES = {"epidermis": "van_gemert", "dermis": "van_gemert", "subcutis": "simpa", "muscle": "bashkatov"}
# Nobody measured the index of muscle alone in the infrared.
_REFRACTION_TABLES = {"epidermis": "ding", "dermis": "ding", "subcutis": "matiatou", "muscle": "openpbm_prior"}
_COOLEST_C, _WARMEST_C = 35.0, 37.0
_RIVAL_OF = {"epidermis": "skin", "dermis": "skin", "subcutis": "subcutis", "muscle": "muscle"}
# What is neither water nor lipid: protein and the like; without it two wide priors could fill a tissue twice.
_MOST_WATER_AND_LIPID = 0.98
_upper_tail = np.vectorize(math.erfc, otypes=[np.float64])


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """One parameter of one tissue: lognormal (middle and spreads of the logarithm) or normal (in its unit).

    error : how far the middle over people may be off; people : how people differ around it

    >>> muscle = pooled_prior("muscle", "scatter_800_per_mm")
    >>> round(float(muscle.values(0.0)), 2), muscle.lognormal
    (0.7, True)
    """

    parameter: str
    lognormal: bool
    middle: float
    error: float
    people: float

    @property
    def spread(self) -> float:
        """One standard deviation of one person's value: error of the middle and spread over people together."""
        return math.hypot(self.error, self.people)

    def values(self, scores: ArrayLike) -> NDArray[np.float64]:
        """Values at standard normal scores, in the unit of the rows."""
        values = self.middle + self.spread * np.asarray(scores, dtype=np.float64)
        if self.lognormal:
            values = np.exp(values)
        low, high = _BOUNDS.get(self.parameter, (-math.inf, math.inf))
        return np.asarray(np.clip(values, low, high))


@functools.cache
def parameters() -> tuple[tuple[str, str], ...]:
    """Every (tissue, parameter) that has a prior, in the order of the rows."""
    return tuple(dict.fromkeys((row.tissue, row.parameter) for row in prior_rows()))


def pooled_prior(tissue: str, parameter: str, *, site: str = "", without: Collection[str] = ()) -> Prior:
    """What the sources together say of one parameter.

    site : a body site whose own rows, where it has any, stand in place of the general ones
    without : sources that are left out
    Raises FactsError where no estimate is left.
    """
    rows = [row for row in prior_rows() if (row.tissue, row.parameter) == (tissue, parameter)]
    of_site = [row for row in rows if row.site == site]
    rows = of_site or [row for row in rows if not row.site]
    people = next(row.spread for row in rows if row.role == "people")
    estimates = [row for row in rows if row.role == "estimate" and row.source not in without]
    if not estimates:
        raise FactsError(f"facts/data/tissue/living_priors.csv: no estimate of {parameter} of {tissue} is left")
    precision = np.array([row.spread**-2 for row in estimates])
    middles = np.array([_middle(row) for row in estimates])
    return Prior(
        parameter=parameter,
        lognormal=estimates[0].shape == "lognormal",
        middle=float(precision @ middles / precision.sum()),
        error=float(precision.sum() ** -0.5),
        people=people,
    )


def _middle(row: PriorRow) -> float:
    value = row.value * row.factor
    return math.log(value) if row.shape == "lognormal" else value


@dataclass(frozen=True, slots=True, kw_only=True)
class TissueMakeup:
    """What many tissues are made of.

    values : for each (tissue, parameter) its values, (tissue,), in the unit of the priors
    scores : standard normal scores behind them, by name
    temperature_c : of the tissue [C], (tissue,)
    haemoglobin_share, water_share, melanosome_share : how much of the second table of each is mixed in [-], (tissue,)
    tables : for skin, subcutis and muscle the table measured outside the body that stands in for the composition, or ""
    """

    values: dict[tuple[str, str], Floats]
    scores: dict[str, Floats]
    temperature_c: Floats
    haemoglobin_share: Floats
    water_share: Floats
    melanosome_share: Floats
    tables: dict[str, NDArray[np.str_]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerOptics:
    """Optical properties of many layered tissues, as the solver of light takes them.

    thickness_mm : (tissue, layer) [mm], infinite for the last
    mu_a_per_mm, mu_s_per_mm : absorption and full scattering [1/mm], g and n [-]: (tissue, layer, wavelength)
    """

    layers: tuple[str, ...]
    wavelengths_nm: Floats
    thickness_mm: Floats
    mu_a_per_mm: Floats
    mu_s_per_mm: Floats
    g: Floats
    n: Floats

    @property
    def mu_s_prime_per_mm(self) -> Floats:
        """Reduced scattering [1/mm]."""
        return self.mu_s_per_mm * (1.0 - self.g)

    @property
    def mu_eff_per_mm(self) -> Floats:
        """Effective attenuation [1/mm]: how fast light falls deep in each layer."""
        return mu_eff_per_mm(self.mu_a_per_mm, self.mu_s_prime_per_mm)


def mu_eff_per_mm(mu_a_per_mm: ArrayLike, mu_s_prime_per_mm: ArrayLike) -> Floats:
    """Effective attenuation of diffuse light [1/mm]: sqrt(3 mu_a (mu_a + mu_s')).

    >>> round(float(mu_eff_per_mm(0.024, 0.66)), 3)
    0.222
    """
    absorption, scattering = np.asarray(mu_a_per_mm), np.asarray(mu_s_prime_per_mm)
    return np.asarray(np.sqrt(3.0 * absorption * (absorption + scattering)))


def makeup_of(sample: SampledTissue, site: str, *, without: Collection[str] = ()) -> TissueMakeup:
    """What sampled tissues are made of at a site: their scores held against the priors there.

    without : sources of the priors that are left out
    """
    scores = sample.scores
    warmth = _uniform(scores["temperature"])
    return TissueMakeup(
        values={
            key: pooled_prior(*key, site=site, without=without).values(scores["_".join(key)]) for key in parameters()
        },
        scores=scores,
        temperature_c=_COOLEST_C + (_WARMEST_C - _COOLEST_C) * warmth,
        haemoglobin_share=_uniform(scores["haemoglobin_share"]),
        water_share=_uniform(scores["water_share"]),
        melanosome_share=_uniform(scores["melanosome_share"]),
        tables={name: np.asarray(chosen, dtype=np.str_) for name, chosen in sample.tables.items()},
    )


def _uniform(scores: Floats) -> Floats:
    return np.asarray(0.5 * _upper_tail(-scores / math.sqrt(2.0)))


def layer_optics(
    layers: tuple[str, ...],
    thickness_mm: Floats,
    melanin_fraction: Floats,
    makeup: TissueMakeup,
    wavelengths_nm: ArrayLike,
) -> LayerOptics:
    """Optical properties of layers (epidermis, dermis, subcutis, muscle) of tissues of that make-up.

    thickness_mm : (tissue, layer) [mm]; melanin_fraction : (tissue,) [-]; wavelengths_nm : 600-1000 [nm]
    """
    wavelengths = check_wavelengths(wavelengths_nm)
    absorption = [_absorption(name, melanin_fraction, makeup, wavelengths) for name in layers]
    reduced = np.stack([_reduced_scattering(name, makeup, wavelengths) for name in layers], axis=1)
    shape = reduced.shape
    g = np.array([[anisotropy(wavelength, layer=name) for wavelength in wavelengths] for name in layers])
    n = np.array([[refractive_index(wavelength, layer=name) for wavelength in wavelengths] for name in layers])
    return LayerOptics(
        layers=layers,
        wavelengths_nm=wavelengths,
        thickness_mm=thickness_mm,
        mu_a_per_mm=np.stack(absorption, axis=1),
        mu_s_per_mm=reduced / (1.0 - g),
        g=np.broadcast_to(g, shape),
        n=np.broadcast_to(n, shape),
    )


def _absorption(layer: str, melanin_fraction: Floats, makeup: TissueMakeup, wavelengths: Floats) -> Floats:
    background = makeup.values[layer, "background_per_mm"][:, None]
    if layer == "epidermis":
        # Melanin differs between people by more than tables do, so the epidermis is always composed from it.
        melanin = melanin_fraction[:, None]
        melanosomes = melanosome_absorption_by_share_per_mm(wavelengths, share=makeup.melanosome_share)
        return np.asarray(melanin * melanosomes + (1.0 - melanin) * background)
    blood = haemoglobin_absorption_per_mm(
        wavelengths,
        haem_um=makeup.values[layer, "haem_um"],
        saturation=makeup.values[layer, "saturation"],
        share=makeup.haemoglobin_share,
    )
    water = makeup.values[layer, "water"][:, None]
    lipid = np.minimum(makeup.values[layer, "lipid"][:, None], _MOST_WATER_AND_LIPID - water)
    pure_water = water_absorption_per_mm(wavelengths, temperature_c=makeup.temperature_c, share=makeup.water_share)
    composed = blood + water * pure_water + lipid * lipid_absorption_per_mm(wavelengths) + background
    return _with_rivals(composed, layer, "absorption", makeup.scores[f"{layer}_background_per_mm"], makeup, wavelengths)


def _reduced_scattering(layer: str, makeup: TissueMakeup, wavelengths: Floats) -> Floats:
    at_800 = makeup.values[layer, "scatter_800_per_mm"][:, None]
    power = makeup.values[layer, "scatter_power"][:, None]
    scores = makeup.scores[f"{layer}_scatter_800_per_mm"]
    law_of_power = at_800 * (wavelengths / 800.0) ** -power
    return _with_rivals(law_of_power, layer, "reduced_scattering", scores, makeup, wavelengths)


def _with_rivals(
    values: Floats, layer: str, kind: str, scores: Floats, makeup: TissueMakeup, wavelengths: Floats
) -> Floats:
    """Values, and where a tissue drew a table measured outside the body those of its author, within their range."""
    chosen = makeup.tables[_RIVAL_OF[layer]]
    for table in sorted(set(chosen.tolist()) - {""}):
        # One author gives a row for the whole skin, kept in the tables as dermis.
        own = f"{layer}_{kind}"
        measured = spectrum(own if table in tables(own) else f"dermis_{kind}", table)
        first, last = measured.measured_nm
        # Beyond its range the composition stays; a continued table would have no blood or water of its own there.
        inside = np.flatnonzero((wavelengths >= first) & (wavelengths <= last))
        rows = np.flatnonzero(chosen == table)
        unknown = law("table_spread", "openpbm_prior")["relative_standard_deviation"]
        spread = np.sqrt(np.log1p(measured.relative_deviation_at(wavelengths[inside], unknown=unknown) ** 2))
        values[np.ix_(rows, inside)] = measured.at(wavelengths[inside]) * np.exp(spread * scores[rows, None])
    return values


def anisotropy(wavelength_nm: float, *, layer: str) -> float:
    """Mean cosine of the scattering angle [-] in a layer at a wavelength [nm], 600-1000.

    Sources: `van_gemert1989`, `bashkatov2011`, `simpa`. Light at depth hardly depends on it once the reduced scattering
    is given.

    >>> round(anisotropy(810.0, layer="dermis"), 3)
    0.855
    """
    rows = law(f"{layer}_anisotropy", _ANISOTROPY_TABLES[layer])
    return rows["constant"] + rows.get("slope_per_nm", 0.0) * wavelength_nm


def refractive_index(wavelength_nm: float, *, layer: str) -> float:
    """Refractive index [-] at a wavelength [nm], 600-1000: Cauchy's form A + B/wavelength^2 + C/wavelength^4.

    Sources: `ding2006`, `matiatou2021`; muscle is a remembered constant (unverified).

    >>> round(refractive_index(630.0, layer="epidermis"), 4)
    1.4333
    """
    rows = law(f"{layer}_refractive_index", _REFRACTION_TABLES[layer])
    squared = wavelength_nm**2
    return rows["cauchy_a"] + rows.get("cauchy_b_nm2", 0.0) / squared + rows.get("cauchy_c_nm4", 0.0) / squared**2
