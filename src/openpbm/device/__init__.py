"""A lamp and where it stands: the light on the skin, and how far a stated output is to be believed."""

from openpbm.device.beam import (
    CONTACT_BELOW_MM,
    Beam,
    BeamComponent,
    FieldUnknown,
    LightOnSkin,
    beam,
    is_mirrored,
    laser_spot,
    lasers_of,
    lies_on_skin,
    lights_places_together,
    of_unit_power,
    treatment_distance_mm,
)
from openpbm.device.even_light import UnderPackages
from openpbm.device.lamp_problems import check_lamp, counts_for_dose
from openpbm.device.laser_spot import LaserSpot
from openpbm.device.led_array import LedArray, faces_m2, lights_body
from openpbm.device.output import (
    output_prior,
    output_quantile,
    reading_counts,
    safe_share,
    settled_output,
)
from openpbm.device.posed_array import PosedArray
from openpbm.device.scanned_spot import ScannedSpot

__all__ = [
    "CONTACT_BELOW_MM",
    "Beam",
    "BeamComponent",
    "FieldUnknown",
    "LaserSpot",
    "LedArray",
    "LightOnSkin",
    "PosedArray",
    "ScannedSpot",
    "UnderPackages",
    "beam",
    "check_lamp",
    "counts_for_dose",
    "faces_m2",
    "is_mirrored",
    "laser_spot",
    "lasers_of",
    "lies_on_skin",
    "lights_body",
    "lights_places_together",
    "of_unit_power",
    "output_prior",
    "output_quantile",
    "reading_counts",
    "safe_share",
    "settled_output",
    "treatment_distance_mm",
]
