"""Living tissue: what each source says of its composition and scattering, how far a rival table is believed, and what
was measured on people."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Gt, Le
from numpy.typing import NDArray

from openpbm.errors import FactsError
from openpbm.facts.sites import LayerName
from openpbm.facts.table import Table, names, read_columns, read_csv, rows_of_csv

__all__ = [
    "Correlation",
    "InVivoMeasurement",
    "MelaninFraction",
    "PriorRow",
    "RivalWeight",
    "SampledTissue",
    "conditioned_sample",
    "correlations",
    "in_vivo_measurements",
    "melanin_fractions",
    "prior_rows",
    "rival_weights",
    "water_temperature_rows",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorRow:
    """What one source says of one parameter of one tissue.

    role : `estimate`, the middle over people and how far off it may be; `people`, how people differ around it
    value, factor : the value as reported, and what it is multiplied by for a stated reason
    spread : one standard deviation, of the logarithm (lognormal) or in `unit` (normal)
    site : a body site with rows of its own, which stand in place of the general ones
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    tissue: LayerName
    parameter: str
    shape: Literal["lognormal", "normal"]
    role: Literal["estimate", "people"]
    source: str
    method: str
    value: Annotated[float, Gt(0)]
    factor: Annotated[float, Gt(0)]
    spread: Annotated[float, Gt(0)]
    unit: str
    verified: bool
    site: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RivalWeight:
    """How often a table measured outside the living body is drawn in place of the composition, and why so rarely."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    tissue: Literal["skin", "subcutis", "muscle"]
    table: str
    method: str
    weight: Annotated[float, Ge(0), Le(0.25)]
    reason: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """Correlation over people of two parameters of one tissue, on the scale of their shapes."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    tissue: LayerName
    parameter: str
    other: str
    correlation: Annotated[float, Gt(-1), Le(1)]
    source: str
    verified: bool
    condition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MelaninFraction:
    """Volume fraction of melanosomes in the epidermis of one Fitzpatrick type: median and where nine in ten lie [-]."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    skin_type: Annotated[int, Ge(1), Le(6)]
    median: Annotated[float, Gt(0)]
    p5: Annotated[float, Gt(0)]
    p95: Annotated[float, Gt(0)]
    unit: str
    source: str
    verified: bool
    condition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InVivoMeasurement:
    """Something measured on tissue, which the model must tell.

    value, high : as reported; `high` where a range is given
    factor : the model's median must lie within this factor of it
    relative_error : one standard deviation of the reported middle
    distance_mm : between source and detector, or thickness of what is shone through
    skin_mm, fat_mm, fat_sd : over the muscle that was measured [mm], and how its fat differs (of the logarithm)
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    quantity: str
    tissue: str
    value: Annotated[float, Gt(0)]
    factor: Annotated[float, Gt(1)]
    relative_error: Annotated[float, Gt(0)]
    unit: str
    conditions: str
    source: str
    verified: bool
    site: str = ""
    wavelength_nm: float | None = None
    distance_mm: float | None = None
    skin_mm: float | None = None
    fat_mm: float | None = None
    fat_sd: float | None = None
    high: float | None = None

    @property
    def middle(self) -> float:
        """The reported value, or the geometric middle of the reported range [unit]."""
        return float(np.sqrt(self.value * (self.high or self.value)))


@dataclass(frozen=True, slots=True, kw_only=True)
class TemperatureRow:
    """How much more water absorbs when it is one kelvin warmer [1/(mm K)]."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    wavelength_nm: float
    value: float
    unit: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledTissue:
    """Tissues drawn once and weighted by what was measured on people.

    weight : (tissue,) sums to 1
    scores : each unknown's standard normal scores, (tissue,)
    tables : for skin, subcutis and muscle the rival table of each tissue, "" for the composition
    """

    name: str
    weight: NDArray[np.float64]
    scores: dict[str, NDArray[np.float64]]
    tables: dict[str, tuple[str, ...]]


@functools.cache
def prior_rows() -> tuple[PriorRow, ...]:
    """Every row on the composition and scattering of living tissue."""
    return read_csv("tissue/living_priors.csv", PriorRow)


@functools.cache
def rival_weights() -> tuple[RivalWeight, ...]:
    """The tables measured outside the body, with their weights."""
    return read_csv("tissue/rival_weights.csv", RivalWeight)


@functools.cache
def correlations() -> tuple[Correlation, ...]:
    """Parameters of a tissue that go together over people."""
    return read_csv("tissue/living_correlations.csv", Correlation)


@functools.cache
def water_temperature_rows() -> tuple[TemperatureRow, ...]:
    """Change of the absorption of water with temperature, wavelengths rising."""
    return read_csv("tissue/water_temperature.csv", TemperatureRow)


melanin_fractions: Table[MelaninFraction] = Table(
    "skin type", rows_of_csv("tissue/melanin.csv", MelaninFraction), key="skin_type"
)
in_vivo_measurements: Table[InVivoMeasurement] = Table(
    "measurement", rows_of_csv("tissue/in_vivo_measurements.csv", InVivoMeasurement)
)

TABLE_COLUMNS = ("skin", "subcutis", "muscle")


@functools.cache
def conditioned_sample(site: str) -> SampledTissue:
    """The weighted sample of a site, or the general one where nothing was measured there."""
    own = f"tissue/conditioned/{site}.csv"
    name = own if own in names("tissue/conditioned", ".csv") else "tissue/conditioned/general.csv"
    columns = read_columns(name)
    scores = {
        column: _numbers(name, cells) for column, cells in columns.items() if column not in ("source", *TABLE_COLUMNS)
    }
    weight = scores.pop("weight")
    if abs(float(weight.sum()) - 1.0) > 1e-6:
        raise FactsError(f"facts/data/{name}: the weights sum to {weight.sum():g}, not 1; make the sample again")
    return SampledTissue(
        name=name.rpartition("/")[2].removesuffix(".csv"),
        weight=weight,
        scores=scores,
        tables={column: columns[column] for column in TABLE_COLUMNS},
    )


def _numbers(name: str, cells: Iterable[str]) -> NDArray[np.float64]:
    try:
        return np.array([float(cell) for cell in cells])
    except ValueError as error:
        raise FactsError(f"facts/data/{name}: {error}; make the sample again") from error
