"""Which questions a lamp of each class is asked: who holds a pad need not think about the spot of a laser."""

from __future__ import annotations

from openpbm.facts.product_classes import product_classes

__all__ = ["ANY_LAMP", "fields_of_class"]

#: A lamp of no class is asked everything.
ANY_LAMP = "other"
_LIGHT = ("share", "irradiance_mw_cm2", "at_distance_cm")
_LEDS = ("power_mw", "half_angle_deg", "beam_angle_deg", "rows", "columns", "pitch_mm", "duty", "pulse_frequency_hz")
_SPOT = ("power_mw", "spot_diameter_mm", "spot_short_mm", "spot_profile", "divergence_mrad")
_CLUSTER = ("diodes", "spacing_mm", "energy_per_point_j", "seconds_per_point")
_PULSES = ("peak_power_w", "pulse_width_ns", "pulse_frequency_hz")
_TOGETHER = ("irradiance_mw_cm2", "at_distance_cm", "leds", "face_width_cm", "face_height_cm")
_OF_LEDS = (*_LIGHT, *_LEDS)
_OF_A_CLUSTER = tuple(dict.fromkeys((*_OF_LEDS, *_SPOT, *_PULSES, *_CLUSTER)))
#: Class -> questions of each wavelength, and of the whole lamp, beside those that every lamp is asked.
_ASKED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "led_pad": (_OF_LEDS, _TOGETHER),
    "wrap": (_OF_LEDS, _TOGETHER),
    "belt": (_OF_LEDS, _TOGETHER),
    "led_probe": (_OF_LEDS, (*_TOGETHER, "contact", "default_distance_cm")),
    "cluster_probe": (_OF_A_CLUSTER, (*_TOGETHER, "laser_class")),
    "small_panel": (_OF_LEDS, (*_TOGETHER, "default_distance_cm")),
    "large_panel": (_OF_LEDS, (*_TOGETHER, "default_distance_cm")),
    "bed": (_OF_LEDS, (*_TOGETHER, "default_distance_cm", "lit_area_m2")),
    "laser_probe": ((*_SPOT, "duty", "pulse_frequency_hz"), ("laser_class",)),
    "superpulsed_probe": ((*_SPOT, *_PULSES), ("laser_class",)),
}
_OF_EVERY_LAMP = ("id", "name", "serial", "heads", "auto_off_minutes", "eye_class", "clearance", "indication",
                  "wearable", "as_on_label")  # fmt: skip
_OF_EVERY_WAVELENGTH = ("wavelength_nm", "bandwidth_nm")


def fields_of_class(product_class: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """Questions of the whole lamp, and of each wavelength; None where nothing is left out.

    >>> lamp, wavelength = fields_of_class("led_pad")
    >>> "laser_class" in lamp, "spot_diameter_mm" in wavelength, "share" in wavelength
    (False, False, True)
    """
    if product_class not in product_classes.ids:
        return None
    wavelength, lamp = _ASKED[product_class]
    return frozenset((*lamp, *_OF_EVERY_LAMP)), frozenset((*wavelength, *_OF_EVERY_WAVELENGTH))
