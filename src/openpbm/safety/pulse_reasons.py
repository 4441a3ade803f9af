"""What the pulses of a lamp speak against: of a laser each one is held to the limit of one pulse."""

from __future__ import annotations

import math
from dataclasses import replace

from openpbm.case import Case
from openpbm.device import lasers_of
from openpbm.facts.lamps import Emitters, LaserClass
from openpbm.facts.rules import computed
from openpbm.reason import Reason
from openpbm.safety.laser_class import CLASSES, laser_class
from openpbm.safety.laser_limits import single_pulse_ratio

__all__ = ["pulse_reasons"]

# With these a clinician and everybody else in the room wears eyewear: the label says what the pulses are.
_EYEWEAR_CLASSES = ("3B", "4")


def pulse_reasons(case: Case) -> list[Reason]:
    """One pulse of all lasers together held against class 1, and that LEDs pulse."""
    lamp = case.device
    ratios = [(ratio, one) for one in lasers_of(lamp) if (ratio := single_pulse_ratio(one)) is not None]
    # Their pulses may meet, and then an eye takes them for one.
    together = math.fsum(ratio for ratio, _ in ratios)
    if together > 1.0:
        return [_over_class_1(case, [one for _, one in ratios], together)]
    duties = [one.duty for one in lamp.emitters if one.duty is not None and one.duty < 1.0]
    return [computed("lamp_pulsed", duty=min(duties), peak=1.0 / min(duties))] if duties else []


def _over_class_1(case: Case, lasers: list[Emitters], ratio: float) -> Reason:
    found, label = laser_class(case.device), case.device.laser_class
    energies = [
        1e3 * (one.mean_of_pulses_mw or one.power_mw or 0.0) * (one.diodes or 1) / (one.pulse_frequency_hz or 1.0)
        for one in lasers
    ]
    beams = sum(one.diodes or 1 for one in lasers)
    # A laser with power has a class; were it not so, nothing might be used.
    found = found or "4"
    values = {
        "wavelength": " and ".join(f"{nm:g}" for nm in sorted({one.wavelength_nm for one in lasers})),
        "together": f", its {beams} beams taken together" if beams > 1 else "",
        "energy": math.fsum(energies),
        "ratio": ratio,
    }
    if _may_be_used(case, found, label):
        reason = computed("laser_pulses", found=found, **values)
    else:
        reason = computed("laser_pulse_limit", found=found, label=_on_label(label), remedy=_remedy(found), **values)
    return replace(reason, value=round(ratio, 2), limit=1.0, unit="1")


def _may_be_used(case: Case, found: LaserClass, label: LaserClass | None) -> bool:
    """Whether the label warns of as much as the pulses make, and a clinician stands beside it."""
    warned = label is not None and CLASSES.index(label) >= CLASSES.index(found)
    return warned and case.course.supervision == "clinician"


def _on_label(label: LaserClass | None) -> str:
    return "no class is given from its label" if label is None else f"its label is given as class {label}"


def _remedy(found: LaserClass) -> str:
    eyewear = " and eyewear for its pulses" if found in _EYEWEAR_CLASSES else ""
    return (
        f"Read the label again: a laser of class {found} is used by a clinician alone, with that class on its"
        f" label{eyewear}. Do not look into it."
    )
