"""Light in layered tissue: a scene of plain numbers in, a light field with its standard errors out."""

from openpbm.transport.green_function import GreenFunction, green_function
from openpbm.transport.light_field import DepthFluenceRate, Estimate, LayerAbsorption, LightField
from openpbm.transport.scene import Layer, Scene, Source, check
from openpbm.transport.simulate import simulate, source_digest

__all__ = [
    "DepthFluenceRate",
    "Estimate",
    "GreenFunction",
    "Layer",
    "LayerAbsorption",
    "LightField",
    "Scene",
    "Source",
    "check",
    "green_function",
    "simulate",
    "source_digest",
]
