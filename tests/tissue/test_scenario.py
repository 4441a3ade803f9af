"""Draws of the unknown: repeatable, balanced, and moved by the person in the right direction."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from openpbm.errors import BadInput
from openpbm.facts.sites import sites
from openpbm.person import Person
from openpbm.tissue import draw_scenarios, nominal_scenario
from openpbm.tissue.scenario import RIVALS

ANNE = Person(age_years=50, sex="female", height_cm=165, weight_kg=65, skin_type=2)
UNKNOWN = Person()


def test_the_same_seed_gives_the_same_draws_and_another_seed_others() -> None:
    calf = sites["posterior_calf"]
    assert draw_scenarios(calf, ANNE, count=8, seed=3) == draw_scenarios(calf, ANNE, count=8, seed=3)
    assert draw_scenarios(calf, ANNE, count=8, seed=3) != draw_scenarios(calf, ANNE, count=8, seed=4)


def test_every_rival_is_drawn_equally_often() -> None:
    """Stratified: 48 draws over four rivals are twelve each."""
    draws = draw_scenarios(sites["posterior_calf"], ANNE, count=48, seed=0)
    for kind in ("skin", "fat", "muscle", "blood"):
        names = [getattr(draw, f"{kind}_table") for draw in draws]
        assert {name: names.count(name) for name in RIVALS[kind]} == dict.fromkeys(
            RIVALS[kind], 48 // len(RIVALS[kind])
        )


def test_48_draws_span_the_printed_range() -> None:
    """Half-range check: p5 and p95 of the drawn dermis are those of its table within 4 %."""
    draws = draw_scenarios(sites["posterior_calf"], ANNE, count=48, seed=1)
    p5, p95 = np.percentile([draw.layer_thickness_mm["dermis"] for draw in draws], [5, 95])
    assert (p5, p95) == pytest.approx((1.2, 1.6), rel=0.04)


@pytest.mark.parametrize("one", [one for one in sites if one.id != "foot_sole"], ids=lambda one: one.id)
def test_more_weight_pushes_a_deep_target_deeper(one: Any) -> None:
    heavy = dataclasses.replace(ANNE, weight_kg=110)
    for target in one.targets:
        light_mm = nominal_scenario(one, ANNE).target_depth_mm[target.id]
        heavy_mm = nominal_scenario(one, heavy).target_depth_mm[target.id]
        assert heavy_mm > light_mm + 0.5
    for thin, thick in zip(
        draw_scenarios(one, ANNE, count=5, seed=0), draw_scenarios(one, heavy, count=5, seed=0), strict=True
    ):
        assert all(thick.target_depth_mm[name] > depth for name, depth in thin.target_depth_mm.items())


def test_unknown_height_and_weight_widen_the_fat() -> None:
    calf = sites["posterior_calf"]
    known = dataclasses.replace(UNKNOWN, height_cm=170, weight_kg=70)

    def spread(person: Person) -> Any:
        return np.std(
            [np.log(draw.layer_thickness_mm["subcutis"]) for draw in draw_scenarios(calf, person, count=48, seed=2)]
        )

    assert spread(UNKNOWN) > 1.1 * spread(known)


def test_unknown_skin_type_is_drawn_over_all_types() -> None:
    draws = draw_scenarios(sites["lower_back"], UNKNOWN, count=48, seed=0)
    fractions = [draw.melanin_fraction for draw in draws]
    assert min(fractions) < 0.02
    assert max(fractions) > 0.25


def test_a_person_is_equally_dark_at_two_sites_and_lighter_on_the_sole() -> None:
    draws = {
        name: draw_scenarios(sites[name], ANNE, count=6, seed=5)
        for name in ("lower_back", "posterior_calf", "foot_sole")
    }
    for back, calf, sole in zip(*draws.values(), strict=True):
        assert back.melanin_fraction == calf.melanin_fraction
        assert sole.melanin_fraction == pytest.approx(0.25 * calf.melanin_fraction)


@pytest.mark.parametrize("one", sites, ids=lambda one: one.id)
@pytest.mark.parametrize("person", [ANNE, UNKNOWN, Person(sex="male", height_cm=170, weight_kg=200, skin_type=6)])
def test_every_draw_is_a_possible_body(one: Any, person: Person) -> None:
    """Thickness and depth above zero, targets below the skin, fractions between 0 and 1."""
    for draw in draw_scenarios(one, person, count=64, seed=9):
        skin_mm = draw.layer_thickness_mm["epidermis"] + draw.layer_thickness_mm["dermis"]
        assert all(value > 0 for value in draw.layer_thickness_mm.values())
        assert all(depth > skin_mm for depth in draw.target_depth_mm.values())
        assert 0 < draw.melanin_fraction <= 0.6


def test_nominal_depths_lie_inside_the_remembered_ranges() -> None:
    """Depth from the skin for an adult at the reference body mass index [mm], as the priors were remembered."""
    person = Person(height_cm=170, weight_kg=24 * 1.7**2)
    expected = {
        "gastrocnemius": (12, 25),
        "sural_nerve": (3, 8),
        "tibial_nerve": (25, 45),
        "plantar_nerves": (10, 18),
        "median_nerve": (4, 9),
        "trapezius": (8, 16),
        "erector_spinae": (25, 50),
    }
    for one in sites:
        for name, depth in nominal_scenario(one, person).target_depth_mm.items():
            low, high = expected[name]
            assert low < depth < high


@pytest.mark.parametrize(("count", "seed", "part"), [(0, 1, "scenario count"), (4, -1, "seed")])
def test_impossible_requests_say_what_to_give(count: int, seed: int, part: str) -> None:
    with pytest.raises(BadInput, match=part):
        draw_scenarios(sites["foot_sole"], ANNE, count=count, seed=seed)
