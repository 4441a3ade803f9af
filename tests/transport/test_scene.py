"""Every impossible scene gets one line that names key, value, limit and remedy."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import pytest

from openpbm.transport import Layer, Scene, Source, check

LAYER = Layer(name="dermis", thickness_mm=1.0, mu_a_per_mm=0.1, mu_s_per_mm=10.0, g=0.9, n=1.4)
SCENE = Scene(layers=(LAYER,), source=Source(kind="pencil"), photons=1000)


def layer(**changes: Any) -> dict[Any, Any]:
    return {"layers": (dataclasses.replace(LAYER, **changes),)}


def source(**given: Any) -> dict[Any, Any]:
    return {"source": Source(**given)}


ENDLESS = dataclasses.replace(LAYER, thickness_mm=None)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (layer(mu_a_per_mm=-1.0), "layers[0].mu_a_per_mm: -1 is outside its limits; give a number at least 0"),
        (layer(mu_s_per_mm=math.inf), "layers[0].mu_s_per_mm: inf is outside"),
        (layer(mu_s_per_mm=math.nan), "layers[0].mu_s_per_mm: nan is outside"),
        (layer(thickness_mm=0.0), "layers[0].thickness_mm: 0 is outside its limits; give a number above 0"),
        (layer(g=1.0), "layers[0].g: 1 is outside its limits; give a number above -1 and below 1"),
        (layer(g=-1.0), "layers[0].g: -1 is outside"),
        (layer(n=0.9), "layers[0].n: 0.9 is outside its limits; give a number at least 1"),
        (layer(thickness_mm=None, mu_a_per_mm=0.0, mu_s_per_mm=0.0), "layers[0].thickness_mm: null with mu_a_per_mm 0"),
        ({"layers": (ENDLESS, LAYER)}, "layers[0].thickness_mm: null, but only the last layer (1)"),
        ({"layers": ()}, "layers: 0 given; give 1 to 100"),
        ({"photons": 1}, "photons: 1 is outside its limits; give a number at least 2"),
        ({"photons": 10**11}, "photons: 1e+11 is outside"),
        ({"seed": -1}, "seed: -1 is outside"),
        ({"n_above": 0.0}, "n_above: 0 is outside"),
        ({"bin_mm": 0.0}, "bin_mm: 0 is outside its limits; give a number at least 1e-06"),
        ({"depths_mm": (0.5, -0.1)}, "depths_mm[1]: -0.1 is outside"),
        ({"depths_mm": (0.5, 1.5)}, "depths_mm[1]: 1.5 is below the stack, which ends at 1 mm"),
        (source(kind="uniform", incidence_deg=90.0), "source.incidence_deg: 90 is outside its limits"),
        (source(kind="pencil", incidence_deg=10.0), "source.incidence_deg: 10 is not used by a pencil source"),
        (source(kind="lambertian", depth_mm=1.0), "source.depth_mm: 1 is not used by a lambertian source"),
        (source(kind="isotropic"), "source.depth_mm: missing"),
        (source(kind="isotropic", depth_mm=2.0), "source.depth_mm: 2 is below the stack, which ends at 1 mm"),
        (source(kind="tabulated", cosines=(0.5,)), 'source.kind: "tabulated" is not for scene files'),
        (source(kind="pencil", cosines=(0.5,)), "source.cosines: not used by a pencil source"),
        (source(kind="tabulated", cosines=(0.0,)), "source.cosines[0]: 0 is outside"),
    ],
)
def test_problem_is_one_line(changes: Any, line: str) -> None:
    (problem,) = map(str, check(dataclasses.replace(SCENE, **changes)))
    assert problem.startswith(line)
    assert "\n" not in problem


def test_sound_scenes_have_no_problems() -> None:
    assert check(SCENE) == []
    assert check(dataclasses.replace(SCENE, layers=(LAYER, ENDLESS), depths_mm=(0.0, 50.0))) == []
    assert check(dataclasses.replace(SCENE, depths_mm=(1.0,), **source(kind="isotropic", depth_mm=1.0))) == []
    assert check(dataclasses.replace(SCENE, **source(kind="tabulated", cosines=(0.5, 1.0))), tabulated=True) == []


def test_empty_table_is_a_problem() -> None:
    (problem,) = check(dataclasses.replace(SCENE, **source(kind="tabulated")), tabulated=True)
    assert (problem.key, problem.message) == ("source.cosines", "empty")


def test_several_problems_are_all_listed() -> None:
    problems = check(dataclasses.replace(SCENE, photons=0, bin_mm=-1.0, **layer(g=2.0)))
    assert len(problems) == 3
