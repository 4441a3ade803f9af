"""What light of a wavelength is called: red, far red, near infrared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import MinLen

from openpbm.errors import BadInput, Problem
from openpbm.facts.table import Table, rows_of_toml

__all__ = ["Band", "band_of", "bands"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One name for wavelengths from `low_nm` up to, not including, `high_nm` [nm]."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    name: Annotated[str, MinLen(1)]
    low_nm: float
    high_nm: float
    note: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]
    verified: bool


# From the shortest, without a gap.
bands: Table[Band] = Table("band", rows_of_toml("lamps/bands.toml", "bands", Band))


def band_of(wavelength_nm: float) -> Band:
    """The band of a wavelength [nm]. Raises BadInput outside 400-1100 nm, where no lamp of ours may lie.

    >>> [band_of(nm).name for nm in (660.0, 700.0, 799.9, 850.0)]
    ['red', 'far red', 'far red', 'near infrared']
    """
    for band in bands:
        if band.low_nm <= wavelength_nm < band.high_nm:
            return band
    message = f"{wavelength_nm:g} nm is outside 400-1100 nm"
    raise BadInput(Problem(key="wavelength_nm", message=message, remedy="give the wavelength in nm"))
