"""What a plan gives at other minutes, output, sessions or weeks: its own sections, with limits beside them."""

from __future__ import annotations

from dataclasses import dataclass

from openpbm.planning.document import Band, Curve, DoseRow, EyeSafety, SkinExposure
from openpbm.reason import Reason

__all__ = ["CourseDose", "CourseLight", "LimitedEye", "LimitedSkin", "RescaledPlan", "TargetReach"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetReach:
    """Whether the dose reaches one target surely enough."""

    site: str
    side: str
    structure: str
    chance_in_window: float | None
    limits: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitedSkin(SkinExposure):
    """Light on the skin, with what it is held against."""

    limits: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitedEye(EyeSafety):
    """Light at the eye, with what the session is held against."""

    limits: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDose:
    """Dose of all sessions together at one structure [J/cm2]."""

    site: str
    side: str
    structure: str
    fluence_j_cm2: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseLight:
    """All sessions together: plain sums, which are no claim that doses add up in tissue."""

    sessions_per_week: float
    weeks: int
    sessions: float
    light_minutes: float
    skin_fluence_j_cm2: float
    dose: tuple[CourseDose, ...]
    limits: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RescaledPlan:
    """The numbers of a plan at other values. It is no plan: nothing is screened again, and there is no verdict.

    minutes : light at one place in one session [min]
    exposure_minutes : light on one spot [min]
    output_factor : the lamp's output over the one it was planned with [-]
    not_computed : what the plan holds too little for, in words with the remedy
    """

    minutes: float
    exposure_minutes: float
    output_factor: float
    dose: tuple[DoseRow, ...]
    targets: tuple[TargetReach, ...]
    curves: tuple[Curve, ...]
    skin: LimitedSkin
    eye: LimitedEye
    course: CourseLight
    not_computed: tuple[str, ...]
