"""Who is treated: what was answered, and what was not. None means unknown, never "no"."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Le

__all__ = ["Answer", "Labs", "Person", "Sex", "TriedEffect", "TriedTreatment", "WhyStopped", "WorkupResult"]

Answer = bool | Literal["unknown"]
Sex = Literal["female", "male", "other"]
TriedEffect = Literal["much", "some", "none", "worse", "unknown"]
WhyStopped = Literal[
    "no_effect", "wore_off", "adverse_effect", "augmentation", "dependence", "cost", "finished", "own_wish", "other"
]
_NOT_ENOUGH = ("no_effect", "wore_off", "adverse_effect", "augmentation", "dependence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labs:
    """Iron laboratory values and the day they were drawn: `date` for both, unless a test has a day of its own."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    ferritin_ug_l: Annotated[float, Ge(0), Le(20000)] | None = None
    transferrin_saturation_percent: Annotated[float, Ge(0), Le(100)] | None = None
    date: dt.date | None = None
    ferritin_date: dt.date | None = None
    transferrin_saturation_date: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedTreatment:
    """One treatment that was tried before light (facts/data/outcomes/treatments.toml), as the person remembers it.

    name, dose : as they were called and taken
    still_taken : None is not said
    stopped_because : None is not said, or it was not stopped
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    treatment: str
    name: str = ""
    dose: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    still_taken: bool | None = None
    effect: TriedEffect = "unknown"
    stopped_because: WhyStopped | None = None
    adverse_effects: str = ""

    @property
    def fell_short(self) -> bool:
        """Whether it did not help enough, or could not be borne."""
        return self.effect in ("none", "worse") or self.stopped_because in _NOT_ENOUGH


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkupResult:
    """One test that was done before light, or was said not to be (facts/data/outcomes/workup.toml).

    result : in `unit`, one of its units; None where only `finding` is known, or nothing but that it was done
    date : the day it was done; without it the test counts as due
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    test: str
    done: bool = True
    result: float | None = None
    unit: str = ""
    finding: Literal["normal", "abnormal"] | None = None
    date: dt.date | None = None

    @property
    def words(self) -> str:
        """What was found.

        >>> WorkupResult(test="hba1c", result=48.0, unit="mmol/mol").words
        '48 mmol/mol'
        """
        if self.result is None:
            return self.finding or "done, result not said"
        return f"{self.result:g} {self.unit}".removesuffix(" 1").rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person. `medications` None is unknown, () is none; `findings` maps screening codes to answers.

    treatments : what was tried before; None is unknown, () is nothing
    workup : tests that were done, or were said not to be; a test that is not named is not known

    bedtime : when the person usually goes to bed, since nobody is woken for light
    skin_type : Fitzpatrick's, 1 (palest) to 6 (darkest)

    >>> Person(sex="female", height_cm=166, weight_kg=68, skin_type=2).skin_type
    2
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    # These bounds catch slips and wrong units, such as a height in metres; they judge nobody.
    age_years: Annotated[float, Ge(0), Le(120)] | None = None
    sex: Sex | None = None
    height_cm: Annotated[float, Ge(50), Le(250)] | None = None
    weight_kg: Annotated[float, Ge(2), Le(400)] | None = None
    skin_type: Annotated[int, Ge(1), Le(6)] | None = None
    pregnant: Answer | None = None
    medications: tuple[str, ...] | None = None
    treatments: tuple[TriedTreatment, ...] | None = None
    workup: tuple[WorkupResult, ...] = ()
    findings: dict[str, Answer] = field(default_factory=dict)
    labs: Labs | None = None
    bedtime: dt.time | None = None
