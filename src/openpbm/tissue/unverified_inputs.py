"""Which of the numbers behind a tissue nobody has held against their source yet."""

from __future__ import annotations

from collections.abc import Iterator

from openpbm.facts.living_tissue import (
    correlations,
    in_vivo_measurements,
    melanin_fractions,
    prior_rows,
    rival_weights,
    water_temperature_rows,
)
from openpbm.facts.sites import Site, Span
from openpbm.facts.tissue import LawRow, SpectrumRow, law_rows, spectrum_rows, thermal_rows

__all__ = ["unverified_heat_inputs", "unverified_inputs"]

Lines = Iterator[tuple[str, str]]

_IN_WORDS = {
    "haem_um": "haemoglobin",
    "background_per_mm": "background absorption",
    "scatter_800_per_mm": "reduced scattering at 800 nm",
    "scatter_power": "power of scattering",
}


def unverified_inputs(site: Site) -> tuple[str, ...]:
    """One plain line for each unverified number, or group of numbers, that a tissue of this site rests on.

    >>> from openpbm.facts.sites import sites
    >>> "power of scattering of muscle (openpbm_prior)" in unverified_inputs(sites["posterior_calf"])
    True
    """
    lines = (*_anatomy(site), *_optics(), *_composition(site))
    return tuple(dict.fromkeys(line.replace("_", " ") + f" ({source})" for line, source in lines))


def unverified_heat_inputs() -> tuple[str, ...]:
    """One plain line for each unverified thermal property.

    >>> "conductivity of muscle (itis_v4)" in unverified_heat_inputs()
    True
    """
    rows = (row for row in thermal_rows() if not row.verified)
    return tuple(f"{row.quantity.replace('_', ' ')} of {row.tissue} ({row.source})" for row in rows)


def _anatomy(site: Site) -> Lines:
    """What is unverified of the layers, structures and treatment area of the site, each with its source."""
    spans: list[tuple[str, Span | None]] = [
        (f"thickness of {layer.name}", span) for layer in site.layers for span in layer.thickness_mm
    ]
    spans += [(f"place of {target.id}", target.offset_mm or target.fraction) for target in site.targets]
    for what, span in spans:
        if span is not None and not span.verified:
            yield f"{site.id}: {what}", span.source
    if not site.verified:
        yield f"{site.id}: treatment area", site.source
        yield f"{site.id}: growth of fat with body mass index", site.source
        if site.melanin_factor < 1.0:
            yield f"{site.id}: melanin over that of other skin", site.source


def _optics() -> Lines:
    """Unverified spectra and coefficients, of whatever site."""
    rows: tuple[LawRow | SpectrumRow, ...] = (*law_rows(), *spectrum_rows())
    for row in rows:
        if not row.verified:
            yield f"{row.quantity}, {row.table}", row.source
    for warmth in water_temperature_rows():
        if not warmth.verified:
            yield "water absorption by temperature", warmth.source


def _composition(site: Site) -> Lines:
    """What is unverified of the composition of living tissue, and of the measurements that weigh it."""
    own = {(row.tissue, row.parameter) for row in prior_rows() if row.site == site.id}
    for prior in prior_rows():
        # Rows of the site stand in place of the general ones.
        here = site.id if (prior.tissue, prior.parameter) in own else ""
        if not prior.verified and prior.site == here:
            place = f"{here}: " if here else ""
            yield f"{place}{_in_words(prior.parameter)} of {prior.tissue}", prior.source
    for pair in correlations():
        if not pair.verified:
            yield f"{_in_words(pair.parameter)} of {pair.tissue} with its {_in_words(pair.other)}", pair.source
    for rival in rival_weights():
        if not rival.verified:
            yield f"weight of the table of {rival.table} for {rival.tissue}", rival.source
    for melanin in melanin_fractions:
        if not melanin.verified:
            yield f"melanin of skin type {melanin.skin_type}", melanin.source
    for measurement in in_vivo_measurements:
        if not measurement.verified:
            yield f"measured {measurement.id}", measurement.source


def _in_words(parameter: str) -> str:
    return _IN_WORDS.get(parameter, parameter)
