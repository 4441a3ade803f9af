"""What the mechanism is calibrated on and judged by: studies with their light, their numbers and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Gt, Le, MinLen

from openpbm.errors import FactsError
from openpbm.facts.table import Table, read_list, rows_of_toml

__all__ = ["DataPoint", "DataSet", "NullRegimen", "OrderCheck", "data_sets", "null_regimens"]

Text = Annotated[str, MinLen(1)]
Positive = Annotated[float, Gt(0.0)]
Days = Annotated[float, Ge(0.0)]
Arm = Literal["active", "sham", "difference"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedLight:
    """Light as printed; None where nothing is printed.

    irradiance_mw_cm2 : at the skin, or at the dish
    minutes : of one session
    sessions, per_week : of a course; a single session is 1 and 0
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    wavelength_nm: Annotated[tuple[float, ...], MinLen(1)]
    irradiance_mw_cm2: Positive | None = None
    minutes: Positive
    sessions: Annotated[int, Ge(1)] = 1
    per_week: Annotated[int, Ge(0), Le(7)] = 0
    site: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumedTarget:
    """Light where it is to act, which no study reports: a lognormal guess.

    mw_cm2 : median fluence rate
    log_spread : standard deviation of its logarithm
    absorption_per_cm : of the tissue there, by which light warms it; 0 where temperature is held
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    mw_cm2: Positive
    log_spread: Positive
    absorption_per_cm: Annotated[float, Ge(0.0)] = 0.0
    why: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPoint:
    """One printed number.

    at : minutes from the start of a session, or days from the first session of a course
    quantity : observable or state of a session; "score" of a course, in points
    value : printed value; with relation "above" only that it was exceeded is printed
    spread, people : between people, and how many; or `error`, of the mean itself
    part : a part of what another point counts already: shown, and not fitted
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    arm: Arm
    at: Days
    quantity: Text
    value: float
    relation: Literal["equals", "above"] = "equals"
    spread: Positive | None = None
    people: Annotated[int, Ge(1)] | None = None
    error: Positive | None = None
    part: bool = False

    @property
    def standard_error(self) -> float:
        """Of the mean; 0 where only a bound is printed."""
        if self.error is not None:
            return self.error
        if self.spread is None or self.people is None:
            return 0.0
        return float(self.spread / self.people**0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCheck:
    """What is higher than what, by minutes from the start of the light; None is rest.

    lower_arm : whose value is the lower one; the higher is that of the active arm
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    says: Text
    quantity: Text
    higher_min: Days | None = None
    lower_min: Days | None = None
    lower_arm: Literal["active", "sham"] = "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """One study.

    role : calibration (fitted where it is a course), demonstration (shown, never fitted), missing (no numbers yet)
    compartment : skin, muscle, nerve, brain or cells in a dish; of a course the one whose states are followed
    bias, trust : risk of bias, and the power that it leaves of the likelihood
    sham_lamp : whether the sham of a session warmed as the lamp did, or did nothing
    scale, maximum, start : of a course: what is scored, its highest score and the mean of each arm before light
    read_in : where the numbers were read; `verified`: read there word by word
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    name: Text
    kind: Literal["session", "course"]
    role: Literal["calibration", "demonstration", "missing"]
    compartment: Literal["", "skin", "muscle", "nerve", "brain", "cells"] = ""
    source: Text
    read_in: Literal["abstract", "summary"]
    verified: bool
    bias: Literal["low", "some", "high"]
    trust: Annotated[float, Gt(0.0), Le(1.0)]
    people: Annotated[int, Ge(1)] | None = None
    sham_lamp: Literal["nothing", "warmth"] = "nothing"
    scale: str = ""
    maximum: Positive | None = None
    light: ReportedLight
    target: AssumedTarget
    start: Mapping[str, float] = field(default_factory=dict)
    points: tuple[DataPoint, ...] = ()
    orders: tuple[OrderCheck, ...] = ()
    missing: Text
    not_identifiable: str

    def __post_init__(self) -> None:
        if (self.role == "missing") != (not self.points and not self.orders):
            raise FactsError(f"facts/data/mechanism/data_sets.toml: {self.id} has numbers or is missing, not both")

    @property
    def session_days(self) -> tuple[float, ...]:
        """When sessions of a course are, in days from the first, spread over the week."""
        return session_days(self.light.sessions, self.light.per_week)


def session_days(sessions: int, per_week: int) -> tuple[float, ...]:
    """Days of a schedule, as even over the week as whole days are.

    >>> session_days(4, 3)
    (0.0, 2.0, 4.0, 7.0)
    """
    if per_week == 0:
        return (0.0,)
    return tuple(float(7 * (n // per_week) + (n % per_week) * 7 // per_week) for n in range(sessions))


@dataclass(frozen=True, slots=True, kw_only=True)
class NullRegimen:
    """Regimen of a trial without advantage, as far as it is printed; predicted, never fitted.

    trial : row of the trials table
    scale : what the prediction is scored on
    compartment : where the light is to act
    assumed : what of it is not printed
    target_mw_cm2, log_spread : light at the target, assumed
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    trial: str
    scale: Text
    compartment: Literal["skin", "muscle", "nerve"]
    wavelength_nm: Positive
    minutes: Positive
    sessions: Annotated[int, Ge(1)]
    per_week: Annotated[int, Ge(0), Le(7)]
    target_mw_cm2: Positive
    log_spread: Positive
    assumed: Text

    @property
    def session_days(self) -> tuple[float, ...]:
        """When its sessions are, in days from the first."""
        return session_days(self.sessions, self.per_week)


data_sets: Table[DataSet] = Table("data set", rows_of_toml("mechanism/data_sets.toml", "sets", DataSet))


def null_regimens() -> tuple[NullRegimen, ...]:
    """One row for each trial that the table marks as null, reviews left out."""
    return read_list("mechanism/null_regimens.toml", "regimens", NullRegimen)
