"""Codes and figures in words, as the reports write them."""

from __future__ import annotations

from typing import Any

from django import template

from openpbm import wording
from openpbm.care.devices.ruler import cm_of
from openpbm.facts.bands import band_of
from openpbm.facts.sites import sites

register = template.Library()

register.filter("in_words", wording.in_words)
register.filter("percent_in_words", wording.percent_in_words)
register.filter("minutes_in_words", wording.minutes_in_words)
register.filter("date_in_words", wording.date_in_words)
register.filter("gap_in_words", wording.gap_in_words)
register.filter("unit_in_words", wording.unit_in_words)
register.filter("units_as_printed", wording.units_as_printed)
register.filter("in_cm", cm_of)


@register.filter
def quantity(value: Any, digits: int = 3) -> str:
    """A number with so many figures and no exponent, a real minus before it; a dash for what nobody knows."""
    return wording.quantity(value, digits).replace("-", "−")


@register.filter
def band_name(wavelength_nm: float) -> str:
    """What light of a wavelength is called [nm]."""
    return band_of(wavelength_nm).name


@register.filter
def share_as_percent(share: float) -> str:
    """A share as a whole number of percent; one may be more than a hundred."""
    return f"{100.0 * share:.0f}"


@register.filter
def why_in_words(why: str) -> str:
    """Why the minutes of a plan are what they are."""
    return wording.WHY_THESE_MINUTES[why]


@register.filter
def unknown_in_words(unknown: str) -> str:
    """What is not known of a dose."""
    return wording.UNKNOWNS[unknown]


@register.filter
def place_name(site: str) -> str:
    """A place as people call it; the code itself where a snapshot names one that is not in the catalogue."""
    known = sites.get(site)
    return known.plain_name if known else wording.in_words(site)


@register.filter
def structure_name(target: str, site: str) -> str:
    """A structure of a place as people call it."""
    known = sites.get(site)
    names = {each.id: each.plain_name for each in known.targets} if known else {}
    return names.get(target, wording.in_words(target))


@register.filter
def compared(value: Any) -> str:
    """One cell of two plans side by side: words, numbers, yes and no, lists of rules."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return wording.quantity(value, 3)
    if isinstance(value, list | tuple):
        return ", ".join(wording.in_words(str(each)) for each in value) or "none"
    return wording.in_words(str(value))
