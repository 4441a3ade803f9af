"""Light in layered tissue: a scene of plain numbers in, a light field with its standard errors out."""

from openpbm.transport.green import Green, green
from openpbm.transport.light_field import DepthFluenceRate, Estimate, LayerAbsorption, LightField
from openpbm.transport.scene import Layer, Scene, Source, check
from openpbm.transport.simulate import simulate
from openpbm.transport.source_digest import source_digest

__all__ = [
    "DepthFluenceRate",
    "Estimate",
    "Green",
    "Layer",
    "LayerAbsorption",
    "LightField",
    "Scene",
    "Source",
    "check",
    "green",
    "simulate",
    "source_digest",
]
