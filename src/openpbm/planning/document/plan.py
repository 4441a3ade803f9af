"""The plan: everything a course of light rests on, complete enough to be made again, and the writer of its file.

Every plan is one of two shapes: `AllowedPlan` has a prescription and a schedule, `RefusedPlan` has neither. Both carry
dose, skin, eye and curves whenever they can be computed: they explain the verdict, and are no leave to treat.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Annotated, Any, ClassVar, Final, Literal

from annotated_types import Ge, Gt

from openpbm.errors import BadInput, Problem
from openpbm.facts.conditions import Protocol
from openpbm.facts.lamps import Emitters
from openpbm.planning.document.case_part import (
    CourseTerms,
    Evidence,
    PlannedLamp,
    PlannedOutcome,
    TreatedCondition,
    TreatedPerson,
    TreatedSite,
)
from openpbm.planning.document.choice import Choice
from openpbm.planning.document.dose import Curve, DoseRow, DoseVolume, Range, WindowDraws
from openpbm.planning.document.exposure import EyeSafety, IrradianceMap, Placement, SkinExposure
from openpbm.planning.document.section import SECTION
from openpbm.planning.document.treatment import Schedule, SkinPrescription
from openpbm.reason import Reason
from openpbm.safety import ChecklistItem, Verdict, WorkupLine

__all__ = [
    "FORMAT",
    "NO_OVERRIDES",
    "AllowedPlan",
    "Plan",
    "PlanOverrides",
    "Provenance",
    "RefusedPlan",
    "as_json",
    "number_problem",
]

FORMAT: Final = 2
# A whole day, once a day, for a year: clock and calendar hold no more. The protocol says what is too much.
LONGEST_MINUTES = 1440
MOST_SESSIONS_PER_WEEK = 7
MOST_WEEKS = 52
Positive = Annotated[float, Gt(0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOverrides:
    """Values chosen by hand; None leaves one to the plan. An override is refused or planned, never changed.

    minutes : light at one place in one session, over all its points [min]
    Raises BadInput for what no calendar or clock can hold; what is too much for a person is a reason of the plan.

    >>> PlanOverrides(minutes=20).or_none()
    PlanOverrides(minutes=20.0, sessions_per_week=None, weeks=None)
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    minutes: float | None = None
    sessions_per_week: int | None = None
    weeks: int | None = None

    def __post_init__(self) -> None:
        given = (
            ("minutes", self.minutes, LONGEST_MINUTES, False),
            ("sessions_per_week", self.sessions_per_week, MOST_SESSIONS_PER_WEEK, True),
            ("weeks", self.weeks, MOST_WEEKS, True),
        )
        problems = [
            problem
            for name, value, most, whole in given
            if value is not None and (problem := number_problem(f"overrides.{name}", value, most, whole=whole))
        ]
        # A value already refused is left alone: round() of a text would raise instead of saying what is wrong.
        if not problems and self.minutes is not None:
            problems = _finer_than_a_timer(self.minutes)
        if problems:
            raise BadInput(problems)
        # Written as a plan that is read back writes it, so that both give the same bytes.
        if self.minutes is not None:
            object.__setattr__(self, "minutes", float(self.minutes))

    def or_none(self) -> PlanOverrides | None:
        """None when nothing was chosen: a plan then says null in one place, not in three."""
        return None if self == NO_OVERRIDES else self


def number_problem(name: str, value: object, most: float, *, whole: bool = False) -> Problem | None:
    """What is wrong with a number that must be above 0 and at most `most`; None when it can be."""
    kind = int if whole else int | float
    # True is an int in Python and would be planned as one minute.
    if isinstance(value, bool) or not isinstance(value, kind):
        wanted = "whole number" if whole else "number"
        return Problem(key=name, value=value, message=f"must be a {wanted}", remedy="correct the value")
    if math.isfinite(value) and 0 < value <= most:
        return None
    least = "at least 1" if whole else "more than 0"
    return Problem(key=name, value=value, message=f"must be {least} and at most {most:g}", remedy="correct the value")


def _finer_than_a_timer(minutes: float) -> list[Problem]:
    """A session is timed and printed in hundredths; finer minutes would be rounded behind somebody's back."""
    written = round(minutes, 2)
    if written == minutes:
        return []
    remedy = f"write {max(0.01, written):g}"
    return [Problem(key="overrides.minutes", value=minutes, message="at most two decimals", remedy=remedy)]


NO_OVERRIDES = PlanOverrides()


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What the plan was made with. No clock and no path: the same case, version and seed give the same plan."""

    __pydantic_config__: ClassVar = SECTION

    openpbm: str
    """Version."""
    python: str
    """Version."""
    numpy: str
    """Version."""
    facts_digest: str
    """sha256 of the tables of facts."""
    transport_digest: str
    """sha256 of the transport sources."""
    overrides: PlanOverrides | None
    seed: Annotated[int, Ge(0)]
    scenarios: Annotated[int, Ge(0)]
    """Tissues drawn."""
    light_error: float
    """Largest relative error of the light in the tissues that its solver estimates [-]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan, whatever its verdict."""

    __pydantic_config__: ClassVar = SECTION

    format: Literal[2]
    """Number of this format."""
    verdict: Verdict
    reasons: tuple[Reason, ...]
    """All of them, worst level first."""
    cautions: tuple[Reason, ...]
    """They do not stop a plan; read them."""
    candidacy: tuple[ChecklistItem, ...]
    overrides: PlanOverrides | None
    """Values chosen by hand, each null where the plan chose; null when none was."""
    evidence: Evidence
    prescription: SkinPrescription | None
    protocol: Protocol | None
    """The protocol that is followed, whatever the verdict; null where none is held for the condition."""
    dose: tuple[DoseRow, ...]
    """For each site the target first, and of each structure all light together first."""
    skin: SkinExposure | None
    eye: EyeSafety | None
    placement: Placement
    session_minutes: Positive | None
    """Light at one place in one session, over all its points [min]; null without a protocol."""
    exposure_minutes: Positive | None
    """Light on one spot of skin; every fluence is computed with it [min]."""
    schedule: Schedule | None
    condition: TreatedCondition
    sites: tuple[TreatedSite, ...]
    lamp: PlannedLamp
    person: TreatedPerson
    course: CourseTerms
    curves: tuple[Curve, ...]
    """One for each site."""
    window_draws: tuple[WindowDraws, ...]
    """What each chance is counted from, one for each structure with a window."""
    irradiance_map: IrradianceMap | None
    unverified: tuple[str, ...]
    """What the plan rests on that nobody has verified, in words."""
    notice: str
    """What every reader is told."""
    provenance: Provenance | None
    """Null for a plan that was not made by this program."""
    outcomes: tuple[PlannedOutcome, ...] = ()
    """What may decide at a checkpoint, in order; empty in a plan of before it was kept."""
    choice: Choice | None = None
    """Why these minutes, at the first place; null without a dose, and in a plan of before it was kept."""
    dose_volume: tuple[DoseVolume, ...] = ()
    """One for each site that is lit as an area; empty without a dose, and in a plan of before it was kept."""
    workup: tuple[WorkupLine, ...] = ()
    """What was looked for before light and what is due; empty in a plan of before it was kept."""

    @property
    def windows(self) -> dict[tuple[str, str, str], Range]:
        """Lowest and highest fluence of the trials at each structure [J/cm2], derived; a refusal knows its targets'."""
        known = {curve.place: curve.window_j_cm2 for curve in self.curves if curve.window_j_cm2 is not None}
        stated = () if self.prescription is None else self.prescription.window
        return known | {window.place: window.fluence_j_cm2 for window in stated}

    def share_as_in_trials(self, row: DoseRow) -> float | None:
        """The share of draws inside the window, as people read it: beside a refusal it would speak for the light."""
        return row.chance_in_window if self.verdict == "allowed" else None

    def to_json_dict(self) -> dict[str, Any]:
        """The plan as JSON: the content of plan.json."""
        content: dict[str, Any] = as_json(self)
        return content

    def to_json(self) -> str:
        """The text of plan.json; a number that is not finite is a bug and raises ValueError."""
        return json.dumps(as_json(self), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedPlan(Plan):
    """A plan that a course may follow: it has a prescription and dated sessions."""

    __pydantic_config__: ClassVar = SECTION

    verdict: Literal["allowed"]
    prescription: SkinPrescription
    schedule: Schedule
    session_minutes: Positive
    """Light at one place in one session, over all its points [min]."""
    exposure_minutes: Positive
    """Light on one spot of skin; every fluence is computed with it [min]."""

    def __post_init__(self) -> None:
        # The same minutes stand in three sections; a file changed by hand in one of them must not load.
        if not self.session_minutes == self.schedule.minutes_per_session == self.prescription.minutes:
            raise ValueError("session_minutes, schedule and prescription name different minutes")
        # Weeks count from the start: an earlier session would stand in week 0 or before.
        if self.start_date > self.schedule.sessions[0].date:
            raise ValueError(f"course.start_date lies after the first session on {self.schedule.sessions[0].date}")

    @property
    def start_date(self) -> dt.date:
        """The day the course begins."""
        return self.course.start_date or self.schedule.sessions[0].date

    @property
    def checkpoint_days(self) -> dict[int, dt.date]:
        """The day of each checkpoint, by its week."""
        return {checkpoint.week: checkpoint.date for checkpoint in self.schedule.checkpoints}

    def outline(self) -> str:
        """The plan without its large tables, as text for `load_outline`: what lists of many people read."""
        small = replace(self, dose=(), curves=(), window_draws=(), irradiance_map=None, choice=None, dose_volume=())
        return json.dumps(as_json(small), separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedPlan(Plan):
    """A plan that no course may follow, and why: no prescription, no minutes on paper, no dates."""

    __pydantic_config__: ClassVar = SECTION

    verdict: Literal["refer", "refused", "needs_clinician", "ask"]
    prescription: None
    schedule: None


def as_json(noun: Any) -> Any:
    """A noun of the plan as JSON knows it: objects, lists, text, numbers.

    >>> as_json((dt.date(2026, 12, 1), dt.time(19, 40)))
    ['2026-12-01', '19:40']
    """
    if isinstance(noun, Reason):
        return noun.to_dict()
    if is_dataclass(noun):
        content = {field.name: as_json(getattr(noun, field.name)) for field in fields(noun)}
        # Most of their keys apply to one kind of lamp: null would read as "not known" where it is "does not apply".
        return _without_null(content) if isinstance(noun, Emitters) else content
    if isinstance(noun, tuple | list):
        return [as_json(item) for item in noun]
    if isinstance(noun, dt.date):
        return noun.isoformat()
    if isinstance(noun, dt.time):
        return noun.strftime("%H:%M")
    return noun


def _without_null(content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if value is not None}
