"""Whom and what the plan is for: the parts of the case a reader of the plan needs, and what the evidence says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Gt, Le

from openpbm.facts.conditions import Origin, Programme
from openpbm.facts.lamps import Emitters, Lamp, LampKind, LaserClass, OutputStatus
from openpbm.person import Sex
from openpbm.planning.document.dose import NotNegative, Range, Side
from openpbm.planning.document.section import SECTION

__all__ = [
    "AdvisedDose",
    "CourseTerms",
    "Evidence",
    "PlannedLamp",
    "PlannedOutcome",
    "SearchSummary",
    "TreatedCondition",
    "TreatedPerson",
    "TreatedSite",
    "TrialSummary",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialSummary:
    """One trial of light in this condition, as reported."""

    __pydantic_config__: ClassVar = SECTION

    id: str
    design: str
    wavelength_nm: str
    """As reported, in words [nm]."""
    result: str
    null: bool
    """No difference from control on the main outcome."""
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSummary:
    """One search that found no trial."""

    __pydantic_config__: ClassVar = SECTION

    string: str
    corpus: str
    date: dt.date
    text: str
    """The same in a sentence, with what came nearest."""
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvisedDose:
    """A dose at the skin that somebody advises; no plan picks one of them silently."""

    __pydantic_config__: ClassVar = SECTION

    origin: Origin
    fluence_j_cm2: Range
    """At the skin in one session [J/cm2]."""
    text: str
    """The same in a sentence, with whom it was written for."""
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known about light in this condition, the trials that found nothing included."""

    __pydantic_config__: ClassVar = SECTION

    grade: str
    """Certainty in two or three words."""
    statement: str
    no_trial: bool
    """No trial of light was found for this condition."""
    trials: tuple[TrialSummary, ...]
    searches: tuple[SearchSummary, ...] = ()
    """Where no trial was found: what was searched for, in what, and when."""
    advised: tuple[AdvisedDose, ...] = ()
    """What common advice and the one guideline that counts J/cm2 give in a session; they disagree, and both stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatedCondition:
    """The diagnosis, and who confirmed it."""

    __pydantic_config__: ClassVar = SECTION

    id: str
    programme: Programme
    name: str
    plain_name: str
    confirmed_by: str | None
    """In words; "self" is the person; null: nobody said."""
    primary_outcomes: tuple[str, ...] = ()
    """What decides at a checkpoint: ids of scales in order, the first with enough data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOutcome:
    """One outcome that may decide at a checkpoint; the first of them with enough data does."""

    __pydantic_config__: ClassVar = SECTION

    scale: str
    """Id of a scale, or of a part of one after a dot (openpbm scales)."""
    name: str
    """In plain words."""
    cadence: str
    """When it is asked, in words."""
    asked_in_weeks: tuple[int, ...]
    """The same as weeks of the course, negative before it; empty: every day."""
    decides_from_week: Annotated[int, Ge(4)] | None
    """First week whose checkpoint may rest a verdict on it when it is asked so; null: none may."""
    decides_on: dt.date | None
    """The first checkpoint of this plan that may; null where none is late enough, and in a plan without dates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatedSite:
    """One body site."""

    __pydantic_config__: ClassVar = SECTION

    site: str
    side: Side
    target: str | None
    """The structure that the light is meant for."""
    plain_name: str
    positioning: str
    """How to lie and where the lamp goes, in words."""
    width_mm: NotNegative
    """Width of the area that is treated [mm]."""
    height_mm: NotNegative
    """Height of the area that is treated [mm]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLamp:
    """The lamp, complete enough to compute its light again."""

    __pydantic_config__: ClassVar = SECTION

    id: str
    name: str
    kind: LampKind
    heads: Annotated[int, Ge(1)]
    """Identical applicators that can lie on different places at the same time."""
    output_status: OutputStatus
    """`claimed` by its maker, or `measured`."""
    wavelengths_nm: tuple[float, ...]
    """Ascending [nm]."""
    contact: bool
    """It lies on the skin."""
    laser_class: LaserClass | None
    """As on the label; null for LEDs and where the label is not known."""
    emitters: tuple[Emitters, ...]
    """One for each wavelength, with the keys that are known (docs/case-file.md); empty where nothing is."""
    whole_emitters: tuple[Emitters, ...] = ()
    """Of a lamp in one of its modes all it can emit, by which its class and eyes are judged; empty for a whole one."""
    auto_off_minutes: Annotated[float, Gt(0)] | None = None
    """After so long it switches itself off [min]; null where it does not, or nobody knows."""

    def lamp(self) -> Lamp:
        """The lamp as the device package computes with it."""
        return Lamp(
            id=self.id,
            name=self.name,
            kind=self.kind,
            heads=self.heads,
            output_status=self.output_status,
            contact=self.contact,
            laser_class=self.laser_class,
            emitters=self.emitters,
            whole_emitters=self.whole_emitters,
            auto_off_minutes=self.auto_off_minutes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatedPerson:
    """What a reader of the plan needs to know about the person."""

    __pydantic_config__: ClassVar = SECTION

    age_years: Annotated[float, Ge(0)] | None
    sex: Sex | None
    skin_type: Annotated[int, Ge(1), Le(6)] | None
    """Fitzpatrick, 1 to 6."""

    @property
    def known(self) -> bool:
        """Whether anything is known about the person."""
        return self != TreatedPerson(age_years=None, sex=None, skin_type=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseTerms:
    """When the course starts, and whether a clinician stands beside it."""

    __pydantic_config__: ClassVar = SECTION

    start_date: dt.date | None
    """Day of the first session; an allowed plan has one."""
    supervision: Literal["self", "clinician"]
