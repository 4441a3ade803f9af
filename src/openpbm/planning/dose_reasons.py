"""What the dose speaks against: at the skin, at the eye, and at the target."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from openpbm.case import Case
from openpbm.facts.conditions import Condition, Protocol
from openpbm.facts.exposure import limit_value
from openpbm.facts.lamps import Lamp
from openpbm.facts.rules import PlainNumber, computed
from openpbm.planning.choice import Candidates
from openpbm.planning.document import DoseRow
from openpbm.planning.override_reasons import no_dose_reason
from openpbm.planning.points import points_reasons
from openpbm.planning.prescription import Prescription, SessionLength, Setting, fluence_j_cm2, mode_of
from openpbm.planning.protocol_bounds import (
    LOW_DOSE_TOLERANCE,
    eye_bounds,
    is_kept,
    reach_bounds,
    session_bounds,
    skin_bounds,
)
from openpbm.planning.site_light import SiteLight
from openpbm.planning.window import NEGLIGIBLE_J_CM2, chance_in_window
from openpbm.reason import Reason
from openpbm.safety.lamp_check import Exposure, seconds_in_words

__all__ = [
    "Reached",
    "careful_start_reasons",
    "eye_reasons",
    "irradiance_reasons",
    "no_protocol_reason",
    "reach_reasons",
    "skin_dose_reasons",
    "wavelengths_of_lamp",
]

# Of the protocol's lowest dose at the skin, below which a lamp is no lamp for it. A figure of ours.
_FAR_TOO_WEAK = 0.1
_LARGE_PART = 0.05
_TOO_MUCH = (
    "It is likelier to be above than below, and more is not better. What would change it: fewer minutes, a greater"
    " distance or a weaker lamp."
)
_TOO_LITTLE = (
    "What would change it: a lamp with more measured output at 800-900 nm, a meter reading instead of the maker's"
    " claim, a nearer or steadier placement, or a target that lies less deep."
)


def skin_dose_reasons(
    case: Case, exposure: Exposure, prescription: Prescription, setting: Setting, length: SessionLength
) -> list[Reason]:
    """Where irradiance, wavelength or fluence at the skin leave the protocol."""
    protocol, share = setting.protocol, setting.in_band_share
    found = [_part_outside(protocol, exposure, length)] if share < 1.0 else []
    if mode_of(case.device) == "whole_body" != protocol.mode:
        found.append(computed("whole_body_without_protocol"))
    if not prescription.wavelength_matches:
        found.append(computed("wavelength_outside_protocols", wavelengths=wavelengths_of_lamp(case.parts()[0].device)))
    # Minutes chosen by hand are held against the protocol by override_reasons, in words that fit a choice.
    if not length.overridden:
        found.extend(_chosen_minutes_reasons(case, exposure, setting, length))
    if setting.spots is not None:
        found.extend(points_reasons(case.device, setting.protocol, setting.spots))
    return [*found, *irradiance_reasons(setting, exposure)]


def irradiance_reasons(setting: Setting, exposure: Exposure) -> list[Reason]:
    """An irradiance at the skin that the protocol does not have."""
    protocol, held = setting.protocol, skin_bounds(setting, exposure.skin_limit_ratio)
    if protocol.irradiance_mw_cm2 is None or is_kept("irradiance_outside_protocol", held):
        return []
    (low, high), told = protocol.irradiance_mw_cm2, float(held[-1].value[0])
    where = " at its wavelengths" if told < setting.irradiance_mw_cm2 else ""
    return [computed("irradiance_outside_protocol", irradiance=told, where=where, low=low, high=high)]


def careful_start_reasons(candidates: Candidates, row: int) -> list[Reason]:
    """A course that begins with less: by how much, how warm skin gets in it and later, and by what reach is judged."""
    usual, low = candidates.usual(row), candidates.length(row).instead_of_minutes
    if usual == row or low is None:
        return []
    minutes, warm, chance = candidates.exposure_minutes, candidates.heat[0], candidates.chance
    found = [
        computed(
            "conservative_start",
            minutes=float(minutes[row]),
            usual=low,
            temperature=float(warm.value[row]),
            later=float(minutes[usual]),
            temperature_later=float(warm.value[usual]),
            limit=float(warm.limit[usual]),
        )
    ]
    if candidates.target.window is not None and not is_kept("reach", reach_bounds(float(chance[row]))):
        found.append(computed("reach_after_start", chance=float(chance[row]), later=float(minutes[usual])))
    return found


def _part_outside(protocol: Protocol, exposure: Exposure, length: SessionLength) -> Reason:
    """Light beside the protocol's wavelengths is counted apart: it is no part of what the protocol gave."""
    low, high = protocol.wavelength_nm
    inside = [(wavelength, level) for wavelength, level in exposure.bands if low <= wavelength <= high]
    outside = [band for band in exposure.bands if band not in inside]
    given = math.fsum(level for _, level in inside)
    return computed(
        "part_outside_protocol",
        total=exposure.irradiance_mw_cm2,
        inside=given,
        fluence=fluence_j_cm2(given, length.exposure_minutes),
        inside_nm=_joined(inside),
        outside=math.fsum(level for _, level in outside),
        outside_nm=_joined(outside),
        low=low,
        high=high,
    )


def _joined(bands: list[tuple[float, float]]) -> str:
    return " and ".join(f"{wavelength:g}" for wavelength, _ in bands)


def _chosen_minutes_reasons(case: Case, exposure: Exposure, setting: Setting, length: SessionLength) -> list[Reason]:
    """Where even the best minutes give too much or too little at the skin, or were halved for a careful start."""
    share, lowest = setting.in_band_share, setting.skin_range_j_cm2[0]
    given = setting.skin_j_cm2(length.exposure_minutes) * share
    if not length.within_protocol:
        return [no_dose_reason(case, exposure, setting)]
    # What a course begins with is below on purpose, and careful_start_reasons says by how much.
    if length.instead_of_minutes is not None:
        return []
    held = session_bounds(setting, np.array([length.exposure_minutes]))
    if not is_kept("override_skin_dose_below_protocol", held):
        below = [
            computed(
                "fluence_below_protocol",
                minutes=length.exposure_minutes,
                fluence=given,
                where="" if share == 1.0 else " at the protocol's wavelengths",
                low=lowest,
                remedy=_what_brings_more(exposure, setting),
            )
        ]
        if given < _FAR_TOO_WEAK * lowest:
            below.append(computed("lamp_far_too_weak", fluence=given, low=lowest))
        return below
    return []


def _what_brings_more(exposure: Exposure, setting: Setting) -> str:
    """What would reach the protocol's lowest dose; no output does while the light beside its wavelengths fills it."""
    lowest, highest = setting.skin_range_j_cm2
    if highest * setting.in_band_share * LOW_DOSE_TOLERANCE < lowest:
        low, high = setting.protocol.wavelength_nm
        return f"A lamp with more of its light at {low:g}-{high:g} nm would change it; more of this light would not."
    nearer = " or a shorter distance" if exposure.distance_mm > 0.0 else ""
    return f"A stronger lamp{nearer} would change it."


def no_protocol_reason(condition: Condition, own: Protocol | None = None) -> Reason:
    """There are protocols, the case's own or the condition's, but none for this lamp: they are named."""
    protocols = condition.protocols if own is None else (own,)
    words = "; ".join(map(_point_words, protocols))
    return computed("no_protocol_for_lamp", condition=condition.in_sentence, there_is=words)


def _point_words(protocol: Protocol) -> str:
    assert protocol.energy_per_point_j is not None
    assert protocol.points is not None
    (low, high), (fewest, most) = protocol.energy_per_point_j, protocol.points
    shortest_nm, longest_nm = protocol.wavelength_nm
    return f"{low:g}-{high:g} J at each of {fewest}-{most} points, {shortest_nm:g}-{longest_nm:g} nm"


def eye_reasons(case: Case, exposure: Exposure, total_minutes: float) -> list[Reason]:
    """Eyewear, when the session over all its places outlasts what bare eyes may see of the lamp."""
    seconds = exposure.eye.seconds_without_eyewear
    if is_kept("eyewear", eye_bounds(seconds, total_minutes)):
        return []
    return [computed("eyewear", wavelengths=wavelengths_of_lamp(case.device), how_long=seconds_in_words(seconds))]


def wavelengths_of_lamp(lamp: Lamp) -> str:
    """All wavelengths that it shines at, in words [nm]."""
    return ", ".join(f"{w:g}" for w in sorted({emitters.wavelength_nm for emitters in lamp.emitters}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What one session brings to an asked target: median fluence [J/cm2], share of draws in the window, its high edge.

    skin_j_cm2 : fluence at the skin in the same session [J/cm2]
    """

    structure: str
    depth_mm: float
    median_j_cm2: float
    chance: float | None
    window_high_j_cm2: float | None
    skin_j_cm2: float

    @classmethod
    def of(cls, here: SiteLight, row: DoseRow, minutes: float, skin_j_cm2: float) -> Reached:
        """What the session brings to the target of one site. row : all light there, in so many minutes on one spot."""
        window, chance, high = here.windows[row.structure], None, None
        # Judged also where the window is too dark for a share to be shown: a lamp weaker even than that is no lamp
        # for it.
        if window is not None:
            chance = chance_in_window(here.rates.at(row.structure, None), minutes, window)
            high = window.middle()[1]
        return cls(
            structure=row.structure,
            depth_mm=row.depth_mm,
            median_j_cm2=row.fluence_j_cm2.median,
            chance=chance,
            window_high_j_cm2=high,
            skin_j_cm2=skin_j_cm2,
        )


def reach_reasons(prescription: Prescription, reached: list[Reached]) -> list[Reason]:
    """One reason per asked target that is not reached surely enough; one for all that no trial speaks of.

    reached : one per asked target
    """
    origin = "trials and guidelines" if any(p.origin == "trial" for p in prescription.trial_protocols) else "guidelines"
    found = []
    without_window: dict[str, None] = {}
    for target in reached:
        words, chance = target.structure.replace("_", " "), target.chance
        # Said of the light itself, before any window: where no trial gave one, nearly nothing would pass unheard.
        if target.median_j_cm2 < NEGLIGIBLE_J_CM2:
            found.extend(_negligible(target, words))
        # No window is no verdict on reach: a caution says so, and the plan may go on.
        if chance is None or target.window_high_j_cm2 is None:
            without_window[words] = None
            continue
        if target.window_high_j_cm2 < NEGLIGIBLE_J_CM2:
            found.append(computed("window_negligible", structure=words, amount=_at_most(target.window_high_j_cm2)))
        # The gravest that is broken speaks alone.
        broken = [bound.rule for bound in reach_bounds(chance) if not bound.passed[0]]
        if broken:
            found.append(
                computed(
                    broken[0],
                    origin=origin,
                    structure=words,
                    depth=target.depth_mm,
                    chance=chance,
                    # A small chance can also mean too much light, and then more minutes are the wrong advice.
                    remedy=_TOO_MUCH if target.median_j_cm2 > target.window_high_j_cm2 else _TOO_LITTLE,
                )
            )
    if without_window:
        found.append(computed("no_window", structure=" or the ".join(without_window)))
    return found


def _negligible(target: Reached, words: str) -> list[Reason]:
    """Hardly any light is said; below a millionth of what the skin gets somebody must want the course all the same."""
    if target.median_j_cm2 <= limit_value("target_share_least") * target.skin_j_cm2:
        amount = "less than a millionth of what the skin gets"
        said = computed("target_negligible", structure=words, depth=target.depth_mm, amount=amount)
        return [said, computed("target_unreached", structure=words)]
    light = f"{PlainNumber(target.median_j_cm2):.2g} J/cm2"
    amount = f"about {light} in a session, about {_part(target.median_j_cm2 / target.skin_j_cm2)} of what the skin gets"
    return [computed("target_negligible", structure=words, depth=target.depth_mm, amount=amount)]


def _part(share: float) -> str:
    """A share in two digits, since that of the light at such a depth is not known better."""
    # Where the skin itself gets next to nothing, as under a lamp that is moved over much of it, the share is large.
    if share > _LARGE_PART:
        return f"{PlainNumber(100.0 * share):.2g} %"
    return f"one part in {float(f'{1.0 / share:.2g}'):,.0f}"


def _at_most(fluence_j_cm2: float) -> str:
    """A fluence in words that feign no knowledge of its seventh decimal."""
    if fluence_j_cm2 < limit_value("target_share_least"):
        return "less than a millionth of a J/cm2"
    return f"no more than {PlainNumber(fluence_j_cm2):.2g} J/cm2"
