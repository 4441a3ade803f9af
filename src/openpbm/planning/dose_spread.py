"""Where the width of a dose comes from: what is not known of optics, anatomy, lamp and placement, each by its share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openpbm.planning.document import SpreadShares
from openpbm.planning.dose import FluenceRates
from openpbm.tissue import TissueDraw

__all__ = ["spread_shares"]

Floats = NDArray[np.float64]
# Below the smallest number there is: a rate of nothing has no logarithm.
_LEAST = np.finfo(float).tiny


def spread_shares(tissues: TissueDraw, rates: FluenceRates, structure: str) -> SpreadShares | None:
    """Shares of the variance of the logarithm of the dose at a structure; None where all draws are alike.

    Placement is told by the same tissues under the lamp just where it is planned. What is left of the tissues' variance
    is shared out by the attenuation that diffuse light meets in every make-up crossed with every anatomy drawn.
    """
    placed, planned = rates.stated_at(structure, None), rates.as_planned_at(structure)
    by_tissue = _log_variance(planned)
    parts = np.array(
        [
            *(by_tissue * _make_up_and_anatomy(tissues, _brightest(rates, structure), structure)),
            _log_variance(rates.output),
            _log_variance(placed / np.maximum(planned, _LEAST)),
        ]
    )
    if not parts.sum() > 0.0:
        return None
    optics, anatomy, lamp, placement = (parts / parts.sum()).tolist()
    return SpreadShares(optics=optics, anatomy=anatomy, lamp=lamp, placement=placement)


def _make_up_and_anatomy(tissues: TissueDraw, wavelength_nm: float, structure: str) -> Floats:
    """How much of the variance of the crossed attenuation lies between make-ups, and how much between anatomies."""
    attenuation = tissues.optics([wavelength_nm]).mu_eff_per_mm[..., 0]
    crossed_mm = tissues.crossed_mm()[..., tissues.site.targets.index(tissues.site.target(structure))]
    crossed = attenuation @ crossed_mm.T
    variances = np.array([crossed.mean(axis=1).var(), crossed.mean(axis=0).var()])
    return np.asarray(variances / max(variances.sum(), _LEAST))


def _brightest(rates: FluenceRates, structure: str) -> float:
    """The wavelength that brings most light there [nm]."""
    return max(rates.stated, key=lambda wavelength: float(np.median(rates.stated_at(structure, wavelength))))


def _log_variance(values: Floats) -> float:
    return float(np.log(np.maximum(values, _LEAST)).var())
