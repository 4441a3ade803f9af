"""The lamps of the catalogue for one case: each screened and planned as that case's lamp, the best first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from openpbm.case import Case, Placement, Release
from openpbm.device import lights_places_together
from openpbm.facts.lamps import Lamp
from openpbm.planning.document import Choice, Plan
from openpbm.planning.make_plan import make_plan
from openpbm.planning.other_distance import quick_rings
from openpbm.planning.override_reasons import no_dose_reason
from openpbm.planning.prescription import Setting, prescribe
from openpbm.planning.site_light import Computing, Quality, SharedLight
from openpbm.safety import Screening, Verdict, screen, with_reasons

__all__ = ["RankedLamp", "rank_lamps"]

# Enough to tell lamps apart: a chance moves by a few hundredths, and every lamp meets the same people.
_RANK_QUALITY = Quality(scenarios=64)
_BEST_FIRST: tuple[Verdict, ...] = ("allowed", "ask", "needs_clinician", "refused", "refer")


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedLamp:
    """One lamp for a case. It is no plan, and no leave to treat.

    chance_in_window : None unless the lamp is allowed, beside which alone it may be read
    minutes, total_minutes : at one place, and over all places; likewise [min]
    binds : rules of the limits that decide the minutes; likewise
    reasons : rule and words of what speaks against the lamp or the case; of a lamp that is refused before any light is
        computed, not also what that light would say
    """

    id: str
    name: str
    verdict: Verdict
    chance_in_window: float | None = None
    distance_mm: float | None
    minutes: float | None = None
    total_minutes: float | None = None
    binds: tuple[str, ...] = ()
    reasons: tuple[tuple[str, str], ...]


def rank_lamps(
    case: Case,
    lamps: Iterable[Lamp],
    *,
    seed: int = 1,
    quality: Quality = _RANK_QUALITY,
    threads: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[RankedLamp, ...]:
    """Every lamp at its own distance, the allowed first, then the higher chance, then the shorter session.

    progress : called with (done, total) lamps
    The same seed draws the same tissues for each, so that two lamps differ by themselves and not by luck.
    """
    listed, found, shared = list(lamps), [], SharedLight(quick_rings)
    for done, lamp in enumerate(listed):
        progress(done, len(listed))
        computing = Computing(seed=seed, quality=quality, threads=threads, shared=shared)
        found.append(_ranked(case, lamp, computing))
    progress(len(listed), len(listed))
    return tuple(sorted(found, key=_merit))


def _merit(lamp: RankedLamp) -> tuple[int, float, float]:
    chance = -1.0 if lamp.chance_in_window is None else lamp.chance_in_window
    return _BEST_FIRST.index(lamp.verdict), -chance, lamp.total_minutes or 0.0


def _ranked(case: Case, lamp: Lamp, computing: Computing) -> RankedLamp:
    at_once = case.placement.places_at_once if lights_places_together(lamp) else 1
    # Distance, mode and what a clinician released were meant for the lamp of the case.
    alone = replace(case, lamps=(), lit_apart=())
    with_lamp = replace(alone, device=lamp, placement=Placement(places_at_once=at_once), release=Release())
    screening = _without_light(screen(with_lamp))
    if screening.verdict in ("refused", "refer"):
        distance_mm = None if screening.exposure is None else screening.exposure.distance_mm
        return _described(lamp, screening, distance_mm, None)
    plan = make_plan(
        screening,
        seed=computing.seed,
        quality=computing.quality,
        threads=computing.threads,
        shared=computing.shared,
    )
    return _described(lamp, plan, plan.placement.distance_mm, plan.choice)


def _without_light(screening: Screening) -> Screening:
    """What no light has to be computed for: a lamp of which no session fits the protocol is refused at once."""
    case, exposure = screening.case, screening.exposure
    prescription = prescribe(case.condition.condition(), case.device, case.protocol)
    if exposure is None or prescription is None:
        return screening
    setting = Setting.of(prescription.protocol, case.device, exposure)
    if setting.fitting_minutes:
        return screening
    return with_reasons(screening, [no_dose_reason(case, exposure, setting)])


def _described(lamp: Lamp, judged: Screening | Plan, distance_mm: float | None, choice: Choice | None) -> RankedLamp:
    """choice : None where no light was computed"""
    listed = RankedLamp(
        id=lamp.id,
        name=lamp.name,
        verdict=judged.verdict,
        distance_mm=distance_mm,
        reasons=tuple((reason.rule, reason.text) for reason in judged.reasons),
    )
    # Minutes and shares beside a lamp that is not allowed would read as an offer.
    if choice is None or judged.verdict != "allowed":
        return listed
    return replace(
        listed,
        chance_in_window=choice.chosen.chance_in_window,
        minutes=choice.chosen.session_minutes,
        total_minutes=choice.chosen.total_minutes,
        binds=tuple(bound.rule for bound in choice.binds),
    )
