"""What was measured of fat and depth at a place, held against what would be drawn there for that person."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from openpbm.case.case import Case, SiteChoice
from openpbm.facts.conditions import conditions
from openpbm.facts.exposure import PlausibleSpan, plausible_spans
from openpbm.facts.sites import sites
from openpbm.facts.tissue import law
from openpbm.tissue.anatomy import Measured, layer_thickness_mm, target_depth_mm, with_measured_fat

__all__ = ["measured_spans"]

Ends = dict[str, tuple[float, float]]
# Of all people drawn. Every unknown is taken at the same end at once, which is wider than any draw of them together.
_ENDS = np.array([0.001, 0.999])


def measured_spans(case: Case) -> Iterator[tuple[str, float, PlausibleSpan]]:
    """Each measured thickness and depth by its key, with the span that the drawn ones and the table's factors give."""
    for number, choice in enumerate(case.sites):
        spans = [one for one in plausible_spans() if one.of_drawn and getattr(choice, one.quantity) is not None]
        ends = _drawn_mm(case, choice) if spans and choice.site in sites else {}
        for span in spans:
            if span.quantity in ends:
                lowest, highest = ends[span.quantity]
                low, high = (float(f"{mm:.2g}") for mm in (span.low * lowest, span.high * highest))
                span = dataclasses.replace(span, low=low, high=high, unit="mm")
                yield f"sites[{number}].{span.quantity}", getattr(choice, span.quantity), span


def _drawn_mm(case: Case, choice: SiteChoice) -> Ends:
    """Lowest and highest of what is drawn [mm]; the depth below the fat that was measured, if it was."""
    site, person = sites[choice.site], case.person
    thickness = layer_thickness_mm(site, person, _at_the_ends)
    fat, fold = thickness["subcutis"], law("skinfold_over_fat", "openpbm_prior")
    ends = {"fat_mm": _pair(fat), "skinfold_mm": _pair(fat * [fold["p5"], fold["p95"]])}
    aimed = _aimed(case, choice)
    if aimed is not None:
        with_measured_fat(site, thickness, Measured(fat_mm=choice.fat_mm, skinfold_mm=choice.skinfold_mm), _at_the_ends)
        depth = target_depth_mm(site, thickness, _at_the_ends)
        ends["target_depth_mm"] = _pair(depth[:, site.targets.index(site.target(aimed))])
    return ends


def _aimed(case: Case, choice: SiteChoice) -> str | None:
    """The structure whose depth was measured; None where the case names one or a diagnosis that is not known."""
    if choice.target is None:
        named = case.condition.diagnosis in conditions or (case.condition.programme and not case.condition.diagnosis)
        return case.target_of(choice) if named else None
    return choice.target if choice.target in {target.id for target in sites[choice.site].targets} else None


def _at_the_ends(name: str) -> NDArray[np.float64]:
    return _ENDS


def _pair(values: NDArray[np.float64]) -> tuple[float, float]:
    return float(values.min()), float(values.max())
