"""The tissue as light sees it: flat layers at one wavelength."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Gt, Lt

__all__ = ["LayeredTissue", "TissueLayer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TissueLayer:
    """One layer; thickness_mm None goes on downward. mu_s_per_mm is the full scattering, not the reduced one."""

    name: str
    thickness_mm: Annotated[float, Gt(0)] | None
    mu_a_per_mm: Annotated[float, Gt(0)]
    mu_s_per_mm: Annotated[float, Gt(0)]
    g: Annotated[float, Ge(0), Lt(1)]
    n: Annotated[float, Ge(1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class LayeredTissue:
    """Layers from the skin downward at one wavelength [nm]."""

    wavelength_nm: float
    layers: tuple[TissueLayer, ...]
