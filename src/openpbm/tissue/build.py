"""The tissue of one scenario at one wavelength, and which numbers behind it nobody has verified."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from openpbm.facts.living_tissue import prior_rows
from openpbm.facts.sites import Site, Span
from openpbm.facts.tissue import law, law_rows, laws, spectrum, spectrum_rows, tables
from openpbm.tissue.layers import LayeredTissue, TissueLayer
from openpbm.tissue.optical_properties import (
    anisotropy,
    composed_absorption_per_mm,
    epidermis_absorption_per_mm,
    law_reduced_scattering_per_mm,
    refractive_index,
    scattering_per_mm,
)
from openpbm.tissue.scenario import RIVALS, Scenario

__all__ = ["build", "unverified_inputs"]

# Where absorption is composed, the scattering comes from the author's law for that kind of tissue.
_COMPOSED_SCATTERING = {
    "epidermis": "jacques2013",
    "dermis": "jacques2013",
    "subcutis": "simpa",
    "muscle": "jacques2013",
}


def build(site: Site, scenario: Scenario, wavelength_nm: float) -> LayeredTissue:
    """Layers of a site with their optical properties in one scenario at one wavelength (600-1000 nm).

    Raises BadInput outside the tables. Lengths in mm, coefficients in 1/mm.
    """
    return LayeredTissue(
        wavelength_nm=wavelength_nm,
        layers=tuple(_layer(layer.name, scenario, wavelength_nm) for layer in site.layers),
    )


def _layer(name: str, scenario: Scenario, wavelength_nm: float) -> TissueLayer:
    g = anisotropy(wavelength_nm, layer=name)
    absorption = _epidermis_absorption if name == "epidermis" else _absorption
    return TissueLayer(
        name=name,
        thickness_mm=scenario.layer_thickness_mm.get(name),
        mu_a_per_mm=absorption(name, scenario, wavelength_nm),
        mu_s_per_mm=scattering_per_mm(_reduced_scattering(name, scenario, wavelength_nm), g=g),
        g=g,
        n=refractive_index(wavelength_nm, layer=name),
    )


def _epidermis_absorption(_: str, scenario: Scenario, wavelength_nm: float) -> float:
    # Melanin differs between people by more than rival tables do, so the epidermis is always composed from it.
    rivals = _chosen(scenario.melanosome_table, laws("melanosome_absorption"))
    return _middle(
        epidermis_absorption_per_mm(wavelength_nm, melanin_fraction=scenario.melanin_fraction, table=table)
        for table in rivals
    )


def _absorption(name: str, scenario: Scenario, wavelength_nm: float) -> float:
    def one(table: str) -> float:
        if table == "composition":
            return _composed(name, scenario, wavelength_nm)
        return _tabulated(f"{name}_absorption", table, scenario, wavelength_nm)

    return _over_rivals(name, scenario, one)


def _reduced_scattering(name: str, scenario: Scenario, wavelength_nm: float) -> float:
    quantity = f"{name}_reduced_scattering"

    def one(table: str) -> float:
        if table == "composition":
            author = _COMPOSED_SCATTERING[name]
            rows = law(quantity, author)
            relative = rows.standard_deviation("scatter_500_per_mm") / rows["scatter_500_per_mm"]
            value = law_reduced_scattering_per_mm(wavelength_nm, layer=name, table=author)
            return value * _shift(relative, scenario.deviation[quantity])
        # Cassano gives one row for the whole skin, kept in the tables as dermis.
        measured = quantity if table in tables(quantity) else "dermis_reduced_scattering"
        return _tabulated(measured, table, scenario, wavelength_nm, deviation=quantity)

    return _over_rivals(name, scenario, one)


def _over_rivals(name: str, scenario: Scenario, one: Callable[[str], float]) -> float:
    kind, table = {
        "epidermis": ("skin", scenario.skin_table),
        "dermis": ("skin", scenario.skin_table),
        "subcutis": ("fat", scenario.fat_table),
        "muscle": ("muscle", scenario.muscle_table),
    }[name]
    return _middle(one(rival) for rival in _chosen(table, RIVALS[kind]))


def _tabulated(
    quantity: str, table: str, scenario: Scenario, wavelength_nm: float, *, deviation: str | None = None
) -> float:
    found = spectrum(quantity, table)
    # Some authors give no spread: then one taken from how far authors lie apart stands in for it.
    unknown = law("table_spread", "openpbm_prior")["relative_standard_deviation"]
    relative = float(found.relative_deviation_at(wavelength_nm, unknown=unknown))
    return float(found.at(wavelength_nm)) * _shift(relative, scenario.deviation[deviation or quantity])


def _composed(name: str, scenario: Scenario, wavelength_nm: float) -> float:
    return _middle(
        composed_absorption_per_mm(
            wavelength_nm,
            layer=name,
            composition=scenario.composition[name],
            blood_table=blood,
            water_table=water,
        )
        for blood in _chosen(scenario.blood_table, RIVALS["blood"])
        for water in _chosen(scenario.water_table, tables("water_absorption"))
    )


def _shift(relative_deviation: float, standard_normal: float) -> float:
    """Lognormal factor on a table value, that many of its standard deviations away; 1 at the middle."""
    # Lognormal, since a coefficient is positive and its errors are factors; log1p makes sigma of the relative one.
    return math.exp(math.sqrt(math.log1p(relative_deviation**2)) * standard_normal)


def _chosen(table: str | None, rivals: tuple[str, ...]) -> tuple[str, ...]:
    return rivals if table is None else (table,)


def _middle(values: Iterable[float]) -> float:
    # The geometric mean: rivals differ by factors, and the larger one must not decide alone.
    logs = [math.log(value) for value in values]
    return math.exp(sum(logs) / len(logs))


def unverified_inputs(site: Site) -> tuple[str, ...]:
    """One plain line for each unverified number, or group of numbers, that a tissue of this site rests on."""
    lines = [
        _line(f"{site.id}: thickness of {layer.name}", span) for layer in site.layers for span in layer.thickness_mm
    ]
    if not site.verified:
        place = site.id.replace("_", " ")
        lines.append(f"{place}: treatment area ({site.source})")
        lines.append(f"{place}: growth of fat with body mass index ({site.source})")
        if site.melanin_factor < 1.0:
            lines.append(f"{place}: melanin over that of other skin ({site.source})")
    for target in site.targets:
        span = target.offset_mm or target.fraction
        if span is not None:
            lines.append(_line(f"{site.id}: place of {target.id}", span))
    lines += [f"{row.quantity.replace('_', ' ')} ({row.table}, {row.source})" for row in law_rows() if not row.verified]
    lines += [
        f"{row.quantity.replace('_', ' ')} ({row.table}, {row.source}) beyond the range of its author"
        for row in spectrum_rows()
        if not row.verified
    ]
    lines += [
        f"{row.parameter.replace('_', ' ')} of {row.tissue} ({row.source})"
        for row in prior_rows()
        if not row.verified and row.site in ("", site.id)
    ]
    return tuple(dict.fromkeys(line for line in lines if line))


def _line(what: str, span: Span) -> str:
    return "" if span.verified else f"{what.replace('_', ' ')} ({span.source})"
