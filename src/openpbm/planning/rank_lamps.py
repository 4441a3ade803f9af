"""The lamps of the catalogue for one case: each screened and planned as that case's lamp, the best first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from openpbm.case import Case, Placement, Release
from openpbm.device import lights_places_together
from openpbm.facts.lamps import Lamp
from openpbm.planning.make_plan import make_plan
from openpbm.planning.site_light import Quality
from openpbm.safety import Verdict, screen

__all__ = ["RankedLamp", "rank_lamps"]

# Enough to tell lamps apart: a chance moves by a few hundredths, and every lamp meets the same people.
_RANK_QUALITY = Quality(scenarios=96)
_BEST_FIRST: tuple[Verdict, ...] = ("allowed", "ask", "needs_clinician", "refused", "refer")


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedLamp:
    """One lamp for a case. It is no plan, and no leave to treat.

    chance_in_window : None unless the lamp is allowed, beside which alone it may be read
    minutes, total_minutes : at one place, and over all places; None without a session [min]
    binds : rules of the limits that decide the minutes
    reasons : rule and words of everything that speaks against the lamp or the case
    """

    id: str
    name: str
    verdict: Verdict
    chance_in_window: float | None
    distance_mm: float | None
    minutes: float | None
    total_minutes: float | None
    binds: tuple[str, ...]
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
    listed, found = list(lamps), []
    for done, lamp in enumerate(listed):
        progress(done, len(listed))
        found.append(_ranked(case, lamp, seed, quality, threads))
    progress(len(listed), len(listed))
    return tuple(sorted(found, key=_merit))


def _merit(lamp: RankedLamp) -> tuple[int, float, float]:
    chance = -1.0 if lamp.chance_in_window is None else lamp.chance_in_window
    return _BEST_FIRST.index(lamp.verdict), -chance, lamp.total_minutes or 0.0


def _ranked(case: Case, lamp: Lamp, seed: int, quality: Quality, threads: int | None) -> RankedLamp:
    at_once = case.placement.places_at_once if lights_places_together(lamp) else 1
    # Distance, mode and what a clinician released were meant for the lamp of the case.
    with_lamp = replace(case, device=lamp, placement=Placement(places_at_once=at_once), release=Release())
    plan = make_plan(screen(with_lamp), seed=seed, quality=quality, threads=threads)
    chosen = None if plan.choice is None else plan.choice.chosen
    shown = chosen is not None and plan.verdict == "allowed"
    return RankedLamp(
        id=lamp.id,
        name=lamp.name,
        verdict=plan.verdict,
        chance_in_window=chosen.chance_in_window if chosen is not None and shown else None,
        distance_mm=plan.placement.distance_mm,
        minutes=None if chosen is None else chosen.session_minutes,
        total_minutes=None if chosen is None else chosen.total_minutes,
        binds=() if plan.choice is None else tuple(bound.rule for bound in plan.choice.binds),
        reasons=tuple((reason.rule, reason.text) for reason in plan.reasons),
    )
