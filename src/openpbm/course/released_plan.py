"""What a course needs of its plan: the dates, the minutes, the places and the lamp, read from plan.json."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["PlannedSession", "Programme", "ReleasedPlan"]

Programme = Literal["rls", "neuropathic_pain", "neuropathy", "muscle_spasm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSession:
    """One session of the schedule. `placements` as (site, side): one entry per position of the lamp."""

    number: int
    date: dt.date
    start_time: dt.time | None
    week: int
    placements: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedPlan:
    """A plan whose verdict is `allowed`.

    minutes : at each position of the lamp [min]
    distance_mm : lamp to skin [mm]
    irradiance_mw_cm2, irradiance_upper_mw_cm2 : at the skin, planned and as safety reckons [mW/cm2]
    fluence_j_cm2 : (lower, planned, upper) at the skin in one session, as the lamp's output is trusted [J/cm2]
    output_status : claimed, measured, ... as in the lamp's row
    checkpoints : (week, date)
    programme : None where the plan does not say; condition is "" then
    document : the whole of plan.json
    """

    start_date: dt.date
    weeks: int
    sessions_per_week: float
    sessions: tuple[PlannedSession, ...]
    checkpoints: tuple[tuple[int, dt.date], ...]
    minutes: float
    distance_mm: float | None
    irradiance_mw_cm2: float | None
    irradiance_upper_mw_cm2: float | None
    fluence_j_cm2: tuple[float, float, float] | None
    output_status: str
    programme: Programme | None
    condition: str
    document: Mapping[str, Any]
