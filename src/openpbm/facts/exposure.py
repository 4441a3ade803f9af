"""Exposure limits for skin and eye, spans that values plausibly lie in, and what audits found of stated outputs."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Gt, MinLen

from openpbm.errors import FactsError
from openpbm.facts.lamps import LaserClass, OutputStatus
from openpbm.facts.table import NumberTable, Table, read_csv, rows_of_csv, rows_of_toml

__all__ = [
    "LimitRow",
    "OutputPrior",
    "PlausibleSpan",
    "SpectralWeight",
    "blue_light_weights",
    "exposure_limits",
    "limit_value",
    "output_priors",
    "plausible_spans",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow:
    """One coefficient of an exposure limit. `clause`: where the standard has it; `note`: what the number does."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    value: float
    unit: Annotated[str, MinLen(1)]
    clause: str
    source: Annotated[str, MinLen(1)]
    verified: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpectralWeight:
    """How much light of one wavelength counts for a hazard, over the worst wavelength [-]."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    wavelength_nm: Annotated[float, Gt(0)]
    weight: Annotated[float, Gt(0)]
    source: Annotated[str, MinLen(1)]
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputPrior:
    """Real output over stated output [-]: 5th percentile, median, 95th percentile, and the factor safety uses."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    output_status: OutputStatus
    lower: Annotated[float, Gt(0)]
    median: Annotated[float, Gt(0)]
    upper: Annotated[float, Gt(0)]
    # A field of its own: the dose takes the whole spread, a limit one cautious factor.
    safety_factor: Annotated[float, Gt(0)]
    source: Annotated[str, MinLen(1)]
    verified: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlausibleSpan:
    """The span of one quantity, named as the case file names it.

    low, high : [unit]; in a date a calendar year, and years ahead of today; in what is drawn for a person, factors of
        the lowest and highest of a thousand people drawn
    confirmed_by : who may say that a value outside is right all the same; output and distance are a clinician's
    from_age_years, below_age_years : whom it is of; None for any age
    emits, laser_class : which emitters it is of; None for any
    ask : what to ask about a value outside
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    quantity: str
    low: float
    high: float
    unit: Annotated[str, MinLen(1)]
    confirmed_by: Literal["person", "clinician"]
    from_age_years: float | None = None
    below_age_years: float | None = None
    emits: Literal["led", "laser"] | None = None
    laser_class: LaserClass | None = None
    ask: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]
    verified: bool
    note: str = ""

    @property
    def is_date(self) -> bool:
        """Whether the quantity is a day."""
        return self.unit == "year"

    @property
    def of_drawn(self) -> bool:
        """Whether low and high are factors of what would be drawn for that person at that place."""
        return self.unit == "of drawn"


exposure_limits: NumberTable[LimitRow] = NumberTable(
    "exposure limit", rows_of_csv("limits/exposure.csv", LimitRow), unknown=FactsError
)
limit_value = exposure_limits.value

output_priors: Table[OutputPrior] = Table(
    "output prior",
    rows_of_toml("limits/output_priors.toml", "priors", OutputPrior),
    key="output_status",
    unknown=FactsError,
)


@functools.cache
def plausible_spans() -> tuple[PlausibleSpan, ...]:
    """Every row, in the order of the table: one quantity has several, for ages and kinds of emitters."""
    return read_csv("limits/plausible.csv", PlausibleSpan)


@functools.cache
def blue_light_weights() -> tuple[SpectralWeight, ...]:
    """The blue-light hazard from 400 to 500 nm, in steps of 5 nm."""
    return read_csv("limits/blue_light.csv", SpectralWeight)
