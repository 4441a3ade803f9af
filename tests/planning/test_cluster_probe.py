"""A cluster probe: its diodes counted, the joules of each point, and physics that knows no special case for it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from cases import changed
from present import present
from quick_plans import quick_plan

from openpbm.case import case_of
from openpbm.device import LaserSpot, beam
from openpbm.device.laser_spot import cluster_positions
from openpbm.errors import BadInput
from openpbm.facts.lamps import Lamp
from openpbm.planning import AllowedPlan, Plan
from openpbm.safety.laser_class import laser_class
from openpbm.safety.skin_temperature import lamp_warmth

BACK: dict[str, Any] = {
    "condition": {"diagnosis": "low_back_spasm", "confirmed_by": "neurologist"},
    "sites": [{"site": "lower_back", "side": "left"}],
    "course__supervision": "clinician",
    "placement__distance_mm": 0,
}


def cluster(**more: Any) -> dict[str, Any]:
    emitter = {"wavelength_nm": 808, "power_mw": 100, "spot_diameter_mm": 12} | more
    return {"output_status": "measured", "kind": "laser", "contact": True, "laser_class": "3B", "emitters": [emitter]}


def planned(**more: Any) -> Plan:
    return quick_plan(device=cluster(**more), **BACK)


def lamp(**more: Any) -> Lamp:
    return case_of(changed(device=cluster(**more), **BACK)).device


@pytest.mark.parametrize("diodes", [*range(1, 41), 69, 200])
def test_spots_lie_a_spacing_apart_the_same_on_every_side(diodes: int) -> None:
    places = cluster_positions(diodes, 10.0)
    assert len(places) == len(set(places)) == diodes
    assert {(-x, y) for x, y in places} == {(x, -y) for x, y in places} == set(places)
    at = np.array(places)
    apart = np.hypot(*(at[:, None] - at[None]).T)[np.triu_indices(diodes, 1)]
    assert diodes == 1 or apart.min() == pytest.approx(10.0)


@pytest.mark.parametrize("diodes", [1, 4, 7])
def test_all_spots_together_hold_the_power_of_all(diodes: int) -> None:
    spot = LaserSpot(power_mw=80.0, spot_diameter_mm=6.0, diodes=diodes, spacing_mm=12.0)
    steps = np.arange(-60.0, 60.0, 0.1) + 0.05
    total_mw = spot.irradiance_mw_cm2(*np.meshgrid(steps, steps)).sum() * 0.1**2 / 100.0
    assert total_mw == pytest.approx(80.0 * diodes, rel=1e-4) == pytest.approx(spot.total_power_mw)


def test_the_plan_counts_points_and_times_each_by_one_diode() -> None:
    """4 J from 100 mW take 40 s; one diode needs four of them one after the other, five lit at once need one."""
    alone, together = planned(), planned(diodes=5, spacing_mm=20)
    assert isinstance(alone, AllowedPlan)
    assert isinstance(together, AllowedPlan)
    for plan, session in ((alone, 2.67), (together, 0.67)):
        assert plan.exposure_minutes == pytest.approx(40.0 / 60.0)
        assert present(plan.skin).energy_per_point_j == pytest.approx(4.0)
        assert plan.session_minutes == pytest.approx(session)
    said = together.prescription
    assert (said.points_at_once, said.points_planned, said.probe_spacing_mm) == (5, 1, 20.0)
    (reason,) = [one for one in together.cautions if one.rule.startswith("cluster")]
    assert "5 points at once" in reason.message


def test_the_dose_below_one_diode_grows_with_its_neighbours() -> None:
    def rate(plan: Plan) -> float:
        return plan.dose[0].fluence_rate_mw_cm2.median

    alone, far, near = planned(), planned(diodes=5, spacing_mm=90), planned(diodes=5, spacing_mm=15)
    assert rate(alone) < rate(near)
    assert rate(far) == pytest.approx(rate(alone), rel=0.02)


def test_more_points_than_the_protocol_has_are_said() -> None:
    rules = {caution.rule for caution in planned(diodes=19, spacing_mm=15).cautions}
    assert "cluster_points_outside" in rules
    assert "cluster_points" not in rules


def test_spots_that_overlap_are_no_points() -> None:
    plan = planned(diodes=7, spacing_mm=8)
    assert plan.verdict == "refused"
    assert "cluster_overlaps" in {reason.rule for reason in plan.reasons}


def test_the_class_counts_every_diode() -> None:
    """Seven of 100 mW are 700 mW, beyond class 3B."""
    seven = {"kind": "laser", "contact": True, "emitters": cluster(diodes=7, spacing_mm=20)["emitters"]}
    one = case_of(changed(device=seven | {"output_status": "measured"}, **BACK)).device
    assert laser_class(one) == "4"


def test_spots_around_warm_the_middle_one_and_never_less_than_alone() -> None:
    def warmest_c(**more: Any) -> float:
        one = lamp(**more)
        return lamp_warmth(one, beam(one, 0.0), [(808.0, 177.0)], minutes=10.0, skin_type=2).p95

    alone, near, far = warmest_c(), warmest_c(diodes=7, spacing_mm=13), warmest_c(diodes=7, spacing_mm=60)
    assert alone < far < near
    # The bound: all of the head as bright as the middle of a spot.
    wide = lamp(spot_diameter_mm=2.0 * math.sqrt(8.0) * 13.0 * math.sqrt(7.0 / math.pi))
    assert near < lamp_warmth(wide, beam(wide, 0.0), [(808.0, 177.0)], minutes=10.0, skin_type=2).p95 + 0.5


def test_joules_and_seconds_of_a_point_make_the_power_of_a_diode() -> None:
    device = cluster(diodes=5, spacing_mm=20, energy_per_point_j=6, seconds_per_point=40)
    del device["emitters"][0]["power_mw"]
    device["output_status"] = "claimed"
    assert case_of(changed(device=device, **BACK)).device.emitters[0].power_mw == 150.0


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"diodes": 7}, "spacing_mm: missing: a cluster has both diodes and spacing_mm"),
        ({"spacing_mm": 10}, "diodes: missing"),
        ({"energy_per_point_j": 6}, "energy_per_point_j = 6: without seconds_per_point"),
        ({"energy_per_point_j": 6, "seconds_per_point": 30}, "power_mw = 100: the joules of a point make 200 mW"),
        ({"energy_per_point_j": 6, "seconds_per_point": 0}, "seconds_per_point = 0: must be more than 0"),
        ({"diodes": 0, "spacing_mm": 5}, "diodes = 0"),
    ],
)
def test_half_a_cluster_is_one_line(more: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput) as caught:
        lamp(**more)
    assert words in str(caught.value)


def test_diodes_at_different_points_have_no_joules_a_point() -> None:
    emitters = [cluster(wavelength_nm=nm, diodes=n, spacing_mm=20)["emitters"][0] for nm, n in ((660, 4), (810, 5))]
    with pytest.raises(BadInput, match="no point gets the same light"):
        case_of(changed(device=cluster() | {"emitters": emitters}, **BACK))


def test_counted_leds_keep_their_watts() -> None:
    """33 LEDs stand in a grid of 5 x 7, whose 35 places share the light of 33."""
    led = {"wavelength_nm": 850, "power_mw": 20, "half_angle_deg": 30, "diodes": 33, "spacing_mm": 9}
    device = {"output_status": "claimed", "kind": "other", "contact": True, "emitters": [led]}
    one = case_of(changed(device=device)).device.emitters[0]
    assert (one.rows, one.columns, one.pitch_mm, one.diodes) == (5, 7, 9.0, None)
    assert 35 * (one.power_mw or 0.0) == pytest.approx(33 * 20.0)


def test_counted_leds_are_read_against_the_claim_of_the_same_leds() -> None:
    """The claim of one LED was held against the share of a place, so that half the claim counted as less than half."""
    led = {"wavelength_nm": 850, "power_mw": 10.5, "claimed_power_mw": 20, "half_angle_deg": 30.0}
    led |= {"diodes": 7, "spacing_mm": 9}
    counted = {"kind": "other", "contact": True, "output_status": "measured", "emitters": [led]}
    read = case_of(changed(device=counted)).device
    assert read.output_status == "measured"
    assert read.reading_over_claim is None


def test_a_spacing_that_cannot_be_is_named_as_it_was_written() -> None:
    led = {"wavelength_nm": 850, "power_mw": 20, "half_angle_deg": 30, "diodes": 7, "spacing_mm": 0}
    with pytest.raises(BadInput) as caught:
        case_of(changed(device={"output_status": "claimed", "kind": "other", "emitters": [led]}))
    assert [problem.key for problem in caught.value.problems] == ["device.emitters[0].spacing_mm"]
