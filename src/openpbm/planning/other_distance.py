"""The same lamp used otherwise: at other distances, in its other modes, over several places at once.

How bright a ring is falls smoothly with the lamp's distance and with how far it is aside, where the lamp stands farther
than its LEDs stand apart. A surface of second order in the distance and in the squares of the offset, through ten of
them, tells the logarithm for all others. Nearer, every one is computed.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openpbm.case import Case
from openpbm.device import Beam, FieldUnknown, LedArray, beam, lights_places_together
from openpbm.device.modes import in_mode
from openpbm.facts.conditions import Protocol
from openpbm.facts.lamps import Lamp
from openpbm.facts.rules import computed
from openpbm.planning.choice import MIN_CHANCE_GAIN, Candidates
from openpbm.planning.document import SettingOption
from openpbm.planning.dose import Placements, component_rings, draw_placements, placed_rings, rings_by_wavelength
from openpbm.planning.prescription import Setting, is_point_lamp
from openpbm.planning.protocol_bounds import heat_bounds
from openpbm.planning.schedule import positions_of
from openpbm.planning.site_light import SiteLight
from openpbm.planning.window import Target
from openpbm.safety import Screening, screen, with_reasons
from openpbm.safety.lamp_check import Exposure, expose, nearest_distance_mm

__all__ = ["other_settings", "quick_rings", "where_a_session_fits"]

Floats = NDArray[np.float64]
# Nearer than this, a lamp pushed aside by as much as people do leaves what lies under it: no surface tells that.
_NEAREST_MM = 60.0
# Offset to the side and along [mm], logarithm of the distance factor: about twice the spread of placements each. Six of
# the ten lie on an axis of the lamp, where `ring_means` needs half the points.
_ASIDE_MM, _FARTHER = 16.0, 0.12
_DESIGN: Floats = np.array(
    [
        [0.0, 0.0, 0.0],
        [0.0, 0.0, _FARTHER],
        [0.0, 0.0, -_FARTHER],
        [_ASIDE_MM, 0.0, 0.0],
        [0.0, _ASIDE_MM, 0.0],
        [_ASIDE_MM, 0.0, _FARTHER],
        [0.0, _ASIDE_MM, _FARTHER],
        [0.5 * _ASIDE_MM, 0.0, 0.0],
        [0.0, 0.5 * _ASIDE_MM, 0.0],
        [_ASIDE_MM, _ASIDE_MM, 0.0],
    ]
)
# Neighbours of a distance, and between which of them a lamp stands [mm].
_NEARER, _AWAY, _LEAST_MM, _MOST_MM = 2.0 / 3.0, 1.5, 50.0, 2000.0
# A logarithm needs something to stand on where a narrow beam leaves a far ring dark [mW/cm2].
_DARK = 1e-30


def quick_rings(lamp: Lamp, planned: Beam, placements: Placements) -> dict[float, Floats]:
    """`placed_rings`, from ten ways of putting an array of LEDs instead of all.

    Against `placed_rings`, over 64 placements: within 0.2 % (root mean square) from 100 mm on, 1 % at 60 mm, and the
    same numbers where the lamp is nearer, or is no array of LEDs.
    """
    arrays = [part.light for part in planned.components if isinstance(part.light, LedArray)]
    if len(arrays) < len(planned.components):
        return placed_rings(lamp, planned, placements)
    if planned.distance_mm < max(_NEAREST_MM, *(array.pitch_mm for array in arrays)):
        return placed_rings(lamp, planned, placements)
    scores = _terms(placements.offset_mm, np.log(placements.distance_factor))
    fit = scores @ np.linalg.inv(_terms(_DESIGN[:, :2], _DESIGN[:, 2]))
    at = {farther: beam(lamp, planned.distance_mm * float(np.exp(farther))) for farther in set(_DESIGN[:, 2].tolist())}
    beams = [at[farther] for farther in _DESIGN[:, 2].tolist()]

    def fitted(number: int) -> Floats:
        designed = component_rings(beams, number, _DESIGN[:, :2])
        return np.asarray(np.exp(fit @ np.log(np.maximum(designed, _DARK))))

    return rings_by_wavelength(planned, fitted)


def _terms(offset_mm: Floats, farther: Floats) -> Floats:
    """(placement, 10) terms of the surface; even in the offsets, as every lamp is."""
    x, y = (offset_mm.T / _ASIDE_MM) ** 2
    d = farther / _FARTHER
    return np.stack([np.ones_like(d), d, d * d, x, y, d * x, d * y, x * x, y * y, x * y], axis=1)


def where_a_session_fits(screening: Screening, protocol: Protocol) -> Screening:
    """The screening at the nearest distance where a session fits and stays cool, if the case leaves the distance open.

    It is as it was where one fits at the lamp's own distance, or nowhere, and where the case names its distance.
    """
    case, exposure = screening.case, screening.exposure
    if exposure is None or case.lamps or screening.verdict in ("refused", "refer"):
        return screening
    if case.placement.distance_mm is not None:
        return screening

    def holds(there: Exposure) -> bool:
        setting = Setting.of(protocol, case.device, there, screening.cautions)
        if not setting.fitting_minutes:
            return False
        minutes = np.array([setting.start_minutes or setting.fitting_minutes[0]])
        total = minutes * setting.points * positions_of(case)
        return all(bound.passed[0] for bound in heat_bounds(case, there, minutes, total))

    own_mm = exposure.distance_mm
    farther_mm = None if holds(exposure) else nearest_distance_mm(case, own_mm, holds)
    if farther_mm is None:
        return screening
    moved = screen(replace(case, placement=replace(case.placement, distance_mm=farther_mm)))
    return with_reasons(moved, [computed("distance_chosen", own=own_mm, distance=farther_mm)])


def other_settings(
    screening: Screening, exposure: Exposure, protocol: Protocol, first: SiteLight, seed: int
) -> tuple[SettingOption, ...]:
    """What would be chosen with the lamp used otherwise, at the first place, of the light that is computed already.

    The least effective dose stands first. Angles are those of the planned
    distance: beside a plan made there, from 100 to 1000 mm, medians lie within 3 %.
    """
    found = []
    for offer in _offers(screening.case, exposure):
        try:
            there = expose(offer.case, offer.distance_mm)
        except FieldUnknown:
            continue
        if {part.wavelength_nm for part in there.beam.components} <= {field.wavelength_nm for field in first.fields}:
            found.append(_option(screening, offer, there, protocol, first, seed))
    return tuple(sorted(found, key=functools.partial(_least_effective_first, _best_chance(found))))


def _best_chance(options: list[SettingOption]) -> float:
    return max((option.session.chance_in_window or 0.0 for option in options if not option.breaks), default=0.0)


def _least_effective_first(best_chance: float, option: SettingOption) -> tuple[bool, bool, float]:
    """By the rule of the minutes: what breaks nothing, then what comes near the best chance, then the least dose."""
    enough = (option.session.chance_in_window or 0.0) >= best_chance - MIN_CHANCE_GAIN
    return bool(option.breaks), not enough, option.session.fluence_j_cm2.median


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    """One way of using the lamp: the case with it, and the mode where that is another."""

    case: Case
    distance_mm: float
    mode: str | None = None


def _offers(case: Case, exposure: Exposure) -> Iterator[_Offer]:
    own_mm, lamp = exposure.distance_mm, case.device
    # Of several lamps each has a distance of its own, and none is moved alone.
    if case.lamps:
        return
    held_on_skin = lamp.kind in ("pad", "wrap", "laser") or lamp.contact or own_mm == 0.0
    for factor in () if held_on_skin else (_NEARER, _AWAY):
        distance_mm = float(np.clip(round(own_mm * factor / 10.0) * 10.0, _LEAST_MM, _MOST_MM))
        if distance_mm != own_mm:
            yield _Offer(case=case, distance_mm=distance_mm)
    if not lamp.whole_emitters:
        for mode in lamp.modes:
            yield _Offer(case=replace(case, device=in_mode(lamp, mode.name)), distance_mm=own_mm, mode=mode.name)
    together = replace(case.placement, places_at_once=case.placement.places_at_once + 1)
    if lights_places_together(lamp) and not is_point_lamp(lamp) and positions_of(case) > 1:
        yield _Offer(case=replace(case, placement=together), distance_mm=own_mm)


def _option(
    screening: Screening, offer: _Offer, there: Exposure, protocol: Protocol, first: SiteLight, seed: int
) -> SettingOption:
    case, structure = offer.case, first.choice.target or ""
    target = Target(
        rates=_rates(case.device, there.beam, first, structure, seed),
        window=first.windows[structure],
        depth_mm=first.tissues.depth_of(structure),
        positions=positions_of(case),
    )
    setting = Setting.of(protocol, case.device, there, screening.cautions)
    candidates = Candidates.listed(setting, target, functools.partial(heat_bounds, case, there))
    session = candidates.shown(candidates.chosen())
    lamp_breaks = {
        "skin_irradiance_limit": there.skin_limit_ratio > 1.0,
        "lamp_not_eye_safe": case.course.supervision == "self" and not there.eye_safe,
    }
    return SettingOption(
        distance_mm=there.distance_mm,
        lamp_mode=offer.mode,
        places_at_once=case.placement.places_at_once,
        irradiance_mw_cm2=there.irradiance_mw_cm2,
        session=session,
        breaks=(*session.breaks, *(rule for rule, broken in lamp_breaks.items() if broken)),
    )


def _rates(lamp: Lamp, lit: Beam, first: SiteLight, structure: str, seed: int) -> Floats:
    """(tissue, output) fluence rate at one structure under the lamp used otherwise [mW/cm2]."""
    placements = draw_placements("point" if is_point_lamp(lamp) else "area", first.tissues.count, seed)
    rings, place = quick_rings(lamp, lit, placements), first.rates.place_of(structure)
    stated = np.zeros(first.tissues.count)
    for field in first.fields:
        if field.wavelength_nm in rings:
            met = rings[field.wavelength_nm][placements.of_tissue]
            stated += np.einsum("tr,tr->t", met, field.fluence_rate[:, :, place])
    return np.multiply.outer(stated, first.rates.output)
