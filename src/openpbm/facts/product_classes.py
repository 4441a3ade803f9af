"""Classes of lamp on sale: what their pages claim, what meters show of such lamps, and how they shine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Lt, MinLen

from openpbm.facts.lamps import LampKind
from openpbm.facts.table import NumberTable, Table, rows_of_toml

__all__ = ["ElectricalShare", "ProductClass", "Span", "electrical_shares", "product_classes"]

Span = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductClass:
    """One class of lamp; every span is the lowest and the highest that such lamps have.

    plain : what it is, for somebody who never saw one
    kind, contact : as a lamp has them
    wavelengths_nm : usual ones [nm]
    claimed_mw_cm2, measured_mw_cm2 : all wavelengths together at `at_distance_mm`, by their pages and by meters
    half_angle_deg : axis to half intensity; None for lasers [deg]
    lit_area_cm2 : of the face that shines, of a laser its spot, of a bed the skin lit at once [cm2]
    power_mw, spot_diameter_mm : of one diode, the mean over time [mW], [mm]; None without a spot of its own

    >>> product_classes["small_panel"].picture
    'lamps/small_panel.svg'
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    name: Annotated[str, MinLen(1)]
    plain: Annotated[str, MinLen(1)]
    kind: LampKind
    contact: bool
    wavelengths_nm: Annotated[tuple[float, ...], MinLen(1)]
    claimed_mw_cm2: Span
    measured_mw_cm2: Span
    at_distance_mm: Annotated[float, Ge(0)]
    half_angle_deg: Span | None = None
    lit_area_cm2: Span
    power_mw: Span | None = None
    spot_diameter_mm: Span | None = None
    source: Annotated[str, MinLen(1)]
    verified: bool
    note: Annotated[str, MinLen(1)]

    def __post_init__(self) -> None:
        spans = (self.claimed_mw_cm2, self.measured_mw_cm2, self.half_angle_deg, self.lit_area_cm2, self.power_mw)
        if any(span is not None and not 0.0 < span[0] < span[1] for span in (*spans, self.spot_diameter_mm)):
            raise ValueError(f"{self.id}: a span needs 0 < low < high")

    @property
    def picture(self) -> str:
        """Its drawing under the web application's static files."""
        return f"lamps/{self.id}.svg"


product_classes: Table[ProductClass] = Table(
    "class of lamp", rows_of_toml("lamps/product_classes.toml", "classes", ProductClass)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectricalShare:
    """Light over the electrical power that a lamp of LEDs draws from the wall [-]."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    what: Annotated[str, MinLen(1)]
    value: Annotated[float, Gt(0), Lt(1)]
    source: Annotated[str, MinLen(1)]
    verified: bool


electrical_shares: NumberTable[ElectricalShare] = NumberTable(
    "share of light", rows_of_toml("lamps/electrical_shares.toml", "shares", ElectricalShare)
)
