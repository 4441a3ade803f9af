"""Body site and person to layers with optical properties as in living people, nominal and over their uncertainty."""

from openpbm.tissue.anatomy import standard_normal
from openpbm.tissue.build import build, unverified_inputs
from openpbm.tissue.draw import TissueDraw, draw_tissues, middle_tissue
from openpbm.tissue.layers import LayeredTissue, TissueLayer
from openpbm.tissue.optics import LayerOptics, mu_eff_per_mm
from openpbm.tissue.scenario import Scenario, draw_scenarios, nominal_scenario

__all__ = [
    "LayerOptics",
    "LayeredTissue",
    "Scenario",
    "TissueDraw",
    "TissueLayer",
    "build",
    "draw_scenarios",
    "draw_tissues",
    "middle_tissue",
    "mu_eff_per_mm",
    "nominal_scenario",
    "standard_normal",
    "unverified_inputs",
]
