"""What to simulate: layers of plain optical numbers, one source, how many photons."""

from __future__ import annotations

import math
import typing
from dataclasses import dataclass, fields
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Gt, Le, Len, Lt

from openpbm.errors import Problem

__all__ = ["Layer", "Scene", "Source", "SourceKind", "check"]

SourceKind = Literal["pencil", "uniform", "lambertian", "isotropic", "tabulated"]

FILE_KINDS = ("pencil", "uniform", "lambertian", "isotropic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One laterally endless layer; `thickness_mm` None reaches down without end (last layer only).

    mu_a_per_mm, mu_s_per_mm : absorption and full (not reduced) scattering [1/mm]
    g : mean cosine of the scattering angle [-]
    n : refractive index [-]

    >>> Layer(name="skin", thickness_mm=2.0, mu_a_per_mm=0.02, mu_s_per_mm=20.0, g=0.9, n=1.4).thickness_mm
    2.0
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    name: str
    thickness_mm: Annotated[float, Gt(0), Le(1e5)] | None
    mu_a_per_mm: Annotated[float, Ge(0), Le(1e5)]
    mu_s_per_mm: Annotated[float, Ge(0), Le(1e5)]
    g: Annotated[float, Gt(-1), Lt(1)]
    n: Annotated[float, Ge(1), Le(5)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the light comes from. Angles are those in the medium above.

    `incidence_deg` belongs to "uniform", `depth_mm` to "isotropic". `cosines` belongs to "tabulated", a lamp's
    incidence cosines as quantiles of equal probability; scene files do not know that kind.

    >>> Source(kind="uniform", incidence_deg=30.0).kind
    'uniform'
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    kind: SourceKind
    incidence_deg: Annotated[float, Ge(0), Lt(90)] = 0.0
    depth_mm: Annotated[float, Ge(0), Le(1e6)] | None = None
    cosines: tuple[Annotated[float, Gt(0), Le(1)], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A whole simulation: the stack from the top down, the source, the number of histories, what to tally.

    n_above, n_below : refractive index of the media around the stack [-]
    seed : draws the photons; the same seed gives the same numbers on any number of threads
    depths_mm, bin_mm : where the fluence rate is wanted, and over which thickness it is averaged [mm]

    >>> fat = Layer(name="fat", thickness_mm=5.0, mu_a_per_mm=0.01, mu_s_per_mm=12.0, g=0.9, n=1.44)
    >>> muscle = Layer(name="muscle", thickness_mm=None, mu_a_per_mm=0.03, mu_s_per_mm=7.0, g=0.93, n=1.37)
    >>> Scene(layers=(fat, muscle), source=Source(kind="uniform"), photons=1000).thickness_mm
    inf
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    layers: Annotated[tuple[Layer, ...], Len(1, 100)]
    source: Source
    photons: Annotated[int, Ge(2), Le(10**10)]
    n_above: Annotated[float, Ge(1), Le(5)] = 1.0
    n_below: Annotated[float, Ge(1), Le(5)] = 1.0
    seed: Annotated[int, Ge(0), Le(2**63 - 1)] = 0
    depths_mm: Annotated[tuple[Annotated[float, Ge(0), Le(1e6)], ...], Len(0, 2000)] = ()
    bin_mm: Annotated[float, Ge(1e-6), Le(1e5)] = 0.1

    @property
    def thickness_mm(self) -> float:
        """Thickness of the whole stack [mm]; infinite when the last layer has no end."""
        return math.fsum(math.inf if layer.thickness_mm is None else layer.thickness_mm for layer in self.layers)


def check(scene: Scene, *, tabulated: bool = False) -> list[Problem]:
    """Every problem of a scene, one line each (key, value, limit, remedy); empty when it can be simulated.

    scene : Scene      as read from a file or built in code
    tabulated : bool   allow the "tabulated" source, which lamps use and scene files may not
    """
    problems = _outside_bounds("", scene) + _outside_bounds("source.", scene.source)
    for index, layer in enumerate(scene.layers):
        problems += _outside_bounds(f"layers[{index}].", layer)
    if problems:  # the rules below compare numbers that must first be sound
        return problems
    return _layer_problems(scene) + _source_problems(scene, tabulated=tabulated) + _depth_problems(scene)


def _layer_problems(scene: Scene) -> list[Problem]:
    problems = []
    last = len(scene.layers) - 1
    for index, layer in enumerate(scene.layers):
        if layer.thickness_mm is not None:
            continue
        if index < last:
            problems.append(
                Problem(
                    key=f"layers[{index}].thickness_mm",
                    message=f"null, but only the last layer ({last}) may be without end",
                    remedy="give its thickness in mm",
                )
            )
        elif layer.mu_a_per_mm == 0 and layer.mu_s_per_mm == 0:
            problems.append(
                Problem(
                    key=f"layers[{index}].thickness_mm",
                    message="null with mu_a_per_mm 0 and mu_s_per_mm 0 lets light travel for ever",
                    remedy="leave the layer out and give its index as n_below",
                )
            )
    return problems


def _source_problems(scene: Scene, *, tabulated: bool) -> list[Problem]:
    source = scene.source
    problems = []
    if source.kind == "tabulated" and not tabulated:
        problems.append(
            Problem(
                key="source.kind",
                message='"tabulated" is not for scene files',
                remedy=f"use one of {', '.join(FILE_KINDS)}",
            )
        )
    elif source.kind == "tabulated" and not source.cosines:
        problems.append(
            Problem(
                key="source.cosines",
                message="empty",
                remedy="a tabulated source needs at least one incidence cosine in (0, 1]",
            )
        )
    if source.cosines and source.kind != "tabulated":
        problems.append(
            Problem(key="source.cosines", message=f"not used by a {source.kind} source", remedy="leave it out")
        )
    if source.incidence_deg and source.kind != "uniform":
        problems.append(
            Problem(
                key="source.incidence_deg",
                message=f"{source.incidence_deg:g} is not used by a {source.kind} source",
                remedy='leave it out or use kind "uniform"',
            )
        )
    if source.kind != "isotropic":
        if source.depth_mm is not None:
            problems.append(
                Problem(
                    key="source.depth_mm",
                    message=f"{source.depth_mm:g} is not used by a {source.kind} source",
                    remedy='leave it out or use kind "isotropic"',
                )
            )
    elif source.depth_mm is None:
        problems.append(
            Problem(
                key="source.depth_mm",
                message="missing",
                remedy="an isotropic source needs its depth in mm below the surface",
            )
        )
    elif source.depth_mm > scene.thickness_mm:
        problems.append(
            Problem(
                key="source.depth_mm",
                message=f"{source.depth_mm:g} is below the stack, which ends at {scene.thickness_mm:g} mm",
                remedy="give a smaller depth or a thicker stack",
            )
        )
    return problems


def _depth_problems(scene: Scene) -> list[Problem]:
    return [
        Problem(
            key=f"depths_mm[{index}]",
            message=f"{depth_mm:g} is below the stack, which ends at {scene.thickness_mm:g} mm",
            remedy="leave it out or give a thicker stack",
        )
        for index, depth_mm in enumerate(scene.depths_mm)
        if depth_mm > scene.thickness_mm
    ]


def _outside_bounds(prefix: str, noun: Any) -> list[Problem]:
    """Faults of one noun against the bounds written in its own annotations."""
    hints = typing.get_type_hints(type(noun), include_extras=True)
    problems = []
    for field in fields(noun):
        value = getattr(noun, field.name)
        if isinstance(value, tuple):
            lengths = [bound for bound in _bounds(hints[field.name]) if isinstance(bound, Len)]
            for length in lengths:
                if not length.min_length <= len(value) <= (length.max_length or 0):
                    problems.append(
                        Problem(
                            key=f"{prefix}{field.name}",
                            message=f"{len(value)} given",
                            remedy=f"give {length.min_length} to {length.max_length}",
                        )
                    )
            numbers = [(f"{prefix}{field.name}[{index}]", each) for index, each in enumerate(value)]
        else:
            numbers = [(prefix + field.name, value)]
        bounds = [bound for bound in _bounds(hints[field.name]) if not isinstance(bound, Len)]
        for key, number in numbers:
            if bounds and isinstance(number, (int, float)) and not _inside(number, bounds):
                problems.append(
                    Problem(
                        key=key,
                        message=f"{number:g} is outside its limits",
                        remedy=f"give a number {_in_words(bounds)}",
                    )
                )
    return problems


def _bounds(hint: Any) -> list[Any]:
    own = list(getattr(hint, "__metadata__", ()))
    return own + [bound for inner in typing.get_args(hint) if not isinstance(inner, str) for bound in _bounds(inner)]


def _inside(number: float, bounds: list[Any]) -> bool:
    holds = {
        Ge: lambda limit: number >= limit.ge,
        Gt: lambda limit: number > limit.gt,
        Le: lambda limit: number <= limit.le,
        Lt: lambda limit: number < limit.lt,
    }
    return math.isfinite(number) and all(holds[type(bound)](bound) for bound in bounds)


def _in_words(bounds: list[Any]) -> str:
    words = {Ge: "at least {0.ge:g}", Gt: "above {0.gt:g}", Le: "at most {0.le:g}", Lt: "below {0.lt:g}"}
    return " and ".join(words[type(bound)].format(bound) for bound in bounds)
