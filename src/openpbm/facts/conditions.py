"""Conditions: what is treated, what the evidence says, and the protocols of the brief and of the trials, kept apart."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Le, MinLen

from openpbm.errors import BadInput, Problem
from openpbm.facts.studies import studies_of
from openpbm.facts.table import Table, read_toml, rows_of_files, rows_of_toml

__all__ = [
    "CandidacyItem",
    "Condition",
    "Criterion",
    "IronRules",
    "Mode",
    "Origin",
    "Programme",
    "Protocol",
    "Threshold",
    "conditions",
    "iron_rules",
    "primary_outcomes",
    "primary_scales",
    "programme_condition",
    "rls_criteria",
]

Programme = Literal["rls", "neuropathic_pain", "neuropathy", "muscle_spasm"]
Origin = Literal["brief", "trial", "guideline", "own"]
Mode = Literal["area", "point", "contact", "whole_body"]
Incidence = Literal["normal", "diffuse"]
Range = tuple[Annotated[float, Ge(0)], Annotated[float, Ge(0)]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """One way of giving light, as its source gives it. Every pair is (lowest, highest); None is "not reported".

    mode : the kind of lamp: lights a place from a distance, point by point, lies on the skin, lights the whole body
    fluence_j_cm2 : at the skin, in one session, but for point mode [J/cm2]
    energy_per_point_j, points, spacing_mm : energy at each point, number of points, from one to the next, point mode
        [J], [-], [mm]
    incidence : how a trial's light fell on the skin: straight in, as a laser's, or from all sides, as a pad's
    minutes : a whole session at one site; in point mode the sum over points [min]
    trials : ids of the trials this protocol was read from
    origin : the brief, a trial, a guideline, or the writer of a case
    carried_over : written for another complaint: it can be followed, and no window at depth is derived from it
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    origin: Origin
    mode: Mode
    wavelength_nm: tuple[Annotated[float, Ge(600), Le(1000)], Annotated[float, Ge(600), Le(1000)]]
    # Optional, since trials often report only one of irradiance, fluence and energy.
    irradiance_mw_cm2: Range | None = None
    fluence_j_cm2: Range | None = None
    energy_per_point_j: Range | None = None
    points: tuple[Annotated[int, Ge(1)], Annotated[int, Ge(1)]] | None = None
    spacing_mm: Range | None = None
    incidence: Incidence = "normal"
    minutes: Range
    sessions_per_week: Range
    weeks: Range
    trials: tuple[str, ...] = ()
    carried_over: bool = False
    source: Annotated[str, MinLen(1)]
    verified: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        pairs = {
            "wavelength_nm": self.wavelength_nm,
            "irradiance_mw_cm2": self.irradiance_mw_cm2,
            "fluence_j_cm2": self.fluence_j_cm2,
            "energy_per_point_j": self.energy_per_point_j,
            "points": self.points,
            "spacing_mm": self.spacing_mm,
            "minutes": self.minutes,
            "sessions_per_week": self.sessions_per_week,
            "weeks": self.weeks,
        }
        upside_down = [name for name, pair in pairs.items() if pair is not None and pair[0] > pair[1]]
        if upside_down:
            raise ValueError(f"{self.id}: lowest above highest in {', '.join(upside_down)}")
        # Without one of the two no minutes can be had from this protocol, and it would be listed for nothing.
        if self.mode != "point" and self.fluence_j_cm2 is None and self.irradiance_mw_cm2 is None:
            raise ValueError(
                f"{self.id}: {self.mode} mode needs fluence_j_cm2, or irradiance_mw_cm2 to compute it from minutes"
            )
        if self.mode == "point" and (self.energy_per_point_j is None or self.points is None):
            raise ValueError(f"{self.id}: point mode needs energy_per_point_j and points")


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidacyItem:
    """One line of the visible candidacy checklist; `finding` is the screening code that answers it, if one does."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    text: Annotated[str, MinLen(1)]
    finding: str | None = None
    message: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One diagnosis under a programme.

    advice : what to bear in mind beside the evidence, which `openpbm.evidence.evidence_statement` makes of the trials
    source, further_sources : what its protocols and its advice lean on most, and what else was read
    specialist_only : no plan is made here; a specialist decides (central pains, trigeminal neuralgia)
    usual_sites : site ids where it is treated; empty for "anywhere"
    targets : structures it is about: a case that names none means the first of them at its place, if there is one
    default_of_programme : stands in when a case names only the programme
    primary_outcomes : ids of scales in the order in which they decide at a checkpoint: the first with enough data
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    programme: Programme
    name: Annotated[str, MinLen(1)]
    plain_name: Annotated[str, MinLen(1)]
    advice: str = ""
    specialist_only: bool = False
    default_of_programme: bool = False
    usual_sites: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    protocols: tuple[Protocol, ...] = ()
    candidacy: tuple[CandidacyItem, ...] = ()
    source: Annotated[str, MinLen(1)]
    further_sources: tuple[str, ...] = ()
    verified: bool = False
    icd10: str = ""
    primary_outcomes: Annotated[tuple[str, ...], MinLen(1)]

    @property
    def no_trial(self) -> bool:
        """No study of light was found for it."""
        return not studies_of(self.id)

    @property
    def in_sentence(self) -> str:
        """The plain name inside a sentence, where it begins small."""
        return self.plain_name[:1].lower() + self.plain_name[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One diagnostic criterion, in our own words."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    text: Annotated[str, MinLen(1)]
    finding: str | None = None
    source: Annotated[str, MinLen(1)]
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One number with its source."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    value: Annotated[float, Ge(0)]
    source: Annotated[str, MinLen(1)]
    verified: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IronRules:
    """Iron thresholds in restless legs.

    ferritin_low_ug_l, ferritin_intermediate_ug_l : at or below: low; between: only intravenous iron is advised [ug/L]
    tsat_low_percent, tsat_no_iron_percent : below: low; at or above: do not give iron [%]
    stale_after_days : older values count as unknown [d]
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    ferritin_low_ug_l: Threshold
    ferritin_intermediate_ug_l: Threshold
    tsat_low_percent: Threshold
    tsat_no_iron_percent: Threshold
    stale_after_days: Threshold
    ferritin_low_child_ug_l: Threshold


conditions: Table[Condition] = Table("diagnosis", rows_of_files("conditions", Condition))


def programme_condition(programme: Programme) -> Condition:
    """The entry that stands in when a case names a programme and no diagnosis.

    >>> programme_condition("rls").id
    'rls_primary'
    """
    for row in conditions:
        if row.programme == programme and row.default_of_programme:
            return row
    raise BadInput(
        Problem(
            key="programme",
            message=f"{programme!r} is not known",
            remedy="known: rls, neuropathic_pain, neuropathy, muscle_spasm",
        )
    )


def primary_outcomes(condition_id: str) -> tuple[str, ...]:
    """Ids of the scales that decide for a diagnosis, the first with enough data before the others.

    >>> primary_outcomes("nocturnal_cramps")[0]
    'cramp_diary'
    """
    return conditions[condition_id].primary_outcomes


def primary_scales(programme: Programme | str) -> tuple[str, ...]:
    """The scales that decide for the usual diagnosis of a programme: nobody is asked what a rarer cause did to them.

    >>> "cipn20" in primary_scales("neuropathy")
    False
    """
    rows = (row for row in conditions if row.programme == programme and row.default_of_programme)
    return tuple(dict.fromkeys(id for row in rows for id in row.primary_outcomes))


# The five of restless legs; all are needed.
rls_criteria: Table[Criterion] = Table("criterion", rows_of_toml("safety/rls_criteria.toml", "criteria", Criterion))


@functools.cache
def iron_rules() -> IronRules:
    """Iron thresholds in restless legs, each with its source."""
    return read_toml("safety/iron.toml", IronRules)
