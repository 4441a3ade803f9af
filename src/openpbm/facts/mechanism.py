"""What light is said to do in tissue: nodes, arrows with their grade, and priors of cells, vessels and weeks."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Le, MinLen

from openpbm.facts.table import Table, has_table, read_columns, read_list, read_toml

__all__ = [
    "GRADE_WORDS",
    "Arrow",
    "CalibratedForm",
    "Calibration",
    "Finding",
    "Grade",
    "MechanismNode",
    "Prior",
    "arrows",
    "calibration",
    "course_posterior",
    "course_priors",
    "form_weights",
    "nodes",
    "session_priors",
]

Grade = Literal["A", "B", "C", "D", "E"]
GRADE_WORDS: dict[Grade, str] = {
    "A": "established",
    "B": "seen in people, in few or mixed studies",
    "C": "seen in cells or animals only",
    "D": "contested",
    "E": "no evidence",
}
Text = Annotated[str, MinLen(1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MechanismNode:
    """Something that light is said to change; `plain` names it for people, `source` is who speaks of it."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    name: Text
    plain: Text
    measured_by: Annotated[tuple[str, ...], MinLen(1)]
    source: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One study or consideration for an arrow or against it."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    side: Literal["for", "against"]
    text: Text
    source: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """One step that light is said to take.

    origin, target : nodes
    sign : 1 where more of the one is said to give more of the other, -1 less
    grade : A people agree, B people mixed, C animals or cells, D contested, E none
    weight : prior probability that it exists at these doses [0-1]
    model : where an equation stands for it
    brief : whether the brief says it so, the other way round, without ground, or not at all
    plain, plain_known, plain_test : for people, what is said, what is known of it, what would show it
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    origin: str
    target: str
    sign: Literal[-1, 1]
    grade: Grade
    weight: Annotated[float, Ge(0.0), Le(1.0)]
    model: Literal["session", "course", "none"]
    brief: Literal["said", "reversed", "unsupported", "unsaid"]
    claim: Text
    plain: Text
    plain_known: Text
    plain_test: Text
    measured_by: Annotated[tuple[str, ...], MinLen(1)]
    evidence: Annotated[tuple[Finding, ...], MinLen(1)]

    def findings(self, side: Literal["for", "against"]) -> tuple[Finding, ...]:
        """What speaks for it, or against it."""
        return tuple(finding for finding in self.evidence if finding.side == side)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is assumed of one parameter.

    lognormal: `median`, `spread` of the logarithm; normal: mean in `median`, `spread`; constant: `median`;
    uniform and loguniform: from `low` to `high`. With `compartments` it holds there, without everywhere else.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    name: str
    kind: Literal["lognormal", "normal", "loguniform", "uniform", "constant"]
    unit: Text
    source: Text
    why: str = ""
    median: float | None = None
    spread: float | None = None
    low: float | None = None
    high: float | None = None
    compartments: tuple[str, ...] = ()
    verified: bool = False

    def __post_init__(self) -> None:
        needed = {"constant": ("median",), "lognormal": ("median", "spread"), "normal": ("median", "spread")}
        for name in needed.get(self.kind, ("low", "high")):
            if getattr(self, name) is None:
                raise ValueError(f"{self.name}: a {self.kind} prior needs {name}")


nodes: Table[MechanismNode] = Table("mechanism node", lambda: read_list("mechanism/nodes.toml", "nodes", MechanismNode))
arrows: Table[Arrow] = Table("arrow", lambda: read_list("mechanism/arrows.toml", "arrows", Arrow))


@functools.cache
def session_priors(compartment: str) -> Mapping[str, Prior]:
    """What is assumed of one session in a compartment, by parameter. Asked for parameter by parameter, so read once."""
    rows = read_list("mechanism/session_priors.toml", "priors", Prior)
    everywhere = {row.name: row for row in rows if not row.compartments}
    return MappingProxyType(everywhere | {row.name: row for row in rows if compartment in row.compartments})


@functools.cache
def course_priors() -> Mapping[str, Prior]:
    """What is assumed of a course of weeks, by parameter."""
    rows = read_list("mechanism/course_priors.toml", "priors", Prior)
    return MappingProxyType({row.name: row for row in rows})


@dataclass(frozen=True, slots=True, kw_only=True)
class FormWeight:
    """How much a form of dose is believed."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    form: str
    weight: Annotated[float, Ge(0.0), Le(1.0)]
    says: Text
    source: Text
    verified: bool = False


def form_weights(*, calibrated: bool = True) -> dict[str, float]:
    """Weight of each form of dose, M0 among them; together 1. `calibrated` False: before any data."""
    if calibrated and has_table("mechanism/calibration.toml"):
        return {row.form: row.weight for row in calibration().forms}
    rows = read_list("mechanism/form_weights.toml", "forms", FormWeight)
    return {row.form: row.weight for row in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibratedForm:
    """What the calibration says of one form of dose.

    weight : shipped; stacked : by prediction of sets left out alone, without the equipoise before data
    left_out : log predictive density of each set when it was left out, by id
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    form: str
    weight: Annotated[float, Ge(0.0), Le(1.0)]
    stacked: Annotated[float, Ge(0.0), Le(1.0)]
    left_out: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How the posterior of courses was made; `inputs` is the SHA-256 of what it was made from."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    version: int
    inputs: Text
    seed: int
    sets: tuple[str, ...]
    worst_r_hat: float
    divergences: int
    forms: tuple[CalibratedForm, ...]


@functools.cache
def calibration() -> Calibration:
    """The calibration that ships."""
    return read_toml("mechanism/calibration.toml", Calibration)


@functools.cache
def course_posterior() -> Mapping[str, Mapping[str, tuple[float, ...]]]:
    """Draws of calibrated parameters of a course, by parameter and form of dose; empty where nothing was calibrated."""
    if not has_table("mechanism/course_posterior.csv"):
        return {}
    columns = read_columns("mechanism/course_posterior.csv")
    forms = columns["form"]
    return {
        name: {
            form: tuple(float(cell) for cell, at in zip(cells, forms, strict=True) if at == form)
            for form in dict.fromkeys(forms)
        }
        for name, cells in columns.items()
        if name != "form"
    }
