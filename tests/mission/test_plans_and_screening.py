"""Who may be treated, with what light, how long and how often: by one plan, one screening each."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from cases import changed
from present import present
from quick_plans import TWO_COLOURS, quick_plan

from openpbm.care.sessions.preparation import preparation
from openpbm.case import case_of
from openpbm.errors import BadInput
from openpbm.facts.claims import broken_claims
from openpbm.facts.notice import NOTICE
from openpbm.planning import AllowedPlan, PlanOverrides
from openpbm.report.clinical_report import render_report
from openpbm.safety import Screening, screen


def asked(**changes: Any) -> Screening:
    return screen(case_of(changed(**changes)))


def plan() -> AllowedPlan:
    made = quick_plan()
    assert isinstance(made, AllowedPlan)
    return made


def rules(screening: Screening) -> set[str]:
    return {reason.rule for reason in (*screening.reasons, *screening.cautions)}


def test_r_000_03_and_r_001_06_sessions_begin_60_to_120_minutes_before_the_usual_onset() -> None:
    for session in plan().schedule.sessions:
        begins = dt.datetime.combine(session.date, present(session.start_time))
        onset = dt.datetime.combine(session.date, dt.time(21, 30))
        assert 60 <= (onset - begins).total_seconds() / 60 <= 120


def test_r_000_04_iron_that_nobody_measured_is_asked_for_and_low_iron_is_named() -> None:
    assert "iron_unknown" in rules(asked(person__labs=...))
    assert "iron_low" in rules(asked(person__labs__ferritin_ug_l=20))
    assert not {"iron_unknown", "iron_low"} & rules(asked())


@pytest.mark.parametrize("finding", ["chronic_kidney_disease", "neuropathy_known"])
def test_r_000_05_a_secondary_cause_is_a_caution_with_a_way_on(finding: str) -> None:
    found = asked(person__findings={finding: True, "none_other": True})
    assert finding in rules(found)


def test_r_000_14_and_r_000_15_and_r_000_16_a_course_is_of_the_length_that_the_brief_asks_for() -> None:
    schedule = plan().schedule
    assert 3 <= schedule.sessions_per_week <= 4
    assert 20 <= schedule.minutes_per_session <= 30
    assert 4 <= schedule.weeks <= 6
    assert 12 <= len(schedule.sessions) <= 24


def test_r_000_19_and_r_001_23_and_r_001_38_candidacy_is_a_list_and_no_score() -> None:
    ids = {item.id for item in asked().candidacy}
    assert {"iron_done", "standard_care_offered", "reason_for_light", "secondary_cause_sought"} <= ids
    assert {item.status for item in asked().candidacy} <= {"yes", "no", "unknown"}


@pytest.mark.parametrize("finding", ["malignancy_in_field", "suspicious_lesion_in_field"])
def test_r_000_20_cancer_and_unclear_spots_under_the_light_end_it(finding: str) -> None:
    assert asked(person__findings={finding: True}).verdict in {"refused", "refer"}


def test_r_000_20_pregnancy_and_photosensitisers_do_not_pass_alone() -> None:
    assert asked(person__pregnant=True).verdict == "needs_clinician"
    assert asked(person__medications=["amiodarone"]).verdict == "needs_clinician"


def test_r_000_30_and_r_000_28_investigational_and_standard_care_stand_on_the_report() -> None:
    page = render_report(plan(), {})
    assert NOTICE in page
    assert "standard care" in NOTICE


def test_r_001_04_and_r_001_24_the_light_is_held_to_the_advised_band() -> None:
    made = plan()
    assert made.prescription.irradiance_range_mw_cm2 == (10.0, 50.0)
    assert made.lamp.output_status == "measured"


def test_r_001_08_minutes_are_of_a_dose_and_sessions_a_day_apart() -> None:
    days = sorted(session.date for session in plan().schedule.sessions)
    assert all((late - early).days >= 1 for early, late in itertools.pairwise(days))
    dose = plan().prescription.skin_fluence_j_cm2
    assert dose is not None
    skin = plan().skin
    assert skin is not None
    assert dose.planned == pytest.approx(skin.irradiance_mw_cm2 * plan().exposure_minutes * 0.06, rel=0.02)


def test_r_002_01_red_and_infrared_are_planned_together() -> None:
    made = quick_plan(device__emitters=TWO_COLOURS)
    assert {emitter.wavelength_nm for emitter in made.lamp.emitters} == {660.0, 850.0}


def test_r_003_10_medicines_for_blood_pressure_are_watched_and_not_barred() -> None:
    found = asked(person__medications=["isosorbide mononitrate"])
    assert found.verdict == "allowed"
    assert found.cautions


def test_r_003_12_feet_that_do_not_feel_need_a_clinician() -> None:
    found = asked(person__findings={"loss_of_protective_sensation": True})
    assert found.verdict != "allowed"


def test_r_003_14_the_shortest_minutes_that_do_are_set_beside_the_chosen_ones() -> None:
    choice = plan().choice
    assert choice is not None
    assert choice.why == "least_effective"
    assert present(choice.chosen).exposure_minutes < present(choice.best).exposure_minutes


@pytest.mark.parametrize("key", ["wavelength_nm", "power_mw"])
def test_r_004_05_without_wavelength_or_power_no_case_is_read(key: str) -> None:
    with pytest.raises(BadInput, match=key):
        screen(case_of(changed(**{f"device__emitters__0__{key}": ...})))


@pytest.mark.parametrize("finding", ["cognitive_impairment", "immunosuppressed", "porphyria"])
def test_r_004_07_and_r_004_08_who_has_to_be_careful_goes_to_a_clinician_first(finding: str) -> None:
    assert asked(person__findings={finding: True}).verdict == "needs_clinician"


def test_r_004_12_eyewear_is_reckoned_for_the_lamp_and_never_called_unnecessary() -> None:
    eye = plan().eye
    assert eye is not None
    assert eye.eyewear_needed == (eye.seconds_without_eyewear < 60.0 * plan().session_minutes)
    assert "eyewear_unnecessary" in broken_claims("Eyewear is unnecessary.")


def test_r_001_31_and_35_the_guide_at_home_keeps_eyes_skin_sleep_children_and_cords_safe() -> None:
    text = " ".join(f"{step.title}. {step.text}" for step in preparation(plan(), "Tall lamp"))
    for word in ("eyes", "skin", "stop at once", "Do not sleep", "children or pets", "cable"):
        assert word.lower() in text.lower(), word


@pytest.mark.parametrize("minutes", [30.0, 60.0])
def test_r_004_13_an_hour_is_allowed_only_as_far_as_dose_and_warmth_let_it(minutes: float) -> None:
    made = quick_plan(PlanOverrides(minutes=minutes))
    reasons = {reason.rule for reason in made.reasons}
    assert (made.verdict == "allowed") == (minutes <= 30.0), reasons
    assert minutes <= 30.0 or any("minutes" in rule or "dose" in rule or "warm" in rule for rule in reasons)
