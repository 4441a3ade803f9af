"""Screening: unknown is not no, the worst reason decides, every reason is listed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from cases import changed, make_case
from quick_plans import quick_plan

from openpbm.case import case_of
from openpbm.errors import BadInput
from openpbm.facts.claims import broken_claims
from openpbm.facts.rules import computed_rules, rules
from openpbm.planning.prescription import CONSERVATIVE_START_RULES
from openpbm.safety import screen

RED_LAMP = {"device__emitters__0__wavelength_nm": 690}


def verdict(folder: Path, **changes: Any) -> str:
    return screen(make_case(folder, **changes)).verdict


def rules_of(folder: Path, **changes: Any) -> set[str]:
    screening = screen(make_case(folder, **changes))
    return {reason.rule for reason in (*screening.reasons, *screening.cautions)}


def test_sound_case_is_allowed(tmp_path: Path) -> None:
    screening = screen(make_case(tmp_path))
    assert (screening.verdict, screening.reasons) == ("allowed", ())


@pytest.mark.parametrize(
    ("changes", "expected", "rule"),
    [
        ({"person__findings": {"foot_ulcer": True, "none_other": True}}, "refer", "foot_ulcer"),
        ({"person__findings": {"cauda_equina_signs": True, "none_other": True}}, "refer", "cauda_equina_signs"),
        ({"person__findings": {"malignancy_in_field": True, "none_other": True}}, "refused", "malignancy_in_field"),
        (RED_LAMP | {"person__medications": ["verteporfin"]}, "refused", "photosensitiser_in_band"),
        (RED_LAMP | {"person__medications": ["Verteporfin (infusion) 6 mg"]}, "refused", "photosensitiser_in_band"),
        ({"person__medications": ["doxycycline hyclate 100 mg"]}, "needs_clinician", "photosensitiser_strong"),
        ({"person__medications": ["J01A"]}, "ask", "medicine_class"),
        ({"person__findings": {"charcot_foot": "unknown", "none_other": True}}, "ask", "charcot_foot"),
        ({"condition__confirmed_by": "self-diagnosed"}, "needs_clinician", "diagnosis_self_made"),
        ({"condition__confirmed_by": "ChatGPT"}, "needs_clinician", "diagnosis_self_made"),
        ({"condition__confirmed_by": "my wife"}, "needs_clinician", "diagnosis_self_made"),
        ({"condition__diagnosis": "carpal_tunnel"}, "allowed", "site_unusual"),
        ({"person__medications": ["verteporfin"]}, "needs_clinician", "photosensitiser_other_band"),
        ({"person__medications": ["Doxycycline"]}, "needs_clinician", "photosensitiser_strong"),
        ({"person__medications": ["J01AA02"]}, "needs_clinician", "photosensitiser_strong"),
        ({"person__medications": ["doxycyclin"]}, "needs_clinician", "photosensitiser_strong"),
        ({"person__medications": ["doxycyclnie"]}, "ask", "medicine_misspelt"),
        ({"person__medications": ["foobarol 10 mg"]}, "ask", "medicine_not_listed"),
        ({"person__medications": ["V10XX99"]}, "needs_clinician", "medicine_not_judged"),
        ({"person__medications": ["paracetamol, Nexium 20"]}, "allowed", "lamp_claimed"),
        (
            RED_LAMP | {"person__medications": ["hydrochlorothiazide + verteporfin"]},
            "refused",
            "photosensitiser_in_band",
        ),
        ({"person__medications": ["simvastatin/amiodarone"]}, "needs_clinician", "photosensitiser_strong"),
        (RED_LAMP | {"person__medications": ["PDT two weeks ago"]}, "refused", "photosensitiser_in_band"),
        ({"person__medications": ...}, "ask", "medications_unknown"),
        ({"person__medications": ["naproxen"]}, "allowed", "photosensitiser_weak"),
        ({"person__medications": ["pramipexole"]}, "allowed", "dopaminergic_augmentation"),
        ({"person__findings": {}}, "ask", "foot_ulcer"),
        ({"person__findings": {"foot_ulcer": "unknown", "none_other": True}}, "ask", "foot_ulcer"),
        ({"person__pregnant": True}, "needs_clinician", "pregnancy"),
        ({"person__pregnant": "unknown"}, "ask", "pregnancy"),
        ({"person__pregnant": ..., "person__sex": "male"}, "allowed", "lamp_claimed"),
        ({"person__age_years": 16}, "needs_clinician", "child"),
        ({"person__age_years": ...}, "ask", "age_unknown"),
        ({"condition__confirmed_by": ...}, "ask", "diagnosis_unconfirmed"),
        ({"condition__confirmed_by": "self"}, "needs_clinician", "diagnosis_self_made"),
        ({"condition__diagnosis": "post_stroke_pain"}, "refer", "specialist_only"),
        ({"course__start_date": ...}, "ask", "start_date_missing"),
    ],
)
def test_verdict_and_rule(tmp_path: Path, changes: dict[str, Any], expected: str, rule: str) -> None:
    assert verdict(tmp_path, **changes) == expected
    if rule != "lamp_claimed":
        assert rule in rules_of(tmp_path, **changes)


def test_pregnancy_at_the_low_back_is_refused(tmp_path: Path) -> None:
    back = [{"site": "lower_back", "side": "both", "target": "erector_spinae"}]
    changes = {"person__pregnant": True, "sites": back, "condition__diagnosis": "low_back_spasm"}
    assert verdict(tmp_path, **changes) == "refused"
    release = {"rules": ["pregnancy"], "by": "midwife"}
    assert verdict(tmp_path, **changes, release=release) == "refused"


def test_every_reason_is_listed_worst_first(tmp_path: Path) -> None:
    findings = {"foot_ulcer": True, "malignancy_in_field": True, "none_other": True}
    screening = screen(make_case(tmp_path, person__findings=findings, person__medications=...))
    levels = [reason.level for reason in screening.reasons]
    assert screening.verdict == "refer"
    assert levels.index("red_flag") < levels.index("absolute") < levels.index("ask")
    red = screening.reasons[0]
    assert red.urgency
    assert red.route


def test_a_clinician_releases_relative_rules_one_by_one(tmp_path: Path) -> None:
    changes = {"person__medications": ["doxycycline"], "person__pregnant": True}
    one = {"rules": ["pregnancy"], "by": "dr a"}
    both = {"rules": ["pregnancy", "photosensitiser_strong"], "by": "dr a"}
    assert verdict(tmp_path, **changes, release=one) == "needs_clinician"
    assert verdict(tmp_path, **changes, release=both) == "allowed"
    released = screen(make_case(tmp_path, **changes, release=both)).cautions
    assert any("Released by dr a" in caution.message for caution in released)


@pytest.mark.parametrize(
    ("labs", "rule"),
    [
        ({}, "iron_unknown"),
        ({"ferritin_ug_l": 118, "transferrin_saturation_percent": 27, "date": "2026-07-01"}, "iron_test_old"),
        ({"ferritin_ug_l": 118, "transferrin_saturation_percent": 27}, "iron_test_undated"),
        ({"ferritin_ug_l": 118, "transferrin_saturation_percent": 27, "date": "2026-12-24"}, "iron_test_after_start"),
        ({"ferritin_ug_l": 118, "date": "2026-11-01"}, "iron_test_missing"),
        ({"ferritin_ug_l": 60, "transferrin_saturation_percent": 27, "date": "2026-11-01"}, "iron_low"),
        ({"ferritin_ug_l": 75, "transferrin_saturation_percent": 27, "date": "2026-11-01"}, "iron_low"),
        ({"ferritin_ug_l": 150, "transferrin_saturation_percent": 19.9, "date": "2026-11-01"}, "iron_low"),
        ({"ferritin_ug_l": 30, "transferrin_saturation_percent": 50, "date": "2026-11-01"}, "iron_saturation_high"),
        ({"ferritin_ug_l": 90, "transferrin_saturation_percent": 27, "date": "2026-11-01"}, "iron_intermediate"),
    ],
)
def test_iron_never_blocks(tmp_path: Path, labs: dict[str, Any], rule: str) -> None:
    screening = screen(make_case(tmp_path, person__labs=labs))
    assert screening.verdict == "allowed"
    assert rule in {caution.rule for caution in screening.cautions}
    if rule in ("iron_unknown", "iron_test_missing", "iron_test_old"):
        assert "order_test" in {caution.action for caution in screening.cautions}


@pytest.mark.parametrize(
    ("labs", "expected"),
    [
        ({"ferritin_ug_l": 22, "date": "2026-11-01"}, {"iron_low", "iron_test_missing"}),
        ({"transferrin_saturation_percent": 15, "date": "2026-11-01"}, {"iron_low", "iron_test_missing"}),
        (
            {
                "ferritin_ug_l": 22,
                "ferritin_date": "2026-11-01",
                "transferrin_saturation_percent": 30,
                "transferrin_saturation_date": "2026-01-05",
            },
            {"iron_low", "iron_test_old"},
        ),
        (
            {"ferritin_ug_l": 22, "transferrin_saturation_percent": 30, "transferrin_saturation_date": "2026-11-01"},
            {"iron_test_undated"},
        ),
        ({"date": "2026-11-01"}, {"iron_unknown"}),
    ],
)
def test_each_iron_test_has_a_state_of_its_own(tmp_path: Path, labs: dict[str, Any], expected: set[str]) -> None:
    """Opened when "iron is low" and "no ferritin" stood together, and a ferritin without a day was forgotten."""
    screening = screen(make_case(tmp_path, person__labs=labs))
    assert {caution.rule for caution in screening.cautions if caution.rule.startswith("iron")} == expected
    (item,) = [item for item in screening.candidacy if item.id == "iron_done"]
    assert item.status == "unknown"
    undated = [caution.message for caution in screening.cautions if caution.rule == "iron_test_undated"]
    assert all("22 ug/l" in message for message in undated)


def test_iron_is_asked_in_restless_legs_only(tmp_path: Path) -> None:
    changes = {"person__labs": {}, "condition__diagnosis": "nocturnal_cramps"}
    assert not {"iron_unknown", "iron_low"} & rules_of(tmp_path, **changes)


def test_a_lamp_that_is_not_eye_safe_needs_supervision(tmp_path: Path) -> None:
    strong = {"device__emitters__0__power_mw": 600, "condition__diagnosis": "dpn"}
    assert "lamp_not_eye_safe" in rules_of(tmp_path, **strong)
    assert "lamp_not_eye_safe" not in rules_of(tmp_path, **strong, course__supervision="clinician")


def test_skin_limit_refuses_and_names_a_distance(tmp_path: Path) -> None:
    """20000 x 10^-0.75 = 3557 W/m2 is the most that skin may get of a lamp for 10 s."""
    screening = screen(make_case(tmp_path, device__emitters__0__power_mw=3000))
    reason = next(r for r in screening.reasons if r.rule == "skin_irradiance_limit")
    assert screening.verdict == "refused"
    assert "mm or more" in reason.remedy


def test_a_field_known_at_one_distance_is_asked_for_at_another(tmp_path: Path) -> None:
    field = [{"wavelength_nm": 850, "irradiance_mw_cm2": 30, "at_distance_mm": 150}]
    panel = {"device__emitters": field, "device__kind": "panel"}
    assert verdict(tmp_path, **panel) == "allowed"
    assert "field_unknown" in rules_of(tmp_path, **panel, placement__distance_mm=300)


def test_a_lamp_known_by_its_irradiance_alone_is_asked_what_it_is(tmp_path: Path) -> None:
    """30 mW/cm2 at 150 mm may come from a panel or from one bright spot, which no bare eye may meet."""
    field = [{"wavelength_nm": 850, "irradiance_mw_cm2": 30, "at_distance_mm": 150}]
    screening = screen(make_case(tmp_path, device__emitters=field))
    (reason,) = [reason for reason in screening.reasons if reason.rule == "lamp_not_eye_safe"]
    assert screening.verdict == "needs_clinician"
    assert reason.remedy.startswith("Of its source nothing is known")


def test_measured_output_is_trusted_more_than_claimed(tmp_path: Path) -> None:
    measured = screen(make_case(tmp_path)).exposure
    claimed = screen(make_case(tmp_path, device__output_status="claimed")).exposure
    assert measured is not None
    assert claimed is not None
    assert claimed.irradiance_upper_mw_cm2 > measured.irradiance_upper_mw_cm2
    assert claimed.eye.seconds_without_eyewear < measured.eye.seconds_without_eyewear


def test_candidacy_is_a_list_without_a_score(tmp_path: Path) -> None:
    items = screen(make_case(tmp_path, person__findings={"standard_care_offered": True, "none_other": True})).candidacy
    status = {item.id: item.status for item in items}
    assert status["standard_care_offered"] == "yes"
    assert status["iron_done"] == "yes"
    assert all("score" not in asdict(item) for item in items)


def test_no_rule_states_a_claim_that_is_wrong_or_unproven() -> None:
    for rule in (*rules, *computed_rules):
        assert broken_claims(f"{rule.message} {rule.remedy}") == (), rule.id


def test_a_panel_pressed_on_the_skin_is_not_a_pad(tmp_path: Path) -> None:
    """Opened when a panel at 0 mm counted as a pad: 62 mW/cm2 and allowed, where its bare LEDs give thousands."""
    case = make_case(tmp_path, device={"id": "panel_660_850"}, placement={"distance_mm": 0})
    assert "skin_irradiance_limit" in {reason.rule for reason in screen(case).reasons}


def test_a_release_by_oneself_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"release\.by"):
        make_case(tmp_path, release={"rules": ["pregnancy"], "by": "myself"})


def test_two_medicines_that_widen_vessels_are_one_caution(tmp_path: Path) -> None:
    screening = screen(make_case(tmp_path, person__medications=["warfarin", "apixaban"]))
    assert [caution.rule for caution in screening.cautions].count("vasodilation") == 1


def test_a_text_that_promises_less_light_belongs_to_a_conservative_start() -> None:
    for rule in (*rules, *computed_rules):
        promised = "begins with half the minutes" in f"{rule.message} {rule.remedy}"
        assert not promised or rule.id in CONSERVATIVE_START_RULES, rule.id
        text = f"{rule.message} {rule.remedy}".lower()
        assert not any(words in text for words in ("begin with less", "start low", "start short", "set low")), rule.id


@pytest.mark.parametrize("why", ["expired", "incomplete", "far_from_claim"])
def test_a_lamp_that_was_read_is_not_told_as_unread(tmp_path: Path, why: str) -> None:
    """Pads measured twice, the reading expired, were told "nobody has measured this lamp"."""
    screening = screen(
        make_case(
            tmp_path, device__output_status="claimed", device__last_reading=why, device__last_read_on="2025-05-03"
        )
    )
    told = [caution for caution in screening.cautions if caution.rule.startswith("lamp_")]
    assert [caution.rule for caution in told] == [f"lamp_reading_{why}"]
    assert "3 May 2025" in told[0].message


def test_a_reading_that_does_not_count_has_its_day_and_its_why(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="belong together"):
        make_case(tmp_path, device__last_reading="expired")
    with pytest.raises(BadInput, match="belong together"):
        make_case(tmp_path, device__last_read_on="2025-05-03")


@pytest.mark.parametrize("diagnosis", ["rls_primary", "phn", "myofascial_spasm", "trigeminal_neuralgia"])
def test_the_face_refers_whatever_the_complaint_and_shows_no_dose(diagnosis: str) -> None:
    """The face lies beside the eyes: never a plan, with a place that could be planned beside it or without."""
    places = [{"site": "posterior_calf", "side": "left"}, {"site": "face", "side": "right"}]
    for chosen in (places, places[1:]):
        plan = quick_plan(condition__diagnosis=diagnosis, sites=chosen, course__supervision="clinician")
        assert plan.verdict == "refer"
        assert "site_specialist_only" in {reason.rule for reason in plan.reasons}
        assert (plan.session_minutes, plan.dose, plan.curves, plan.skin) == (None, (), (), None)


def test_the_jaw_needs_a_clinician_who_can_release_it() -> None:
    changes = {"condition__diagnosis": "myofascial_spasm", "sites": [{"site": "jaw", "side": "left"}]}
    assert "site_near_eyes" in {reason.rule for reason in screen(case_of(changed(**changes))).reasons}
    released = {"release": {"rules": ["site_near_eyes"], "by": "dentist"}, "course__supervision": "clinician"}
    screening = screen(case_of(changed(**changes, **released)))
    assert "site_near_eyes" in {caution.rule for caution in screening.cautions}
    assert "site_near_eyes" not in {reason.rule for reason in screening.reasons}
