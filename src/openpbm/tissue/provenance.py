"""Which numbers behind a tissue nobody has verified."""

from __future__ import annotations

from openpbm.facts.laws import law_rows
from openpbm.facts.sites import Site, Span
from openpbm.facts.spectra import spectrum_rows

__all__ = ["unverified_inputs"]


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
    return tuple(dict.fromkeys(line for line in lines if line))


def _line(what: str, span: Span) -> str:
    return "" if span.verified else f"{what.replace('_', ' ')} ({span.source})"
