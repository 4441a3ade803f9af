"""Row classes of the evidence table: a study, its arms, their light, what came of it, its risk of bias.

Only what a text prints stands in a row: a blank is "not printed, or not read". What follows by arithmetic is computed
from the rows when it is asked for (`openpbm.evidence.table`), so that no figure stands in two places.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Gt, Le, MinLen

__all__ = [
    "Arm",
    "Bias",
    "Dose",
    "Kind",
    "Measure",
    "Outcome",
    "OutcomeName",
    "ReadIn",
    "Role",
    "Study",
]

Kind = Literal["randomised", "crossover", "controlled", "uncontrolled", "reanalysis", "review"]
ReadIn = Literal[
    "abstract", "abstract, cut", "full text", "patient data", "registry", "review", "news of the paper", "title",
    "guideline", "not read",
]  # fmt: skip
Role = Literal["light", "sham", "drug", "other treatment", "nothing"]
Measure = Literal[
    "mean", "change", "median", "difference", "difference of changes", "adjusted difference", "smd", "risk ratio",
    "responders", "words",
]  # fmt: skip
Count = Annotated[int, Ge(0)] | None
Positive = Annotated[float, Gt(0)] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One study, or a review of some.

    condition : id of a condition, or `low_back_pain` or `background`, for which no plan is made
    kind : uncontrolled studies, second looks at the same people and reviews are kept and never pooled with the others
    n_randomised, n_analysed : people in all, where arms are not printed apart; those who entered where no lots were
        drawn, and of a review those of the trials that it took in, where its text says no more
    result : in a sentence, as printed
    null : no difference from control on the main or named outcome
    stratum : "high power" is pooled apart
    excluded : why it is never pooled, beyond what its kind says; empty where nothing speaks against it
    people_also_in : another study's id that counts the same people
    retraction : what was seen; `retraction_read` the day somebody looked
    source, read_in, verified : id of a reference, or the citation itself in a row that somebody added; the kind of
        text in which this row was read
    printed_conflict : what the text prints and cannot be so, kept as printed: `rule: words`, parted by " | "
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: Annotated[str, MinLen(1)]
    condition: Annotated[str, MinLen(1)]
    kind: Kind
    design: Annotated[str, MinLen(1)]
    n_randomised: Count = None
    n_analysed: Count = None
    result: Annotated[str, MinLen(1)]
    null: bool = False
    stratum: Literal["", "high power"] = ""
    excluded: str = ""
    people_also_in: str = ""
    registration: str = ""
    funding: str = ""
    language: str = ""
    retraction: Literal["", "none in the text read", "retracted", "none in a register"] = ""
    retraction_read: dt.date | None = None
    source: Annotated[str, MinLen(1)]
    read_in: ReadIn
    verified: bool = False
    printed_conflict: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """People who were given the same. `unit`: what was counted; `people`: how many persons these units belong to."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    study: Annotated[str, MinLen(1)]
    arm: Annotated[str, MinLen(1)]
    role: Role
    given: str = ""
    n_randomised: Count = None
    n_analysed: Count = None
    unit: Literal["people", "hands", "feet", "limbs"] = "people"
    people: Count = None
    read_in: ReadIn
    verified: bool = False
    printed_conflict: str = ""

    @property
    def id(self) -> str:
        """Study and arm."""
        return f"{self.study}.{self.arm}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """The light of one arm, as printed.

    wavelength_nm : as printed, several joined by " + "; wavelength_note says what the text has beside it
    power_mw : of one point or pad; power_is: "mean", or "unclear" where a pulsed one may be that while it is on
    irradiance_mw_cm2, irradiance_how : and how it was known
    area_cm2, diameter_cm : of the spot
    seconds : at one point or place
    points : points or places in a session
    energy_j, fluence_j_cm2 : at one point; those that begin with session or course: in all
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    study: Annotated[str, MinLen(1)]
    arm: Annotated[str, MinLen(1)]
    device: str = ""
    wavelength_nm: str = ""
    wavelength_note: str = ""
    power_mw: Positive = None
    power_is: Literal["", "mean", "unclear"] = ""
    peak_power_w: Positive = None
    pulse_width_ns: Positive = None
    frequency_hz: Positive = None
    duty_percent: Annotated[float, Gt(0), Le(100)] | None = None
    irradiance_mw_cm2: Positive = None
    irradiance_how: Literal["", "measured", "claimed", "not said"] = ""
    area_cm2: Positive = None
    diameter_cm: Positive = None
    seconds: Positive = None
    points: Annotated[int, Gt(0)] | None = None
    energy_j: Annotated[float, Ge(0)] | None = None
    fluence_j_cm2: Annotated[float, Ge(0)] | None = None
    session_energy_j: Annotated[float, Ge(0)] | None = None
    session_fluence_j_cm2: Annotated[float, Ge(0)] | None = None
    course_energy_j: Annotated[float, Ge(0)] | None = None
    session_minutes: Positive = None
    sessions: Annotated[int, Gt(0)] | None = None
    sessions_per_week: Positive = None
    weeks: Positive = None
    contact: Literal["", "contact", "no contact"] = ""
    as_printed: str = ""
    read_in: ReadIn
    verified: bool = False
    printed_conflict: str = ""

    @property
    def id(self) -> str:
        """Study and arm."""
        return f"{self.study}.{self.arm}"

    @property
    def wavelengths_nm(self) -> tuple[float, ...]:
        """The wavelengths as numbers [nm]; empty where none is printed."""
        return tuple(float(number) for number in re.findall(r"\d+(?:\.\d+)?", self.wavelength_nm))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One figure of one arm, or of one arm against another (`versus`), as printed.

    outcome : id of a scale of ours, or of facts/data/evidence/outcome_names.csv
    weeks : from the start of treatment; `time` in words
    measure : what `value` is; "responders" has events and n; "words": the text prints no number but a p or a verdict
    ci_low, ci_high : 95 percent
    p : as printed: "0.07", "<0.001", ">0.05"
    favours : what the text says of the arms: "within" prints no test between them
    computed : columns that were computed from printed ones, parted by blanks
    place : where in the text it stands
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    study: Annotated[str, MinLen(1)]
    arm: Annotated[str, MinLen(1)]
    versus: str = ""
    outcome: Annotated[str, MinLen(1)]
    weeks: Annotated[float, Ge(0)] | None = None
    time: str = ""
    measure: Measure
    value: float | None = None
    sd: Annotated[float, Ge(0)] | None = None
    se: Annotated[float, Ge(0)] | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    n: Count = None
    events: Count = None
    unit: str = ""
    p: str = ""
    favours: Literal["", "light", "control", "neither", "within"] = ""
    computed: str = ""
    place: Annotated[str, MinLen(1)]
    read_in: ReadIn
    verified: bool = False
    printed_conflict: str = ""
    note: str = ""

    @property
    def id(self) -> str:
        """Study, arms, outcome and time."""
        arms = f"{self.arm}-{self.versus}" if self.versus else self.arm
        when = "" if self.weeks is None else f"@{self.weeks:g}"
        return f"{self.study}.{arms}.{self.outcome}{when or f'@{self.time}'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeName:
    """An outcome that is no scale of ours. `low`, `high`: the ends of its range in `unit`, where it has any."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: Annotated[str, MinLen(1)]
    name: Annotated[str, MinLen(1)]
    unit: str = ""
    low: float | None = None
    high: float | None = None
    better: Literal["lower", "higher", "neither"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bias:
    """One domain of RoB 2 (Cochrane's tool for randomised trials), judged from what was read, with what led there.

    domain : randomisation, deviations from what was meant, missing outcomes, measurement, selective reporting; and what
        the tool's extensions ask of crossover trials and of hands or feet counted as people
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    study: Annotated[str, MinLen(1)]
    domain: Literal["randomisation", "deviations", "missing", "measurement", "reporting", "carry-over", "units"]
    judgement: Literal["low", "some concerns", "high", "no information"]
    why: Annotated[str, MinLen(1)]
    read_in: ReadIn

    @property
    def id(self) -> str:
        """Study and domain."""
        return f"{self.study}.{self.domain}"
