"""Body site and person to layers with optical properties as in living people, nominal and over their uncertainty."""

from openpbm.tissue.anatomy import NOTHING_MEASURED, THICKEST_FAT_MM, Measured, standard_normal
from openpbm.tissue.draw import LayerHeat, TissueDraw, draw_tissues, layer_heat, middle_tissue
from openpbm.tissue.optics import LayerOptics, mu_eff_per_mm
from openpbm.tissue.unverified_inputs import unverified_heat_inputs, unverified_inputs

__all__ = [
    "NOTHING_MEASURED",
    "THICKEST_FAT_MM",
    "LayerHeat",
    "LayerOptics",
    "Measured",
    "TissueDraw",
    "draw_tissues",
    "layer_heat",
    "middle_tissue",
    "mu_eff_per_mm",
    "standard_normal",
    "unverified_heat_inputs",
    "unverified_inputs",
]
