"""Body site and person to layers with optical properties, nominal and over their uncertainty."""

from openpbm.tissue.build import build, unverified_inputs
from openpbm.tissue.layers import LayeredTissue, TissueLayer
from openpbm.tissue.scenario import Scenario, draw_scenarios, nominal_scenario

__all__ = [
    "LayeredTissue",
    "Scenario",
    "TissueLayer",
    "build",
    "draw_scenarios",
    "nominal_scenario",
    "unverified_inputs",
]
