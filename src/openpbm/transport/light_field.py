"""What a simulation answers, per launched power, each tally with its error."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

__all__ = ["DepthFluenceRate", "Estimate", "LayerAbsorption", "LightField"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A fraction of the launched power [-] and its error.

    `standard_error` is that of photons; `error_estimate` that of discrete ordinates, from two orders. The one that the
    method does not have is nan.

    >>> Estimate(value=0.5, error_estimate=0.001).error
    0.001
    """

    value: float
    standard_error: float = math.nan
    error_estimate: float = math.nan

    @property
    def error(self) -> float:
        """Whichever the method has."""
        return self.error_estimate if math.isnan(self.standard_error) else self.standard_error


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerAbsorption(Estimate):
    """Fraction of the launched power absorbed in one layer [-]."""

    layer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthFluenceRate(Estimate):
    """Fluence rate per launched power, integrated over the lateral plane [-]; mean over the depth bin.

    Under a broad even beam it is also the fluence rate per unit irradiance. `bin_mm` is the width really used: a bin
    that would reach beyond the stack is cut there.
    """

    depth_mm: float
    bin_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LightField:
    """The answer of `simulate`; docs/scene.md has every key. `photons_per_second` is nan where none were followed."""

    specular: float
    diffuse_reflectance: Estimate
    transmittance: Estimate
    absorbed: tuple[LayerAbsorption, ...]
    fluence_rate: tuple[DepthFluenceRate, ...]
    energy_balance_error: float
    energy_balance: dict[str, float]
    engine: str
    photons: int
    seed: int
    photons_per_second: float

    def to_dict(self) -> dict[str, object]:
        """The answer as plain lists and numbers, ready for JSON; None where the method has no such number."""
        answer = asdict(self)
        speed = answer["photons_per_second"]
        answer["photons_per_second"] = None if math.isnan(speed) else speed
        for key in ("diffuse_reflectance", "transmittance"):
            answer[key] = _plain(answer[key])
        for key in ("absorbed", "fluence_rate"):
            answer[key] = [_plain(row) for row in answer[key]]
        return answer


def _plain(row: dict[str, object]) -> dict[str, object]:
    """A tally for JSON: what it is about first, and no nan."""
    row = {key: None if isinstance(value, float) and math.isnan(value) else value for key, value in row.items()}
    tail = {key: row.pop(key) for key in ("value", "standard_error", "error_estimate")}
    return row | tail
