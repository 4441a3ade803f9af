"""Reasons from the lamp itself, at its distance: skin exposure, the eye, and an output nobody measured."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from openpbm.case import Case
from openpbm.device import (
    CONTACT_BELOW_MM,
    Beam,
    FieldUnknown,
    beam,
    counts_for_dose,
    lies_on_skin,
    output_prior,
)
from openpbm.facts.exposure import OutputPrior
from openpbm.facts.lamps import Lamp
from openpbm.facts.rules import PlainNumber, computed
from openpbm.facts.sites import sites
from openpbm.reason import Reason
from openpbm.safety.exposure_limits import (
    W_M2_PER_MW_CM2,
    EyeExposure,
    eye_exposure,
    eye_safe_unsupervised,
    skin_exposure_ratio,
    whole_seconds,
)
from openpbm.safety.laser_limits import laser_skin_pulse_ratio

__all__ = [
    "HAZARD_WORDS",
    "INSENSATE",
    "WARM_MW_CM2",
    "Exposure",
    "bands",
    "expose",
    "expose_parts",
    "insensate",
    "lamp_reasons",
    "nearest_distance_mm",
    "seconds_in_words",
]

WARM_MW_CM2 = 100.0
_FARTHEST_MM = 2000
_SPARSE = 1.5  # Times the mean under an LED, beyond which it is said. A figure of ours.
#: The finding of skin that warns of no burn, and the rule that asks for it.
INSENSATE = "loss_of_protective_sensation"
_SUPERVISED = "A clinician can release it with eyewear and supervision."

HAZARD_WORDS = {
    "ir_cornea": "near-infrared on the cornea and lens",
    "retinal_thermal": "heat on the retina",
    "weak_visual_stimulus": "near-infrared on the retina, which no glare warns of",
    "laser_eye": "laser light on the retina",
    "blue_light": "blue light on the retina",
    "none": "nothing limits",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """What the lamp puts on the skin and the eye at one distance, at its stated output and at its upper bound.

    bands : (wavelength [nm], its part of the peak irradiance [mW/cm2]), each wavelength once
    worst_upper_mw_cm2, worst_bands : at the upper end of the output, as `Beam.at_worst` has it
    """

    distance_mm: float
    beam: Beam
    irradiance_mw_cm2: float
    irradiance_upper_mw_cm2: float
    bands: tuple[tuple[float, float], ...]
    worst_upper_mw_cm2: float
    worst_bands: tuple[tuple[float, float], ...]
    skin_limit_ratio: float
    eye: EyeExposure
    eye_safe: bool


def expose(case: Case, distance_mm: float) -> Exposure:
    """The exposure at that distance, the peak over the sites of the case.

    Of places that several lamps light apart it is that of the first, for eyes and the limit of skin of all of them.
    Raises FieldUnknown (a BadInput) when the lamp's irradiance is not known there.
    """
    parts = case.parts()
    if len(parts) == 1:
        return _expose(case, distance_mm)
    here, *beside = [there for _, there in expose_parts(case, distance_mm)]
    eye = eye_exposure(case.device, here.beam, distance_mm, output_prior(case.device).safety_factor)
    return replace(
        here,
        skin_limit_ratio=max(there.skin_limit_ratio for there in (here, *beside)),
        eye=eye,
        eye_safe=eye_safe_unsupervised(case.device, eye),
    )


def expose_parts(case: Case, distance_mm: float) -> list[tuple[Case, Exposure]]:
    """Each part of a case with its exposure, where the first place's lamp stands at that distance."""
    parts = case.parts()
    if len(parts) == 1:
        return [(case, _expose(case, distance_mm))]
    farther_mm = distance_mm - (parts[0].placement.distance_mm or 0.0)
    return [(part, _expose(part, max(0.0, (part.placement.distance_mm or 0.0) + farther_mm))) for part in parts]


def _expose(case: Case, distance_mm: float) -> Exposure:
    lamp = case.device
    lit = beam(lamp, distance_mm)
    # Skin has to bear the spot where a hand that moves it stops, and what falls straight under an LED.
    worst = lit.at_worst
    # A maker's figure may be too low as well as too high, so safety takes its upper bound (decision 0003).
    upper = output_prior(lamp).safety_factor
    width = max(sites[choice.site].treatment_width_mm for choice in case.sites)
    height = max(sites[choice.site].treatment_height_mm for choice in case.sites)
    peaks, total = _brightest(lit, width, height)
    held, held_total = (peaks, total) if worst == lit else _brightest(worst, width, height)
    whole = skin_exposure_ratio((part, peak * upper) for part, (_, peak) in zip(worst.components, held, strict=True))
    eye = eye_exposure(lamp, lit, distance_mm, upper)
    return Exposure(
        distance_mm=distance_mm,
        beam=lit,
        irradiance_mw_cm2=total,
        irradiance_upper_mw_cm2=total * upper,
        bands=bands(peaks, total),
        worst_upper_mw_cm2=held_total * upper,
        worst_bands=bands(held, held_total * upper),
        skin_limit_ratio=max(whole, _one_pulse(lamp, worst, width, height, upper)),
        eye=eye,
        eye_safe=eye_safe_unsupervised(lamp, eye),
    )


def _brightest(lit: Beam, width_mm: float, height_mm: float) -> tuple[list[tuple[float, float]], float]:
    at = (width_mm, height_mm)
    return [(part.wavelength_nm, part.peak_mw_cm2(*at)) for part in lit.components], lit.peak_mw_cm2(*at)


def _one_pulse(lamp: Lamp, lit: Beam, width_mm: float, height_mm: float, factor: float) -> float:
    """A pulse of all lasers together over what skin may get in one [-], as if they met; 0 without lasers."""
    return math.fsum(
        laser_skin_pulse_ratio(part.peak_mw_cm2(width_mm, height_mm) * factor * W_M2_PER_MW_CM2, emitters)
        for emitters, part in zip(lamp.emitters, lit.components, strict=True)
        if emitters.spot_diameter_mm is not None
    )


def bands(peaks: list[tuple[float, float]], total_mw_cm2: float) -> tuple[tuple[float, float], ...]:
    """Each wavelength's part of the peak of all together; their own peaks may lie at other spots, and sum to more."""
    by_wavelength: dict[float, float] = {}
    for wavelength, peak in peaks:
        by_wavelength[wavelength] = by_wavelength.get(wavelength, 0.0) + peak
    scale = total_mw_cm2 / sum(by_wavelength.values())
    return tuple((wavelength, peak * scale) for wavelength, peak in sorted(by_wavelength.items()))


def insensate(case: Case) -> bool:
    """Whether the skin of this person is known to feel no warmth."""
    return case.person.findings.get(INSENSATE) is True


def lamp_reasons(case: Case, exposure: Exposure | FieldUnknown) -> list[Reason]:
    """Every reason the lamp gives at the distance it was exposed at."""
    if isinstance(exposure, FieldUnknown):
        return [_field_unknown(exposure)]
    lamp, prior = case.device, output_prior(case.device)
    found = []
    if exposure.skin_limit_ratio > 1.0:
        farther = nearest_distance_mm(case, exposure.distance_mm, lambda e: e.skin_limit_ratio <= 1.0)
        found.append(
            computed(
                "skin_irradiance_limit",
                distance=exposure.distance_mm,
                irradiance=exposure.worst_upper_mw_cm2,
                ratio=_times_above(exposure.skin_limit_ratio),
                remedy=_farther(farther),
            )
        )
    elif exposure.worst_upper_mw_cm2 > WARM_MW_CM2:
        found.append(computed("skin_warmth", irradiance=exposure.worst_upper_mw_cm2))
    if case.course.supervision == "self" and not exposure.eye_safe:
        farther = nearest_distance_mm(case, exposure.distance_mm, lambda e: e.eye_safe)
        found.append(
            computed(
                "lamp_not_eye_safe",
                where=_at_eye(case, exposure),
                how_long=seconds_in_words(exposure.eye.seconds_without_eyewear),
                hazard=HAZARD_WORDS[exposure.eye.limiting_hazard],
                remedy=_what_source(lamp) or _farther(farther) or _SUPERVISED,
            )
        )
    beside = sorted({one.wavelength_nm for one in lamp.emitters if not counts_for_dose(one.wavelength_nm)})
    if beside:
        found.append(computed("light_beside_dose", wavelengths=" and ".join(f"{one:g}" for one in beside)))
    found.extend(_on_skin_reasons(case, exposure))
    area, worst, level = case.placement.scanned_area_cm2, exposure.worst_upper_mw_cm2, exposure.irradiance_mw_cm2
    if worst > (_SPARSE if area is None else 1.0) * exposure.irradiance_upper_mw_cm2:
        rule = "light_under_leds" if area is None else "lamp_scanned"
        found.append(computed(rule, area=area, worst=worst, level=level))
    if case.lamps or not case.placement.faces_middle:
        from openpbm.case.lamps_together import lamps_in_words

        found.append(computed("lamps_placed", lamps=lamps_in_words(case)))
    # Eyes are judged by all it can emit, whatever mode it is in.
    if any(one.duty is not None or one.pulse_frequency_hz is not None for one in lamp.whole_emitters or lamp.emitters):
        from openpbm.safety.pulse_reasons import pulse_reasons

        found.extend(pulse_reasons(case))
    return [*found, *_described_reasons(lamp, prior)]


def _described_reasons(lamp: Lamp, prior: OutputPrior) -> list[Reason]:
    """How far the lamp's own description is to be believed: its beam, its output."""
    found = []
    if lamp.beam_misplaced is not None:
        misplaced, uneven = 100.0 * lamp.beam_misplaced, 100.0 * (lamp.beam_uneven or 0.0)
        found.append(computed("beam_of_file", misplaced=misplaced, uneven=uneven))
    if lamp.claim_missing:
        found.append(computed("lamp_claim_missing"))
    elif lamp.reading_over_claim is not None:
        found.append(computed("lamp_reading_not_counted", share=100.0 * lamp.reading_over_claim))
    elif lamp.output_status == "claimed":
        found.append(_claimed(lamp, prior))
    return found


def _on_skin_reasons(case: Case, exposure: Exposure) -> list[Reason]:
    """A lamp that lies on skin that feels no warmth and never switches off, and one made for the skin that does not."""
    placed = [(one.device, there.distance_mm) for one, there in expose_parts(case, exposure.distance_mm)]
    found = []
    if insensate(case) and any(lamp.auto_off_minutes is None and lies_on_skin(lamp, at_mm) for lamp, at_mm in placed):
        found.append(computed("no_auto_off_insensate"))
    held_off = [at_mm for lamp, at_mm in placed if lamp.contact and at_mm >= CONTACT_BELOW_MM]
    return [*found, *(computed("contact_lamp_held_off", distance=at_mm) for at_mm in held_off[:1])]


def _claimed(lamp: Lamp, prior: OutputPrior) -> Reason:
    """That the output is the maker's claim, and of a lamp that was read why its reading does not count."""
    bounds = {"upper": prior.safety_factor, "lower": prior.lower}
    if lamp.last_reading is None or lamp.last_read_on is None:
        return computed("lamp_claimed", **bounds)
    return computed(f"lamp_reading_{lamp.last_reading}", day=f"{lamp.last_read_on:%-d %B %Y}", **bounds)


def nearest_distance_mm(case: Case, start_mm: float, good: Callable[[Exposure], bool]) -> float | None:
    """The nearest distance beyond `start_mm`, in steps of 10 mm, where the exposure is good; None when none is."""
    # Several lamps stand each at a distance of its own, and no one number would say how far off all of them are.
    if len(case.lamps) > 1:
        return None
    # Nothing is gained by stepping back: pads and contact lamps lie on the skin, a laser's beam stays as narrow.
    if case.device.kind in ("pad", "wrap", "laser") or case.device.contact:
        return None
    try:
        # Halving instead of trying every step rests on exposure that falls with distance.
        low, high = int(start_mm // 10) + 1, _FARTHEST_MM // 10
        if low >= high or not good(expose(case, high * 10.0)):
            return None
        while low < high:
            middle = (low + high) // 2
            if good(expose(case, middle * 10.0)):
                high = middle
            else:
                low = middle + 1
    except FieldUnknown:
        return None
    return low * 10.0


def seconds_in_words(seconds: float) -> str:
    """The longest time that bare eyes may look, in words.

    >>> seconds_in_words(0.0), seconds_in_words(118.9)
    ('no safe viewing time', '118 seconds at most')
    """
    return "no safe viewing time" if seconds < 1.0 else f"{whole_seconds(seconds):.0f} seconds at most"


def _at_eye(case: Case, exposure: Exposure) -> str:
    if len(case.lamps) > 1:
        return "as far from these lamps as each stands from the skin"
    return f"{exposure.eye.eye_distance_mm:g} mm from this lamp"


def _times_above(ratio: float) -> str:
    """How many times over a limit, with as many digits as show that it is above.

    >>> _times_above(1.0062), _times_above(2.348)
    ('1.01', '2.3')
    """
    digits = next((digits for digits in range(2, 16) if float(f"{ratio:.{digits}g}") > 1.0), 16)
    return f"{PlainNumber(ratio):.{digits}g}"


def _farther(distance_mm: float | None) -> str:
    return "" if distance_mm is None else f"At {distance_mm:g} mm or more it would be."


def _field_unknown(error: FieldUnknown) -> Reason:
    (problem,) = error.problems
    remedy = f"{problem.remedy[:1].upper()}{problem.remedy[1:]}."
    return computed("field_unknown", message=f"{problem.thing_and_message}.", remedy=remedy)


def _what_source(lamp: Lamp) -> str:
    """What to say of a lamp that was judged as a single bright spot for want of anything but an irradiance."""
    bare = all(emitters.rows is None and emitters.spot_diameter_mm is None for emitters in lamp.emitters)
    if lamp.kind != "other" or not bare:
        return ""
    return (
        "Of its source nothing is known, so a single bright spot was judged: give its kind (panel, pad, wrap or"
        f" whole_body), or its rows, columns, pitch_mm and half_angle_deg. {_SUPERVISED}"
    )
