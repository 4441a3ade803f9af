"""Dose at depth: irradiance maps times Green's functions, over everything that is not known for sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpbm.device import Beam, beam, output_quantile
from openpbm.facts.exposure import OutputPrior
from openpbm.facts.lamps import Lamp
from openpbm.planning.depth_profile import DEPTH_MM, RADIUS_EDGES_MM, at_depth
from openpbm.planning.document import Band
from openpbm.planning.light import Fields
from openpbm.tissue import Scenario

__all__ = ["Draws", "FluenceRates", "band", "draw_unknowns", "fluence_rates"]

# How well a person puts the lamp where the picture shows: one standard deviation. An expert assumption, unverified.
PLACEMENT_SD_MM = {"area": 8.0, "point": 3.0}
DISTANCE_SD = 0.07
# Output only scales a run, so more draws of it cost no photons.
_OUTPUTS_PER_SCENARIO = 8
_ANGLES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """What is drawn beside the tissue, one row a scenario.

    offset_mm : (scenario, 2)    where the target lies beside the beam's centre [mm]
    distance_factor : (scenario,) true distance over the planned one [-]
    output : (scenario, draws)   true output over the stated one [-]
    """

    offset_mm: NDArray[np.float64]
    distance_factor: NDArray[np.float64]
    output: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class FluenceRates:
    """Fluence rate under the lamp in every scenario and output draw.

    profiles : wavelength -> (scenario, depth) at the stated output [mW/cm2]
    output : (scenario, draws)
    """

    profiles: dict[float, NDArray[np.float64]]
    output: NDArray[np.float64]

    def profile(self, wavelength_nm: float | None) -> NDArray[np.float64]:
        """(scenario, depth) of one wavelength, or of all together for None [mW/cm2]."""
        return sum(self.profiles.values(), np.zeros(1)) if wavelength_nm is None else self.profiles[wavelength_nm]

    def at(self, scenarios: Sequence[Scenario], structure: str, wavelength_nm: float | None) -> NDArray[np.float64]:
        """All draws of the fluence rate at a structure, (scenario, output) [mW/cm2]."""
        profile = self.profile(wavelength_nm)
        there = [
            at_depth(row, scenario.target_depth_mm[structure]) for row, scenario in zip(profile, scenarios, strict=True)
        ]
        # One output for all wavelengths of a lamp: they are wrong together and do not average out.
        return np.asarray(np.array(there)[:, None] * self.output)

    def bands(self, wavelength_nm: float | None) -> list[tuple[float, Band]]:
        """Each depth of the grid [mm] with the spread of the fluence rate over all draws [mW/cm2]."""
        draws = self.profile(wavelength_nm)[:, None, :] * self.output[:, :, None]
        quantiles = np.quantile(draws.reshape(-1, DEPTH_MM.size), [0.05, 0.5, 0.95], axis=0)
        return [
            (float(depth), Band(p5=float(low), median=float(middle), p95=float(high)))
            for depth, low, middle, high in zip(DEPTH_MM, *quantiles, strict=True)
        ]


def draw_unknowns(prior: OutputPrior, mode: str, count: int, seed: int) -> Draws:
    """Placement, distance and output for `count` scenarios; the same seed gives the same draws."""
    # The second number sets this stream apart from the tissue's, which starts from the same seed.
    random = np.random.default_rng([seed, 7919])
    # Outputs are stratified, so that 8 per scenario fill the prior evenly.
    strata = random.permutation(count * _OUTPUTS_PER_SCENARIO).reshape(count, _OUTPUTS_PER_SCENARIO)
    return Draws(
        offset_mm=random.normal(0.0, PLACEMENT_SD_MM[mode], size=(count, 2)),
        # Lognormal, so that no draw puts the lamp behind the skin.
        distance_factor=np.exp(random.normal(0.0, DISTANCE_SD, size=count)),
        output=output_quantile(prior, (strata + 0.5) / strata.size),
    )


def fluence_rates(lamp: Lamp, planned: Beam, fields: Sequence[Fields], draws: Draws) -> FluenceRates:
    """Fluence rate against depth under the lamp, for every scenario [mW/cm2]."""
    profiles: dict[float, list[NDArray[np.float64]]] = {field.wavelength_nm: [] for field in fields}
    for number, factor in enumerate(draws.distance_factor):
        placed = _placed(lamp, planned, float(factor))
        for field in fields:
            rings = _ring_means(placed, field.wavelength_nm, draws.offset_mm[number])
            profiles[field.wavelength_nm].append(rings @ field.fluence_rate[number])
    return FluenceRates(profiles={key: np.array(rows) for key, rows in profiles.items()}, output=draws.output)


def band(draws: ArrayLike) -> Band:
    """p5, median and p95 of the draws."""
    low, middle, high = np.quantile(np.asarray(draws), [0.05, 0.5, 0.95])
    return Band(p5=float(low), median=float(middle), p95=float(high))


def _placed(lamp: Lamp, planned: Beam, factor: float) -> Beam:
    """The beam at the distance it really stands; where only one distance is known, as planned."""
    if planned.distance_mm == 0.0 or not planned.extent_known:
        return planned
    return beam(lamp, planned.distance_mm * factor)


def _ring_means(placed: Beam, wavelength_nm: float, offset_mm: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean irradiance on each ring around the target, the last one for all that lies beyond [mW/cm2]."""
    inner, outer = RADIUS_EDGES_MM[:-1], RADIUS_EDGES_MM[1:]
    # Three radii of equal area share in every ring; a little beyond the grid for the light that wandered farther.
    shares = np.array([1.0, 3.0, 5.0]) / 6.0
    radii = np.sqrt(inner[:, None] ** 2 + shares * (outer**2 - inner**2)[:, None])
    radii = np.vstack([radii, np.full(3, 1.15 * RADIUS_EDGES_MM[-1])])
    angles = 2.0 * np.pi * (np.arange(_ANGLES) + 0.5) / _ANGLES
    x = offset_mm[0] + radii[..., None] * np.cos(angles)
    y = offset_mm[1] + radii[..., None] * np.sin(angles)
    total = np.zeros(x.shape)
    for part in placed.components:
        if part.wavelength_nm == wavelength_nm:
            total += part.irradiance_mw_cm2(x, y)
    return np.asarray(total.mean(axis=(1, 2)))
