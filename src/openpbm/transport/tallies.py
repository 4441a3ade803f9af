"""What is found of the light in many stacks: one array of numbers that have names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Tallies"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tallies:
    """Per launched power, of every field [-].

    all : (stacks, fields, 4 + 2 layers + bins)   all of them, which have the names below
    """

    all: Array
    layers: int

    @classmethod
    def empty(cls, stacks: int, fields: int, layers: int, bins: int) -> Tallies:
        """To be filled."""
        return cls(np.zeros((stacks, fields, 4 + 2 * layers + bins)), layers)

    @property
    def specular(self) -> Array:
        """(stacks, fields) reflected at the first interface."""
        return self.all[..., 0]

    @property
    def diffuse_reflectance(self) -> Array:
        """(stacks, fields) coming out above after that."""
        return self.all[..., 1]

    @property
    def transmittance(self) -> Array:
        """(stacks, fields) coming out below."""
        return self.all[..., 2]

    @property
    def lost(self) -> Array:
        """(stacks, fields) on its way for ever: not 0 only where an endless layer scatters without absorbing."""
        return self.all[..., 3]

    @property
    def absorbed(self) -> Array:
        """(stacks, fields, layers) in each layer."""
        return self.all[..., 4 : 4 + self.layers]

    @property
    def layer_mean(self) -> Array:
        """(stacks, fields, layers) mean fluence rate of each layer; 0 in an endless one."""
        return self.all[..., 4 + self.layers : 4 + 2 * self.layers]

    @property
    def fluence_rate(self) -> Array:
        """(stacks, fields, bins) mean of each bin."""
        return self.all[..., 4 + 2 * self.layers :]

    @property
    def shares(self) -> Array:
        """(stacks, fields, 4 + layers) all that is a share of the launched power."""
        return self.all[..., : 4 + self.layers]
