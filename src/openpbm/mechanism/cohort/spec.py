"""What a cohort is: the light at the target, the regimens to compare, the arrows that are set, the scale."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Gt, Le, MaxLen, MinLen

from openpbm.errors import BadInput, Problem
from openpbm.facts.mechanism import arrows as known_arrows
from openpbm.facts.scales import Scale, outcome_scale
from openpbm.files import read_toml, suggest, unsupported_values, validate

__all__ = ["CohortRegimen", "CohortSpec", "CohortTarget", "LightAtTarget", "read_cohort_spec"]

_DESCRIBED = "docs/mechanism.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class LightAtTarget:
    """Light of one wavelength where it is to act: fluence rate in the middle person, and how the tissue absorbs it."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    wavelength_nm: Annotated[float, Ge(600.0), Le(1000.0)]
    fluence_rate_mw_cm2: Annotated[float, Ge(0.0), Le(1000.0)]
    absorption_per_cm: Annotated[float, Gt(0.0), Le(50.0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortTarget:
    """The compartment and its light, in numbers.

    spread : standard deviation of the logarithm of the fluence rate between people, alike for all wavelengths
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    compartment: Literal["skin", "muscle", "nerve"]
    light: Annotated[tuple[LightAtTarget, ...], MinLen(1), MaxLen(8)]
    spread: Annotated[float, Ge(0.0), Le(3.0)] = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortRegimen:
    """Sessions of the same length, evenly through every week."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    name: Annotated[str, MinLen(1), MaxLen(60)]
    minutes: Annotated[float, Gt(0.0), Le(240.0)]
    sessions_per_week: Annotated[int, Ge(1), Le(14)]
    weeks: Annotated[int, Ge(1), Le(52)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortSpec:
    """Everything that a cohort depends on but its number of people.

    target, case : one of them: the light in numbers, or the path of a case file whose light it is
    arrows       : those that are on or off in everybody; the others exist in each person by their weight
    start        : score before light [points]; None, six tenths of the scale
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    regimens: Annotated[tuple[CohortRegimen, ...], MinLen(1), MaxLen(12)]
    target: CohortTarget | None = None
    case: Annotated[str, MinLen(1)] | None = None
    arrows: dict[str, Literal["on", "off"]] = field(default_factory=dict)
    scale: str = "irls"
    start: float | None = None
    seed: Annotated[int, Ge(0), Le(2**31 - 1)] = 1

    @property
    def forced(self) -> dict[str, bool]:
        """Arrows that are set, as `Switches` takes them."""
        return {id: state == "on" for id, state in self.arrows.items()}


def read_cohort_spec(path: Path) -> CohortSpec:
    """Read and check a specification in TOML; BadInput with every problem. A case's path counts from its folder."""
    content = read_toml(path, remedy=f"see {_DESCRIBED}", unreadable="give the path of a cohort's file in TOML")
    problems = unsupported_values(content)
    spec = None
    if not problems:
        sections = {"": CohortSpec, "target": CohortTarget, "light": LightAtTarget, "regimens": CohortRegimen}
        spec, problems = validate(content, CohortSpec, sections, _DESCRIBED)
    if spec is not None:
        problems = _contradictions(spec)
        if not problems:
            return spec
    raise BadInput(problem.within(path.name) for problem in problems)


def _contradictions(spec: CohortSpec) -> list[Problem]:
    problems = []
    if (spec.target is None) == (spec.case is None):
        remedy = "give the light in a section [target], or case with the path of a case file"
        problems.append(Problem(key="target", message="one of target and case is needed", remedy=remedy))
    names = [regimen.name for regimen in spec.regimens]
    problems += [
        Problem("regimens.name", name, "stands twice", "give each regimen a name of its own")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    problems += [
        Problem("arrows", id, "unknown", suggest(id, known_arrows.ids)) for id in spec.arrows if id not in known_arrows
    ]
    try:
        problems += _scale_problems(outcome_scale(spec.scale), spec.start)
    except BadInput as error:
        problems += error.problems
    return problems


def _scale_problems(scale: Scale, start: float | None) -> list[Problem]:
    if not scale.maximum or scale.minimum != 0.0 or scale.direction != "lower":
        return [Problem("scale", scale.id, "has no course from 0 to a worst score", "choose another, as irls or nrs")]
    if start is not None and not 0.0 < start < scale.maximum:
        return [Problem("start", start, f"must lie between 0 and {scale.maximum:g}, the ends left out", "correct it")]
    return []
