"""A lamp as it was typed, held against what lamps of its class have: a slip of a digit is asked about."""

from __future__ import annotations

import math
from collections.abc import Iterator

from openpbm.errors import Problem
from openpbm.facts.lamps import Emitters, Lamp
from openpbm.facts.product_classes import ProductClass, Span

__all__ = ["claimed_together", "range_problems"]

#: A peak lies beside its nominal wavelength, and pages round.
_NEAR_NM = 15.0
#: Claims at other distances than that of the table are not compared.
_SAME_PLACE_MM = 30.0
_CM2 = 100.0


def range_problems(product: ProductClass, lamp: Lamp) -> list[Problem]:
    """Each figure that such lamps do not have; a label may say so all the same, and then somebody has looked twice."""
    problems = [problem for number, one in enumerate(lamp.emitters) for problem in _of_emitters(product, number, one)]
    claimed, area_cm2 = claimed_together(product, lamp), _lit_area_cm2(lamp)
    if claimed is not None:
        problems += _outside(product, "irradiance_mw_cm2", claimed, product.claimed_mw_cm2, "mW/cm²", "claim")
    if area_cm2 is not None:
        problems += _outside(product, "lit_area_m2", area_cm2, product.lit_area_cm2, "cm² of light", "have")
    return problems


def claimed_together(product: ProductClass, lamp: Lamp) -> float | None:
    """The irradiance of all wavelengths where the table states its own [mW/cm2]; None where it is not given there."""
    given = [(one.irradiance_mw_cm2, one.at_distance_mm) for one in lamp.emitters]
    if any(level is None or at is None or abs(at - product.at_distance_mm) > _SAME_PLACE_MM for level, at in given):
        return None
    return math.fsum(level or 0.0 for level, _ in given)


def _lit_area_cm2(lamp: Lamp) -> float | None:
    if lamp.lit_area_m2 is not None:
        return lamp.lit_area_m2 * 1e4
    areas = [
        one.rows * one.columns * one.pitch_mm**2 / _CM2
        for one in lamp.emitters
        if one.rows is not None and one.columns is not None and one.pitch_mm is not None
    ]
    return max(areas, default=None)


def _of_emitters(product: ProductClass, number: int, one: Emitters) -> Iterator[Problem]:
    where = f"emitters[{number}]"
    if all(abs(one.wavelength_nm - usual) > _NEAR_NM for usual in product.wavelengths_nm):
        usual = ", ".join(f"{each:g}" for each in product.wavelengths_nm)
        yield _asked(f"{where}.wavelength_nm", one.wavelength_nm, f"Lamps of this kind have {usual} nm")
    for key, span, unit in (
        ("power_mw", product.power_mw, "mW for one diode"),
        ("spot_diameter_mm", product.spot_diameter_mm, "mm of spot"),
    ):
        value = getattr(one, key)
        if value is not None and span is not None and one.spot_diameter_mm is not None:
            yield from _outside(product, f"{where}.{key}", value, span, unit, "have")
    if one.half_angle_deg is not None and product.half_angle_deg is not None:
        span = product.half_angle_deg
        yield from _outside(product, f"{where}.half_angle_deg", one.half_angle_deg, span, "° of half angle", "have")


def _outside(product: ProductClass, key: str, value: float, span: Span, unit: str, verb: str) -> Iterator[Problem]:
    low, high = span
    if not low <= value <= high:
        yield _asked(key, value, f"{value:.4g}: lamps of this kind ({product.name}) {verb} {low:g} to {high:g} {unit}")


def _asked(key: str, value: float, what: str) -> Problem:
    return Problem(
        key,
        value,
        what,
        "correct it, or say as_on_label = true where it stands so on the label",
        confirm="as_on_label",
        on_page=f"{what}. Correct it, or tick below that it stands so on the label.",
    )
