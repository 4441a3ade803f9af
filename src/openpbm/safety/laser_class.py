"""The class of a laser by IEC 60825-1, from the mean power and the pulses of all its beams together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from openpbm.device import lasers_of
from openpbm.facts.exposure import limit_value
from openpbm.facts.lamps import Lamp, LaserClass
from openpbm.safety.laser_limits import (
    Pulses,
    correction_c5,
    correction_c_a,
    pulsed_power_mw,
    pulses_of,
    single_pulse_ael_j,
)

__all__ = ["CLASSES", "class_of_laser", "laser_class"]

#: The least dangerous first.
CLASSES: tuple[LaserClass, ...] = ("1", "1M", "2", "2M", "3R", "3B", "4")


def laser_class(lamp: Lamp) -> LaserClass | None:
    """The laser class on the label, else one from the power of all its lasers; None for a lamp without lasers.

    From power alone the worst geometry is taken: all of it enters the eye. What pulses make stands above a label that
    says less. Source: `iec_60825_1`, unverified.
    """
    classes = [] if lamp.laser_class is None else [lamp.laser_class]
    powers = [(emitters, pulsed_power_mw(emitters) or 0.0) for emitters in lasers_of(lamp)]
    if powers and not classes:
        # At the shortest wavelength every limit is lowest.
        shortest_nm = min(emitters.wavelength_nm for emitters, _ in powers)
        classes.append(class_of_laser(math.fsum(power_mw for _, power_mw in powers), shortest_nm))
    trains = [
        _Train(power_mw=power_mw, wavelength_nm=emitters.wavelength_nm, pulses=pulses)
        for emitters, power_mw in powers
        if (pulses := pulses_of(emitters)) is not None
    ]
    if trains:
        shortest_nm = min(train.wavelength_nm for train in trains)
        classes.append(_class_of_mean(math.fsum(train.power_mw for train in trains), shortest_nm))
        classes.append(_class_of_pulses(trains))
    return max(classes, key=CLASSES.index, default=None)


def class_of_laser(power_mw: float, wavelength_nm: float, pulses: Pulses | None = None) -> LaserClass:
    """The class of a laser from its mean power, as if all of it entered the eye; of pulses each is held to its limit.

    Source: `iec_60825_1` tables 3-8, unverified.

    >>> class_of_laser(5.4, 904.0, Pulses(frequency_hz=1000.0, width_s=200e-9)), class_of_laser(200.0, 808.0)
    ('3B', '3B')
    """
    mean = _class_of_mean(power_mw, wavelength_nm)
    if pulses is None:
        return mean
    train = _Train(power_mw=power_mw, wavelength_nm=wavelength_nm, pulses=pulses)
    return max(mean, _class_of_pulses([train]), key=CLASSES.index)


def _class_of_mean(power_mw: float, wavelength_nm: float) -> LaserClass:
    class_1_mw = limit_value("class_1_power") * correction_c_a(wavelength_nm)
    visible = wavelength_nm < limit_value("c_a_from_nm")
    # Class 2 counts on the blink at a glare; where the eye sees none it falls together with class 1.
    class_2_mw = limit_value("class_2_power") if visible else class_1_mw
    if power_mw <= class_1_mw:
        return "1"
    if power_mw <= class_2_mw:
        return "2"
    if power_mw <= limit_value("class_3r_factor") * class_2_mw:
        return "3R"
    return "3B" if power_mw <= limit_value("class_3b_power") else "4"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Train:
    """Pulses of one laser, all of which enters the eye. power_mw : mean over time [mW]"""

    power_mw: float
    wavelength_nm: float
    pulses: Pulses

    @property
    def energy_j(self) -> float:
        """Of one pulse [J]."""
        return self.power_mw * 1e-3 / self.pulses.frequency_hz

    @property
    def counted_s(self) -> float:
        """The time within which pulses are counted [s]."""
        return min(limit_value("laser_t2"), limit_value("laser_time_base"))

    @property
    def single_pulse(self) -> float:
        """A pulse over the limit of class 1 for a single one [-]."""
        return self.energy_j / single_pulse_ael_j(self.wavelength_nm, min(self.pulses.width_s, self.counted_s))

    @property
    def reduced(self) -> float:
        """What is left of that limit in the train [-]."""
        if self.pulses.width_s >= limit_value("laser_short_pulse_until_s"):
            return 1.0
        return correction_c5(self.counted_s * self.pulses.frequency_hz, self.counted_s)

    @property
    def class_3b(self) -> float:
        """A pulse over the limit of class 3B [-]."""
        correction = correction_c_a(self.wavelength_nm)
        if self.pulses.width_s < limit_value("class_3b_pulse_until_s") * correction:
            return self.energy_j / (limit_value("class_3b_pulse") * correction)
        # A longer pulse is held to the power of continuous light, however rarely it comes.
        return self.energy_j / (limit_value("class_3b_power") * 1e-3 * self.pulses.width_s)


def _class_of_pulses(trains: Sequence[_Train]) -> LaserClass:
    """By the pulses of all lasers as if they met: nothing tells that they do not."""
    over_class_1 = math.fsum(train.single_pulse for train in trains) / min(train.reduced for train in trains)
    if over_class_1 <= 1.0:
        return "1"
    if over_class_1 <= limit_value("class_3r_factor"):
        return "3R"
    return "4" if math.fsum(train.class_3b for train in trains) > 1.0 else "3B"
