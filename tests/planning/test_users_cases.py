"""Cases as people have them, each with the verdict that a careful specialist would give.

Of the list three wait for how a lamp is described: the panel with one irradiance for two wavelengths, the pulsed
laser's own tests, and the panel of seven wavelengths. A lamp without a patient is `light_at_depth`, tested there.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
from typing import Any

import pytest
from cases import changed

from openpbm.case import case_of
from openpbm.errors import BadInput
from openpbm.planning import AllowedPlan, Plan, Quality, make_plan
from openpbm.safety import Screening, screen

NONE_OTHER = {"none_other": True}
SHINGLES = {
    "condition": {"diagnosis": "phn", "confirmed_by": "dermatologist"},
    "sites": [{"site": "thorax", "side": "left"}],
    "device": {"id": "laser_808_probe"},
    "placement": ...,
}
ONCOLOGY = {"malignancy_known": True, "malignancy_in_field": False, "radiotherapy_field_unhealed": False}
HANDS = {
    "condition": {"diagnosis": "cipn", "confirmed_by": "oncologist"},
    "sites": [{"site": "palm", "side": "both"}, {"site": "fingers", "side": "both"}],
}
SCIATICA = {
    "condition": {"diagnosis": "radiculopathy", "confirmed_by": "neurologist"},
    "sites": [{"site": "lower_back", "side": "left"}],
}
CRAMPS = {"condition": {"diagnosis": "nocturnal_cramps", "confirmed_by": "family doctor", "usual_onset": "03:00"}}


def screened(**changes: Any) -> Screening:
    return screen(case_of(changed(**changes)))


def planned(**changes: Any) -> Plan:
    return _planned(json.dumps(changed(**changes), sort_keys=True))


@functools.cache
def _planned(case: str) -> Plan:
    return make_plan(screen(case_of(json.loads(case))), quality=Quality(scenarios=4))


def rules(found: Screening | Plan) -> set[str]:
    return {reason.rule for reason in (*found.reasons, *found.cautions)}


def message(plan: Plan, rule: str) -> str:
    return next(reason.message for reason in (*plan.reasons, *plan.cautions) if reason.rule == rule)


def test_restless_legs_on_dialysis_with_infrared_pads_is_allowed_and_names_the_kidney() -> None:
    found = screened(
        condition={"diagnosis": "rls_ckd", "confirmed_by": "nephrologist", "usual_onset": "21:30"},
        person__findings=NONE_OTHER | {"chronic_kidney_disease": True, "dialysis": True},
        device={"id": "nir_890_pads"},
        placement=...,
    )
    assert found.verdict == "allowed"
    assert {"chronic_kidney_disease", "dialysis"} <= rules(found)


def test_hands_after_chemotherapy_ask_whether_oncology_agrees() -> None:
    asked = screened(**HANDS)
    assert asked.verdict == "ask"
    assert {"malignancy_known", "malignancy_in_field"} <= rules(asked)
    answered = screened(**HANDS, person__findings=NONE_OTHER | ONCOLOGY)
    assert answered.verdict == "needs_clinician"
    assert "site_unusual" not in rules(answered)
    assert next(item for item in answered.candidacy if item.id == "oncology_agreed").status == "unknown"
    released = screened(
        **HANDS,
        person__findings=NONE_OTHER | ONCOLOGY | {"oncology_agreed": True},
        course__supervision="clinician",
        release={"rules": ["malignancy_known"], "by": "oncologist"},
    )
    assert released.verdict == "allowed"
    assert next(item for item in released.candidacy if item.id == "oncology_agreed").status == "yes"


def test_shingles_along_a_rib_is_planned_point_by_point_with_joules_spacing_and_seconds() -> None:
    assert screened(**SHINGLES).verdict == "needs_clinician"
    plan = planned(**SHINGLES, course__supervision="clinician")
    assert isinstance(plan, AllowedPlan)
    given = plan.prescription
    assert (given.mode, given.points_planned) == ("point", 4)
    assert (given.energy_per_point_j, given.spacing_mm) == ((4, 6), (20, 20))
    # 200 mW for 20 s is 4 J.
    assert given.minutes_per_point * 60 == pytest.approx(20)
    assert plan.dose[0].structure == "intercostal_nerve"
    # The points are carried over from the spine, so that nothing is said of a window that a trial had.
    assert given.window == ()
    assert "no_window" in rules(plan)


@pytest.mark.parametrize("site", ["face", "jaw", "nose"])
def test_face_pain_refers_whatever_the_site(site: str) -> None:
    complaint = {"diagnosis": "trigeminal_neuralgia", "confirmed_by": "neurologist"}
    plan = planned(condition=complaint, sites=[{"site": site, "side": "left"}])
    assert (plan.verdict, plan.session_minutes) == ("refer", None)


def test_sciatica_asks_its_red_flags_first_and_says_how_deep_the_root_lies_and_that_next_to_no_light_gets_there() -> (
    None
):
    asked = screened(**SCIATICA, person__findings={})
    first = [reason.rule for reason in asked.reasons][:3]
    assert first == ["cauda_equina_signs", "new_limb_weakness", "spine_infection_or_fracture_signs"]
    for sign in first:
        assert screened(**SCIATICA, person__findings=NONE_OTHER | {sign: True}).verdict == "refer"
    plan = planned(**SCIATICA)
    assert plan.dose[0].structure == "lumbar_root"
    assert 60 < plan.dose[0].depth_mm < 110
    assert "lumbar root" in message(plan, "target_negligible")
    assert "target_negligible" in rules(planned(**SCIATICA | {"sites": [{"site": "buttock", "side": "left"}]}))


def test_cramps_that_begin_at_three_are_lit_at_bedtime() -> None:
    plan = planned(**CRAMPS)
    assert isinstance(plan, AllowedPlan)
    assert {session.start_time for session in plan.schedule.sessions} <= {dt.time(21, 20), dt.time(21, 30)}


def test_a_wrap_on_a_tight_neck_follows_no_protocol_of_points() -> None:
    plan = planned(
        condition={"diagnosis": "myofascial_spasm", "confirmed_by": "family doctor"},
        sites=[{"site": "posterior_neck", "side": "left"}],
        device={"id": "wrap_660_850"},
        placement=...,
    )
    assert plan.verdict == "allowed"
    assert plan.protocol is not None
    assert plan.protocol.mode != "point"
    assert plan.protocol.fluence_j_cm2 is None


def test_a_bed_for_the_lower_back_is_told_as_whole_body_light_and_its_heat_is_counted() -> None:
    plan = planned(
        condition={"diagnosis": "low_back_spasm", "confirmed_by": "family doctor"},
        sites=[{"site": "lower_back", "side": "both"}],
        device={"id": "whole_body_660_850"},
        placement=...,
        course__supervision="clinician",
    )
    assert "whole_body_without_protocol" in rules(plan)
    assert rules(plan) & {"whole_body_heat", "core_too_warm"}
    assert plan.choice is not None
    # Whoever lies in it has left and right lit at once: the heat is that of one turn.
    minutes = {row.name: row.value for row in plan.choice.quality}["session without eyewear"] / 60.0
    assert minutes == pytest.approx(plan.session_minutes)


def test_a_child_with_cramps_needs_a_clinician() -> None:
    child = {"person__age_years": 12, "person__height_cm": 150, "person__weight_kg": 42}
    assert screened(**CRAMPS, **child).verdict == "needs_clinician"


def test_a_heavy_person_is_planned_and_a_measured_layer_of_fat_narrows_the_depth() -> None:
    """Body mass index 45; fat of 14 mm by ultrasound."""
    drawn = planned(person__weight_kg=124)
    known = planned(person__weight_kg=124, sites=[{"site": "posterior_calf", "side": "both", "fat_mm": 14}])
    assert drawn.verdict == known.verdict == "allowed"
    widths = []
    for plan in (drawn, known):
        span = plan.dose[0].depth_range_mm
        assert span is not None
        widths.append(span[1] - span[0])
    assert widths[1] < widths[0]


def test_the_darkest_skin_begins_with_half_the_minutes_as_a_number() -> None:
    plan = planned(person__skin_type=6)
    assert {"dark_skin", "conservative_start"} <= rules(plan)
    assert plan.exposure_minutes == 10.0
    assert "10" in message(plan, "conservative_start")


def test_both_legs_under_one_panel_take_one_time_and_four_limbs_in_turn_the_sum() -> None:
    together = planned(placement={"distance_mm": 300, "places_at_once": 2})
    assert isinstance(together, AllowedPlan)
    assert together.schedule.total_minutes_per_session == together.schedule.minutes_per_session
    limbs = [{"site": "posterior_calf", "side": "both"}, {"site": "volar_forearm", "side": "both"}]
    apart = planned(sites=limbs)
    assert isinstance(apart, AllowedPlan)
    assert apart.schedule.total_minutes_per_session == 4 * apart.schedule.minutes_per_session


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ({"fat_mm": 12, "skinfold_mm": 20}, "skinfold_mm.* stands beside fat_mm; give one of the two"),
        ({"fat_mm": 12, "target_depth_mm": 10}, "lies in the fat of 12 mm, and gastrocnemius lies below it"),
        ({"fat_mm": 0}, "fat_mm.* must be more than 0"),
        ({"target_depth_mm": 900}, "target_depth_mm.* must be at most 200"),
    ],
)
def test_what_was_measured_and_cannot_be_is_named(place: dict[str, float], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        case_of(changed(sites=[{"site": "posterior_calf", "side": "left"} | place]))


def test_a_depth_is_of_the_structure_that_the_complaint_is_about() -> None:
    """It was once held against the first structure of the place, while the light was meant for another."""
    place = {"site": "lower_back", "side": "left", "fat_mm": 20, "target_depth_mm": 10}
    with pytest.raises(BadInput, match="lumbar_root lies below it"):
        case_of(changed(condition={"diagnosis": "radiculopathy"}, sites=[place]))
