"""Many layered stacks at once, as arrays, and the light that falls on them: what the discrete ordinates solve."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray

from openpbm.errors import BadInput, Problem

__all__ = ["Incidence", "Lobe", "PlaneStacks"]

Array = NDArray[np.float64]
# A narrow lobe's points stand where its power is: so many decades of it.
LOBE_DECADES = 14
# Points of each band between two critical angles, beyond the order; 8 give 1e-5 on most stacks.
LOBE_POINTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaneStacks:
    """Stacks of laterally endless layers, all of the same number of layers, from the top down.

    thickness_mm : (stacks, layers)   0 for a layer that is not there; infinite in the last layer only [mm]
    mu_a_per_mm, mu_s_per_mm : (stacks, layers)   absorption and full scattering [1/mm]
    g : (stacks, layers)              mean cosine of Henyey-Greenstein scattering, above -1, below 1 [-]
    n : (stacks, layers)              refractive index, at least 1 [-]
    n_above, n_below : (stacks,)      of the media around the stack, at least 1 [-]
    Raises BadInput where a shape or a number cannot be.

    >>> skin = PlaneStacks.of([2.0, math.inf], [0.02, 0.03], [15.0, 8.0], [0.9, 0.9], [1.4, 1.37])
    >>> skin.thickness_mm.shape
    (1, 2)
    """

    thickness_mm: Array
    mu_a_per_mm: Array
    mu_s_per_mm: Array
    g: Array
    n: Array
    n_above: Array
    n_below: Array

    @classmethod
    def of(
        cls,
        thickness_mm: Sequence[float],
        mu_a_per_mm: Sequence[float],
        mu_s_per_mm: Sequence[float],
        g: Sequence[float],
        n: Sequence[float],
        *,
        n_above: float = 1.0,
        n_below: float = 1.0,
    ) -> PlaneStacks:
        """One stack."""
        rows = [np.array([row], dtype=np.float64) for row in (thickness_mm, mu_a_per_mm, mu_s_per_mm, g, n)]
        return cls(
            thickness_mm=rows[0],
            mu_a_per_mm=rows[1],
            mu_s_per_mm=rows[2],
            g=rows[3],
            n=rows[4],
            n_above=np.array([n_above]),
            n_below=np.array([n_below]),
        )

    @classmethod
    def in_air(cls, thickness_mm: Array, mu_a_per_mm: Array, mu_s_per_mm: Array, g: Array, n: Array) -> PlaneStacks:
        """Many stacks, arrays (stacks, layers), with air above and below."""
        air = np.ones(len(thickness_mm))
        return cls(
            thickness_mm=thickness_mm,
            mu_a_per_mm=mu_a_per_mm,
            mu_s_per_mm=mu_s_per_mm,
            g=g,
            n=n,
            n_above=air,
            n_below=air,
        )

    def __post_init__(self) -> None:
        shape = self.thickness_mm.shape
        problems = [
            Problem(key=field.name, message=f"shape {getattr(self, field.name).shape}, thickness_mm has {shape}")
            for field in fields(self)
            if getattr(self, field.name).shape != (shape if not field.name.startswith("n_") else shape[:1])
        ]
        if len(shape) != 2 or 0 in shape:
            problems.append(Problem(key="thickness_mm", message=f"shape {shape}", remedy="give (stacks, layers)"))
        if not problems:
            problems = self._number_problems()
        if problems:
            raise BadInput(problems)

    def _number_problems(self) -> list[Problem]:
        finite = np.isfinite(self.thickness_mm)
        sound = {
            "thickness_mm": (self.thickness_mm >= 0) & (finite | (np.arange(self.layers) == self.layers - 1)),
            "mu_a_per_mm": (self.mu_a_per_mm >= 0) & np.isfinite(self.mu_a_per_mm),
            "mu_s_per_mm": (self.mu_s_per_mm >= 0) & np.isfinite(self.mu_s_per_mm),
            "g": np.abs(self.g) < 1,
            "n": (self.n >= 1) & np.isfinite(self.n),
            "n_above": (self.n_above >= 1) & np.isfinite(self.n_above),
            "n_below": (self.n_below >= 1) & np.isfinite(self.n_below),
        }
        problems = []
        for key, good in sound.items():
            if not good.all():
                where = tuple(int(index) for index in np.argwhere(~good)[0])
                value = float(getattr(self, key)[where])
                problems.append(Problem(key=f"{key}{list(where)}", value=value, message="is outside its limits"))
        clear = (~finite & (self.mu_a_per_mm == 0) & (self.mu_s_per_mm == 0)).any(axis=1)
        if clear.any():
            problems.append(
                Problem(
                    key=f"thickness_mm[{int(np.argmax(clear))}]",
                    message="a last layer without end that neither absorbs nor scatters lets light travel for ever",
                    remedy="leave the layer out and give its index as n_below",
                )
            )
        return problems

    @property
    def count(self) -> int:
        """Number of stacks."""
        return int(self.thickness_mm.shape[0])

    @property
    def layers(self) -> int:
        """Number of layers of each stack."""
        return int(self.thickness_mm.shape[1])

    def take(self, stacks: NDArray[np.intp] | slice) -> PlaneStacks:
        """Some of the stacks."""
        return PlaneStacks(**{field.name: getattr(self, field.name)[stacks] for field in fields(self)})

    def tops_mm(self) -> Array:
        """(stacks, layers + 1) depth of every interface [mm]; the last is infinite in an endless stack."""
        return np.concatenate((np.zeros((self.count, 1)), np.cumsum(self.thickness_mm, axis=1)), axis=1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Incidence:
    """Light from above: collimated beams, averaged over azimuth, and how much of each makes every field.

    cosines : (beams,)          of incidence in the medium above, in (0, 1] [-]
    weights : (fields, beams)   share of the field's launched power that comes in each beam [-]

    >>> Incidence.plane_wave(60.0).cosines.round(3)
    array([0.5])
    """

    cosines: Array
    weights: Array

    def __post_init__(self) -> None:
        if self.cosines.ndim != 1 or self.weights.ndim != 2 or self.weights.shape[1] != len(self.cosines):
            raise BadInput([Problem(key="weights", message=f"shape {self.weights.shape} for {self.cosines.shape}")])
        if not ((self.cosines > 0) & (self.cosines <= 1)).all():
            raise BadInput([Problem(key="cosines", message="every cosine of incidence must be in (0, 1]")])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Incidence) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash(self._content())

    def _content(self) -> tuple[bytes, bytes]:
        return self.cosines.tobytes(), self.weights.tobytes()

    @classmethod
    def plane_wave(cls, incidence_deg: float = 0.0) -> Incidence:
        """One plane wave, by its angle from the normal in the medium above."""
        return cls(cosines=np.array([math.cos(math.radians(incidence_deg))]), weights=np.ones((1, 1)))

    @classmethod
    def of_cosines(cls, cosines: Sequence[float] | Array) -> Incidence:
        """One field of beams of equal power, as a lamp's incidence cosines in quantiles of equal probability."""
        values, counts = np.unique(np.asarray(cosines, dtype=np.float64), return_counts=True)
        return cls(cosines=values, weights=(counts / counts.sum())[None])

    @property
    def fields(self) -> int:
        """Number of fields."""
        return len(self.weights)

    def beams(self, n_above: Array, n: Array, order: int) -> tuple[Array, Array]:
        """(cosines (stacks, beams), weights (stacks, fields, beams)) on each stack, the same at every order."""
        cosines = np.broadcast_to(self.cosines, (len(n), len(self.cosines)))
        return cosines, np.broadcast_to(self.weights, (len(n), *self.weights.shape))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lobe:
    """Radiance from above that falls with the cosine of incidence as cos^exponent; 0 is Lambertian.

    exponent : at least 0 [-]
    """

    exponent: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.exponent < math.inf:
            raise BadInput([Problem(key="exponent", value=self.exponent, message="must be at least 0")])

    @property
    def fields(self) -> int:
        """Number of fields."""
        return 1

    def beams(self, n_above: Array, n: Array, order: int) -> tuple[Array, Array]:
        """(cosines (stacks, beams), weights (stacks, 1, beams)) on each stack, more points at a higher order.

        n_above : (stacks,), n : (stacks, layers)   refractive indices [-]
        So the difference of two orders, which is the error estimate, has the error of these points in it.
        """
        x, w = leggauss(order + LOBE_POINTS)
        # Light from gel or glass meets total reflection at the index of a layer: no Gauss rule may reach across it.
        edges = np.sort(np.concatenate((np.minimum(n, n_above[:, None]), n_above[:, None]), axis=1), axis=1)
        least_cosine = 10 ** (-LOBE_DECADES / (self.exponent + 2))
        cosines, weights = [], []
        lower = np.zeros(len(n))
        for upper in edges.T:
            # Gauss in the cosine that vanishes at the upper edge, where transmittance begins as a root.
            ratio = (upper / n_above)[:, None]
            high = np.sqrt(np.maximum(0.0, 1 - (lower / upper) ** 2))[:, None]
            low = np.minimum(np.sqrt(np.maximum(0.0, 1 - (1 - least_cosine**2) / ratio**2)), high)
            lower = upper
            if not (high > low).any():
                continue
            beyond = low + (high - low) * (x + 1) / 2
            cosine = np.sqrt(1 - ratio**2 * (1 - beyond**2))
            cosines.append(cosine)
            weights.append(cosine**self.exponent * ratio**2 * beyond * (high - low) * w)
        weight = np.concatenate(weights, axis=1)
        return np.concatenate(cosines, axis=1), (weight / weight.sum(axis=1, keepdims=True))[:, None]
