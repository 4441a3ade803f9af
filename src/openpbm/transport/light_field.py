"""What a simulation answers, per launched power, each tally with its standard error."""

from __future__ import annotations

from dataclasses import asdict, dataclass

__all__ = ["DepthFluenceRate", "Estimate", "LayerAbsorption", "LightField"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A fraction of the launched power [-] and its standard error."""

    value: float
    standard_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerAbsorption:
    """Fraction of the launched power absorbed in one layer [-]."""

    layer: str
    value: float
    standard_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthFluenceRate:
    """Fluence rate per launched power, integrated over the lateral plane [-]; mean over the depth bin.

    Under a broad even beam it is also the fluence rate per unit irradiance. `bin_mm` is the width really used: a bin
    that would reach beyond the stack is cut there.
    """

    depth_mm: float
    bin_mm: float
    value: float
    standard_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LightField:
    """The answer of `simulate`; see docs/scene.md for every key."""

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
        """The answer as plain lists and numbers, ready for JSON."""
        answer = asdict(self)
        answer["absorbed"] = list(answer["absorbed"])
        answer["fluence_rate"] = list(answer["fluence_rate"])
        return answer
