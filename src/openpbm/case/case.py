"""A case: who, what, where, with which lamp."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Gt, Le, Len, MaxLen

from openpbm.facts.conditions import Condition, Protocol, conditions, programme_condition
from openpbm.facts.lamps import Lamp
from openpbm.facts.rules import PREGNANT, Implication, implied_by, rules
from openpbm.facts.sites import sites
from openpbm.person import Answer, Person

__all__ = [
    "Case",
    "Complaint",
    "Confirm",
    "Course",
    "LitPlaces",
    "PlacedLamp",
    "Placement",
    "Release",
    "SiteChoice",
    "Weekday",
]

Offset = Annotated[float, Ge(-1000), Le(1000)]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Programme = Literal["rls", "neuropathic_pain", "neuropathy", "muscle_spasm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What is treated: a diagnosis, or a programme when the diagnosis is not named.

    sensations : what it feels like and where, as `openpbm.facts.felt` reads it; a red flag among them is a yes to it
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    diagnosis: str | None = None
    programme: Programme | None = None
    confirmed_by: str | None = None
    usual_onset: dt.time | None = None
    sensations: str | None = None

    def condition(self) -> Condition:
        """The catalogue's entry for this complaint."""
        if self.diagnosis is not None:
            return conditions[self.diagnosis]
        assert self.programme is not None
        return programme_condition(self.programme)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteChoice:
    """One body site to treat, its side, and the structure the light is meant for.

    fat_mm : one layer of fat under the skin there, by ultrasound [mm]
    skinfold_mm : a fold of skin and fat between the jaws of a calliper [mm]
    target_depth_mm : of the structure under the skin's surface, by ultrasound [mm]
    limb_circumference_cm : of the limb there, with a tape [cm]
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    site: str
    side: Literal["left", "right", "both"]
    target: str | None = None
    fat_mm: Annotated[float, Gt(0), Le(150)] | None = None
    skinfold_mm: Annotated[float, Gt(0), Le(200)] | None = None
    target_depth_mm: Annotated[float, Gt(0), Le(200)] | None = None
    limb_circumference_cm: Annotated[float, Ge(3), Le(120)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """How far the lamp stands from the skin; None lets the lamp's own distance count.

    mode : the mode of the lamp that is used, by its name; None is the whole lamp at its full output
    places_at_once : places that one head of the lamp lights at the same time, as a panel does both legs
    tilt_deg : between the lamp's axis and the skin's normal, toward the side of a positive offset across
    offset_mm : where the axis meets the skin, across and along from the middle of the place
    scanned_area_cm2 : skin over which a laser's spot is moved without a stop; None where it stands
    sites : of several lamps the places that this one lights; all of them when empty
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    distance_mm: Annotated[float, Ge(0), Le(5000)] | None = None
    mode: str | None = None
    places_at_once: Annotated[int, Ge(1), Le(16)] = 1
    tilt_deg: Annotated[float, Ge(-75), Le(75)] = 0.0
    offset_mm: tuple[Offset, Offset] = (0.0, 0.0)
    scanned_area_cm2: Annotated[float, Gt(0), Le(2000)] | None = None
    sites: tuple[str, ...] = ()

    @property
    def faces_middle(self) -> bool:
        """Whether the lamp's axis is the skin's normal through the middle of the place."""
        return self.tilt_deg == 0.0 and self.offset_mm == (0.0, 0.0)

    @property
    def is_plain(self) -> bool:
        """Whether the lamp faces the middle of the place and stays there."""
        return self.faces_middle and self.scanned_area_cm2 is None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLamp:
    """One of several lamps in one session, and where it stands."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    device: Lamp
    placement: Placement = Placement()


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """When the course starts and whether a clinician stands beside it.

    weekdays : on which the person can, () for any · session_time : by the clock at home, None before the usual onset
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    # A course outside this span is a slip of the pen, and dates near the calendar's ends cannot be computed with.
    start_date: Annotated[dt.date, Ge(dt.date(2000, 1, 1)), Le(dt.date(2199, 12, 31))] | None = None
    supervision: Literal["self", "clinician"] = "self"
    weekdays: Annotated[tuple[Weekday, ...], MaxLen(7)] = ()
    session_time: dt.time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Relative rules a named clinician has released for this person."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    rules: tuple[str, ...] = ()
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """Values that lie outside their plausible span and are right all the same, each by its name.

    by : the clinician who says so, for output and distance, and who stands beside the course; age, size, dates and
        laboratory values need none
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    values: tuple[str, ...] = ()
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LitPlaces:
    """Places that the same of several lamps light, those lamps as one, and where that stands."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    sites: tuple[SiteChoice, ...]
    device: Lamp
    placement: Placement


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything that is asked of a plan.

    protocol : the writer's own, in place of those of the condition
    lamps : of a session with several; `device` is then all of them as one, at the distance of the first place's
    lit_apart : written by openpbm where different lamps light different places
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    person: Person
    condition: Complaint
    sites: Annotated[tuple[SiteChoice, ...], Len(1, 8)]
    device: Lamp
    placement: Placement = Placement()
    course: Course = Course()
    release: Release = Release()
    confirm: Confirm = Confirm()
    protocol: Protocol | None = None
    lamps: Annotated[tuple[PlacedLamp, ...], MaxLen(6)] = ()
    lit_apart: tuple[LitPlaces, ...] = field(default=(), metadata={"written_by_us": True})

    def parts(self) -> tuple[Case, ...]:
        """The case once for each group of places that the same lamps light; all of them are lit at the same time."""
        if not self.lit_apart:
            return (self,)
        return tuple(
            replace(self, sites=part.sites, device=part.device, placement=part.placement, lamps=(), lit_apart=())
            for part in self.lit_apart
        )

    def implications(self) -> tuple[Implication, ...]:
        """What the diagnosis and the answers say about other findings."""
        return implied_by(self.condition.diagnosis, self.condition.programme, self.person.findings)

    def answer(self, finding: str) -> Answer | None:
        """What was answered to that code, `pregnant` among them; None when nobody answered."""
        return self.person.pregnant if finding == PREGNANT else self.person.findings.get(finding)

    def target_of(self, choice: SiteChoice) -> str:
        """The structure meant at a place: the one named, else that of the complaint, else the first of the place."""
        here = [target.id for target in sites[choice.site].targets]
        of_complaint = (target for target in self.condition.condition().targets if target in here)
        return choice.target or next(of_complaint, here[0])

    def refers(self) -> bool:
        """Whether somebody else must see the person first, whatever other place and lamp are named."""
        signs = (rule for rule in rules if rule.level in ("red_flag", "refer_before") and rule.when.finding)
        return (
            self.condition.condition().specialist_only
            or self.at_specialist_site
            or any(self.person.findings.get(str(rule.when.finding)) is True for rule in signs)
        )

    @property
    def at_specialist_site(self) -> bool:
        """Whether a place is named where no plan is made."""
        return any(choice.site in sites and sites[choice.site].specialist_only for choice in self.sites)
