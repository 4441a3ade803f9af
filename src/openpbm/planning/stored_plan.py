"""The parts of a plan.json that can be reckoned with again, checked, since many hands may have had it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any, Literal

import numpy as np
from annotated_types import Ge, Gt, MinLen

from openpbm.errors import BadInput, quote
from openpbm.facts.conditions import Protocol
from openpbm.facts.lamps import Emitters, Lamp
from openpbm.files import unsupported_values, validate
from openpbm.planning.overrides import NO_OVERRIDES, PlanOverrides
from openpbm.planning.schedule import course_length
from openpbm.planning.session_length import CONSERVATIVE_START_RULES, SessionLength
from openpbm.planning.window import Window

__all__ = ["Band", "Curve", "DoseRow", "StoredPlan", "WindowDraws", "stored_plan"]

NotNegative = Annotated[float, Ge(0)]
Positive = Annotated[float, Gt(0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """p5, median and p95."""

    p5: NotNegative
    median: NotNegative
    p95: NotNegative

    def times(self, factor: float) -> dict[str, float]:
        """Each of the three times a factor, as JSON."""
        return {"p5": self.p5 * factor, "median": self.median * factor, "p95": self.p95 * factor}


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseRow:
    """One row of `dose`."""

    site: str
    side: str
    structure: str
    depth_mm: float
    wavelength_nm: float | None
    fluence_rate_mw_cm2: Band
    chance_in_window: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Fluence at one depth."""

    depth_mm: float
    fluence_j_cm2: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveOfWavelength:
    """One line of a curve; None is all wavelengths together."""

    wavelength_nm: float | None
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One entry of `curves`: one site, with its asked target."""

    site: str
    side: str
    target: str
    target_depth_mm: Band
    window_j_cm2: tuple[float, float] | None
    wavelengths: tuple[CurveOfWavelength, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowDraws:
    """One entry of `window_draws`: what a chance is counted from."""

    site: str
    side: str
    structure: str
    fluence_rate_mw_cm2: Annotated[tuple[Annotated[tuple[NotNegative, ...], MinLen(1)], ...], MinLen(1)]
    window_low_j_cm2: tuple[NotNegative, ...]
    window_high_j_cm2: tuple[NotNegative, ...]

    def __post_init__(self) -> None:
        if len({len(row) for row in self.fluence_rate_mw_cm2}) != 1:
            raise ValueError("rows of fluence_rate_mw_cm2 differ in length")
        if not len(self.fluence_rate_mw_cm2) == len(self.window_low_j_cm2) == len(self.window_high_j_cm2):
            raise ValueError("fluence rates and windows are not of as many tissues")

    def window(self) -> Window:
        """The window in every draw of the optical tables."""
        low, high = np.array(self.window_low_j_cm2), np.array(self.window_high_j_cm2)
        return Window(low_j_cm2=low, high_j_cm2=high, protocols=(), basis="")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Skin:
    irradiance_mw_cm2: NotNegative
    irradiance_upper_mw_cm2: NotNegative
    limit_ratio: NotNegative


@dataclass(frozen=True, slots=True, kw_only=True)
class _Eye:
    seconds_without_eyewear: NotNegative
    limiting_hazard: str
    distance_mm: float
    irradiance_upper_w_m2: NotNegative
    eye_safe_unsupervised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placement:
    distance_mm: NotNegative


@dataclass(frozen=True, slots=True, kw_only=True)
class _Caution:
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Schedule:
    sessions_per_week: Positive
    weeks: Annotated[int, Ge(1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPlan:
    """A plan read back. `protocol`, `lamp` and `window_draws` are None or empty where an older plan holds none."""

    format: Literal["openpbm-plan-1"]
    session_minutes: Positive
    exposure_minutes: Positive
    placement: _Placement
    skin: _Skin
    eye: _Eye
    dose: tuple[DoseRow, ...]
    curves: tuple[Curve, ...]
    cautions: tuple[_Caution, ...] = ()
    protocol: Protocol | None = None
    lamp: Lamp | None = None
    window_draws: tuple[WindowDraws, ...] = ()
    schedule: _Schedule | None = None
    overrides: PlanOverrides | None = None

    @property
    def conservative_start(self) -> bool:
        """Whether the course begins at its low end."""
        return any(caution.rule in CONSERVATIVE_START_RULES for caution in self.cautions)

    def length(self, session_minutes: float | None) -> SessionLength:
        """The stored session, or one of other minutes over as many points."""
        points = max(1, round(self.session_minutes / self.exposure_minutes))
        each = self.exposure_minutes if session_minutes is None else session_minutes / points
        return SessionLength(exposure_minutes=each, points=points)

    def course(self, per_week: float | None, weeks: int | None) -> tuple[float, int] | None:
        """Sessions a week and weeks: given here, else scheduled, else what the protocol would have."""
        if per_week is not None and weeks is not None:
            return per_week, weeks
        if self.schedule is not None:
            return per_week or self.schedule.sessions_per_week, weeks or self.schedule.weeks
        if self.protocol is not None:
            usual_per_week, usual_weeks = course_length(self.protocol, self.overrides or NO_OVERRIDES)
            return per_week or usual_per_week, weeks or usual_weeks
        return None


_SECTIONS: dict[str, type[Any]] = {"": StoredPlan, "protocol": Protocol, "lamp": Lamp, "emitters": Emitters}


def stored_plan(document: Mapping[str, Any]) -> StoredPlan:
    """Read back what `make_plan(...).to_dict()` wrote, also after a round trip through JSON.

    Raises BadInput where there is no session to reckon with, or the content is not that of a plan.json.
    """
    if not isinstance(document, Mapping):
        raise BadInput(f"plan.json: holds {quote(document)}, not an object with keys; give the content of a plan.json")
    raw = {field.name: document[field.name] for field in fields(StoredPlan) if field.name in document}
    if "session_minutes" in raw and raw["session_minutes"] is None:
        raise BadInput(
            "plan.json: session_minutes = null: this plan has no session, because no protocol is held for the condition"
            " or the lamp's output at that distance is not known; plan another lamp, distance or condition"
        )
    raw["lamp"] = _whole_lamp(raw.get("lamp"))
    faults = unsupported_values(raw)
    if not faults:
        found, faults = validate(raw, StoredPlan, _SECTIONS, "docs/plan.md")
        if found is not None:
            return found
    raise BadInput(f"plan.json: {fault}" for fault in dict.fromkeys(faults))


def _whole_lamp(lamp: object) -> object:
    """The lamp without what is told for readers; None where its emitters were not yet written down."""
    if not isinstance(lamp, Mapping):
        return lamp
    return {key: lamp[key] for key in lamp if key != "wavelengths_nm"} if "emitters" in lamp else None
