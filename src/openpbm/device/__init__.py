"""A lamp and where it stands: the light on the skin, and how far a stated output is to be believed."""

from openpbm.device.beam import CONTACT_BELOW_MM, Beam, BeamComponent, FieldUnknown, beam, treatment_distance_mm
from openpbm.device.lamp_problems import check_lamp
from openpbm.device.laser_spot import LaserSpot
from openpbm.device.led_array import LedArray
from openpbm.device.output import OutputPrior, output_prior

__all__ = [
    "CONTACT_BELOW_MM",
    "Beam",
    "BeamComponent",
    "FieldUnknown",
    "LaserSpot",
    "LedArray",
    "OutputPrior",
    "beam",
    "check_lamp",
    "output_prior",
    "treatment_distance_mm",
]
