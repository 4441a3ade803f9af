"""Light in layered tissue: a scene of plain numbers in, a light field with its errors out."""

from typing import TYPE_CHECKING

from openpbm.transport.green_function import GreenFunction, green_function
from openpbm.transport.light_field import DepthFluenceRate, Estimate, LayerAbsorption, LightField
from openpbm.transport.scene import Layer, Scene, Source, check
from openpbm.transport.simulate import Method, simulate

if TYPE_CHECKING:
    from openpbm.transport.lateral_spread import (
        FREQUENCIES_PER_MM,
        RingShares,
        lateral_spectrum,
        ring_shares,
        ring_weights,
    )
    from openpbm.transport.plane_light import DepthLight, depth_light
    from openpbm.transport.plane_stacks import Incidence, Lobe, PlaneStacks

__all__ = [
    "FREQUENCIES_PER_MM",
    "DepthFluenceRate",
    "DepthLight",
    "Estimate",
    "GreenFunction",
    "Incidence",
    "Layer",
    "LayerAbsorption",
    "LightField",
    "Lobe",
    "Method",
    "PlaneStacks",
    "RingShares",
    "Scene",
    "Source",
    "check",
    "depth_light",
    "green_function",
    "lateral_spectrum",
    "ring_shares",
    "ring_weights",
    "simulate",
]

# Loaded when first used: whoever only reads a scene needs no arrays.
_LAZY = {
    "FREQUENCIES_PER_MM": "openpbm.transport.lateral_spread",
    "DepthLight": "openpbm.transport.plane_light",
    "Incidence": "openpbm.transport.plane_stacks",
    "Lobe": "openpbm.transport.plane_stacks",
    "PlaneStacks": "openpbm.transport.plane_stacks",
    "RingShares": "openpbm.transport.lateral_spread",
    "depth_light": "openpbm.transport.plane_light",
    "lateral_spectrum": "openpbm.transport.lateral_spread",
    "ring_shares": "openpbm.transport.lateral_spread",
    "ring_weights": "openpbm.transport.lateral_spread",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        import importlib

        if name not in _LAZY:
            raise AttributeError(f"module 'openpbm.transport' has no attribute {name!r}")
        return getattr(importlib.import_module(_LAZY[name]), name)
