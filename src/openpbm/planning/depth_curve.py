"""Light against depth, and at one structure: what is computed without a patient, and what its picture draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbm.planning.document import Band

__all__ = ["DepthCurve", "StructureLight"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthCurve:
    """Fluence rate against depth of one wavelength, or of all together.

    wavelength_nm : None for all wavelengths together [nm]
    depth_mm : below the surface of the skin, rising [mm]
    fluence_rate_mw_cm2 : one band for each depth [mW/cm2]
    """

    wavelength_nm: float | None
    depth_mm: tuple[float, ...]
    fluence_rate_mw_cm2: tuple[Band, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureLight:
    """The light at one structure.

    structure, plain_name : its id and its name in words
    depth_mm : below the surface of the skin, over the people it may be [mm]
    fluence_rate_mw_cm2 : all wavelengths together [mW/cm2]
    by_wavelength_mw_cm2 : the same for each wavelength [nm]
    """

    structure: str
    plain_name: str
    depth_mm: Band
    fluence_rate_mw_cm2: Band
    by_wavelength_mw_cm2: Mapping[float, Band]
