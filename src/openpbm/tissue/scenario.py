"""One draw of everything unknown about the tissue; wavelength is not part of it, so adding one changes no draw."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from openpbm.errors import BadInput, Problem
from openpbm.facts.sites import Site, SiteLayer, Span, Target
from openpbm.facts.tissue import law, laws, tables
from openpbm.person import Person, Sex
from openpbm.tissue.optical_properties import (
    BLOOD_TABLES,
    COMPOSED_LAYERS,
    Composition,
    melanin_fraction,
    nominal_composition,
)

__all__ = ["RIVALS", "Scenario", "draw_scenarios", "nominal_scenario"]

_NORMAL = NormalDist()
_NINETY_PERCENT_HALF_WIDTH = _NORMAL.inv_cdf(0.95)
_SKIN_TYPES = (1, 2, 3, 4, 5, 6)
_DEVIATIONS = (
    "epidermis_reduced_scattering",
    *(f"{layer}_{kind}" for layer in COMPOSED_LAYERS for kind in ("absorption", "reduced_scattering")),
)
# "composition" builds the absorption from blood, water and lipid instead of taking an author's table.
RIVALS: Mapping[str, tuple[str, ...]] = {
    "skin": ("cassano", "composition", "salomatina", "shimojo"),
    "fat": ("cassano", "composition", "salomatina", "shimojo"),
    "muscle": ("bashkatov", "cassano", "composition", "simpson"),
    "blood": BLOOD_TABLES,
}

Quantile = Callable[[str], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One possible tissue under one site of one person.

    A table name of None means the geometric middle of all rivals (the nominal scenario). `deviation` says, for each
    quantity, how many standard deviations its table is off, the same at every wavelength.
    """

    layer_thickness_mm: Mapping[str, float]
    target_depth_mm: Mapping[str, float]
    melanin_fraction: float
    skin_table: str | None
    fat_table: str | None
    muscle_table: str | None
    melanosome_table: str | None
    blood_table: str | None
    water_table: str | None
    deviation: Mapping[str, float]
    composition: Mapping[str, Composition]


def nominal_scenario(site: Site, person: Person) -> Scenario:
    """The middle of everything: central thicknesses and the geometric middle of rival tables."""
    return _scenario(site, person, lambda name: 0.5, nominal=True)


def draw_scenarios(site: Site, person: Person, *, count: int, seed: int) -> tuple[Scenario, ...]:
    """`count` equally likely tissues for a person at a site; the same seed gives the same draws.

    Each unknown is cut into `count` equally likely strata and every stratum is used once, so that a few dozen draws
    span the spread. Each unknown has a stream of its own, named after it: a new one disturbs no other. The streams do
    not depend on the site, so a person's skin is equally dark at both.

    Raises BadInput for a count below 1 or a negative seed.
    """
    if count < 1:
        raise BadInput(
            Problem(key="scenario count", message=f"{count} is below 1", remedy="ask for at least one scenario")
        )
    if seed < 0:
        raise BadInput(Problem(key="seed", message=f"{seed} is negative", remedy="give 0 or more"))
    streams: dict[str, list[float]] = {}

    def quantile_of(index: int) -> Quantile:
        def quantile(name: str) -> float:
            if name not in streams:
                streams[name] = _strata(name, count=count, seed=seed)
            return streams[name][index]

        return quantile

    return tuple(_scenario(site, person, quantile_of(index), nominal=False) for index in range(count))


def _strata(name: str, *, count: int, seed: int) -> list[float]:
    generator = np.random.default_rng([seed, zlib.crc32(name.encode())])
    return [float(u) for u in (generator.permutation(count) + generator.random(count)) / count]


def _scenario(site: Site, person: Person, quantile: Quantile, *, nominal: bool) -> Scenario:
    thickness: dict[str, float] = {
        layer.name: _thickness_mm(layer, site, person, quantile) for layer in site.layers[:-1]
    }
    depth = {target.id: _depth_mm(target, thickness, person.sex, quantile) for target in site.targets}

    def rival(name: str, choices: tuple[str, ...]) -> str | None:
        return None if nominal else _choice(choices, quantile(f"{name}_table"))

    return Scenario(
        layer_thickness_mm=thickness,
        target_depth_mm=depth,
        melanin_fraction=site.melanin_factor * _melanin(person, quantile, nominal=nominal),
        skin_table=rival("skin", RIVALS["skin"]),
        fat_table=rival("fat", RIVALS["fat"]),
        muscle_table=rival("muscle", RIVALS["muscle"]),
        melanosome_table=rival("melanosome", laws("melanosome_absorption")),
        blood_table=rival("blood", RIVALS["blood"]),
        water_table=rival("water", tables("water_absorption")),
        deviation={name: _standard_normal(quantile(name)) for name in _DEVIATIONS},
        composition={layer: _composition(layer, quantile, nominal=nominal) for layer in COMPOSED_LAYERS},
    )


def _thickness_mm(layer: SiteLayer, site: Site, person: Person, quantile: Quantile) -> float:
    span = layer.span_mm(person.sex)
    assert span is not None  # the loader of sites refuses a finite layer without a thickness
    index = person.body_mass_index
    if index is None and layer.body_mass_index_exponent > 0.0:
        rows = law("body_mass_index", "openpbm_prior")
        index = _between(rows["p5"], rows["p95"], quantile("body_mass_index"))
    factor = 1.0
    if index is not None:
        # Beyond these the power law would draw thicknesses that no body has.
        factor = (min(max(index, 14.0), 60.0) / site.reference_body_mass_index) ** layer.body_mass_index_exponent
    return factor * _drawn(span, quantile(f"{layer.name}_thickness"))


def _depth_mm(target: Target, thickness_mm: Mapping[str, float], sex: Sex | None, quantile: Quantile) -> float:
    anchor = target.below_layer or target.within_layer
    above = 0.0
    for name, layer_mm in thickness_mm.items():
        if name == anchor:
            break
        above += layer_mm
    layer_mm = thickness_mm[str(anchor)]
    u = quantile(f"{target.id}_depth")
    if target.below_layer is not None and target.offset_mm is not None:
        return above + layer_mm + _drawn(target.offset_mm, u)
    assert target.fraction is not None  # the loader of sites refuses a target with neither
    return above + layer_mm * min(_drawn(target.fraction, u), 0.98)


def _melanin(person: Person, quantile: Quantile, *, nominal: bool) -> float:
    rivals = laws("melanin_fraction")
    if nominal:
        types = _SKIN_TYPES if person.skin_type is None else (person.skin_type,)
        fractions = [melanin_fraction(skin_type, table=table) for skin_type in types for table in rivals]
        return math.exp(sum(math.log(fraction) for fraction in fractions) / len(fractions))
    skin_type = person.skin_type
    if skin_type is None:
        skin_type = _SKIN_TYPES[min(int(quantile("skin_type") * len(_SKIN_TYPES)), len(_SKIN_TYPES) - 1)]
    table = _choice(rivals, quantile("melanin_table"))
    return melanin_fraction(skin_type, table=table, standard_normal=_standard_normal(quantile("melanin")))


def _composition(layer: str, quantile: Quantile, *, nominal: bool) -> Composition:
    if nominal:
        return nominal_composition(layer)
    rows = law(f"{layer}_composition", "openpbm_prior")
    drawn = {}
    for row in rows.rows:
        z = _standard_normal(quantile(f"{layer}_{row.parameter}"))
        spread = rows.standard_deviation(row.parameter)
        if row.parameter == "oxygen_saturation":
            drawn[row.parameter] = min(max(row.value + z * spread, 0.2), 0.99)
        else:
            drawn[row.parameter] = min(row.value * math.exp(z * _log_spread(spread / row.value)), 0.95)
    return Composition(**drawn)


def _drawn(span: Span, u: float) -> float:
    return _between(span.p5, span.p95, u)


def _between(p5: float, p95: float, u: float) -> float:
    """Lognormal value with those 5 and 95 percent points at quantile u."""
    spread = math.log(p95 / p5) / (2.0 * _NINETY_PERCENT_HALF_WIDTH)
    return math.sqrt(p5 * p95) * math.exp(spread * _standard_normal(u))


def _choice(choices: tuple[str, ...], u: float) -> str:
    return choices[min(int(u * len(choices)), len(choices) - 1)]


def _standard_normal(u: float) -> float:
    return _NORMAL.inv_cdf(min(max(u, 1e-9), 1.0 - 1e-9))


def _log_spread(relative_deviation: float) -> float:
    return math.sqrt(math.log1p(relative_deviation**2))
