"""A wrap round a limb: the closed form against the Bessel functions of a cylinder, and what the plan says of it."""

from __future__ import annotations

import math
from typing import Any

import pytest
from quick_plans import quick_plan
from scipy.special import ive

from openpbm.planning import Plan
from openpbm.planning.wrapped_limb import roundness_gain

WRAP = {"id": "wrap_660_850"}


def planned(site: str = "posterior_calf", device: Any = WRAP, **more: Any) -> Plan:
    return quick_plan(device=device, placement={}, sites=[{"site": site, "side": "left"} | more])


def said(plan: Plan) -> list[str]:
    return [reason.message for reason in (*plan.reasons, *plan.cautions) if reason.rule == "wrap_taken_flat"]


def test_flat_skin_gains_nothing() -> None:
    assert roundness_gain(20.0, math.inf) == 1.0
    assert roundness_gain(20.0, 1e6) == pytest.approx(1.0, abs=1e-3)
    assert roundness_gain(0.0, 350.0) == 1.0


@pytest.mark.parametrize("radius_mm", [30.0, 60.0, 90.0])
@pytest.mark.parametrize("depth_share", [0.2, 0.4, 0.6])
def test_far_from_the_axis_it_is_the_bessel_function_of_a_cylinder(radius_mm: float, depth_share: float) -> None:
    """I0(k r) / I0(k (R - 2 mm)) over exp(-k (d - 2 mm)): light that starts 2 mm below the skin with its power kept."""
    k, inside_mm = 0.4, radius_mm * (1.0 - depth_share)
    start_mm = radius_mm - 2.0
    cylinder = ive(0, k * inside_mm) / ive(0, k * start_mm) * radius_mm / start_mm
    girth_mm = 2.0 * math.pi * radius_mm
    assert roundness_gain(depth_share * radius_mm, girth_mm) == pytest.approx(cylinder, rel=0.05)


def test_the_deeper_and_the_thinner_the_more() -> None:
    gains = [roundness_gain(depth_mm, 350.0) for depth_mm in (2.0, 10.0, 20.0, 30.0)]
    assert gains == sorted(gains)
    assert roundness_gain(10.0, 200.0) > roundness_gain(10.0, 400.0)


def test_the_plan_of_a_wrap_round_a_calf_says_what_it_leaves_out() -> None:
    (words,) = said(planned())
    assert "Bent all the way round a limb of 31.5 to 44 cm" in words


def test_a_limb_that_was_measured_narrows_it() -> None:
    (words,) = said(planned(limb_circumference_cm=38.0))
    assert "a limb of 37.5 to 38.5 cm" in words


def test_where_nothing_is_round_and_under_a_panel_nothing_is_said() -> None:
    assert said(planned("lower_back")) == []
    assert said(quick_plan()) == []
