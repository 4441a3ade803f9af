"""What the brief says that does not stand, the way light is said to work, and the scales: by their tables."""

from __future__ import annotations

import pytest
from django.test import Client

from openpbm.facts.claims import brief_claims, broken_claims, prohibited_claims
from openpbm.facts.comparators import comparators
from openpbm.facts.mechanism import arrows, nodes
from openpbm.facts.scales import scales
from openpbm.facts.sensations import sensation_of
from openpbm.facts.studies import studies_of


def test_r_000_01_the_share_of_adults_is_told_with_its_correction() -> None:
    row = brief_claims["rls_share_of_adults"]
    assert (row.status, "2 to 3 in 100" in row.correction) == ("overstated", True)


def test_r_000_07_and_r_000_08_energy_and_nitric_oxide_are_graded_steps_with_something_to_measure() -> None:
    for id in ("cco_redox", "no_pools", "capillaries", "antioxidants", "oxygen"):
        assert nodes[id].measured_by, id
    assert all(arrow.grade in "ABCDE" for arrow in arrows)


def test_r_000_09_dopamine_is_a_guess_and_conduction_is_measurable() -> None:
    assert {arrow.grade for arrow in arrows if arrow.target == "dopamine_iron"} == {"E"}
    assert any("conduction" in way for way in nodes["conduction"].measured_by)


def test_r_000_12_the_usual_medicines_have_their_cards() -> None:
    assert {"iron", "alpha_2_delta", "dopamine_agonists", "low_dose_opioid"} <= set(comparators.ids)


@pytest.mark.parametrize("text", ["It has no systemic effects.", "There is no tolerance."])
def test_r_000_13_no_text_may_say_that_there_are_no_systemic_effects_or_tolerance(text: str) -> None:
    assert broken_claims(text)


def test_r_001_16_and_r_001_17_cells_flow_and_nerves_are_steps_of_the_graph() -> None:
    reached = {arrow.target for arrow in arrows}
    assert {"cco_redox", "perfusion", "inflammation", "conduction"} <= reached


def test_r_001_18_a_study_that_nobody_finds_is_no_evidence() -> None:
    row = brief_claims["lost_microcirculation_study"]
    assert (row.status, row.verified) == ("unproven", False)


def test_r_001_26_the_standard_tools_are_scales() -> None:
    assert {"irls", "cgi_i", "rls6", "rls_qol", "isi", "psqi", "ess", "pgic"} <= set(scales.ids)


@pytest.mark.django_db
def test_r_001_32_ten_questions_stand_on_learn() -> None:
    page = Client().get("/learn/").content.decode()
    ids = ("what_is_it", "how_does_it_work", "is_it_proven", "how_is_it_done", "side_effects", "who_is_it_for",
           "time_to_result", "home_use", "versus_medicines", "cost")  # fmt: skip
    assert [id for id in ids if f"/learn/questions/{id}/" not in page] == []


@pytest.mark.django_db
def test_r_001_37_the_cost_page_sets_sessions_against_a_lamp() -> None:
    page = Client().get("/learn/cost/").content.decode()
    assert "session" in page
    assert brief_claims["home_is_cheaper"].status == "unproven"


def test_r_002_03_mood_is_asked_and_a_thought_of_suicide_is_an_event_of_its_own() -> None:
    assert {"phq9", "gad7", "promis_sd8b"} <= set(scales.ids)
    assert scales["phq9"].mood_items


def test_r_002_05_questionnaires_for_nerve_pain_are_there() -> None:
    assert {"dn4", "paindetect", "s_lanss"} <= set(scales.ids)


@pytest.mark.django_db
def test_r_002_06_and_r_002_07_cleaning_is_on_the_clinics_list_and_no_germs_is_no_promise() -> None:
    assert "cleaning" in Client().get("/learn/clinic/").content.decode().lower()
    assert brief_claims["no_germs"].status != "supported"


def test_r_002_08_the_pain_threshold_is_said_the_right_way_round() -> None:
    assert "lowers_pain_threshold" in broken_claims("Light lowers your pain threshold.")
    assert prohibited_claims["lowers_pain_threshold"].status == "wrong"


def test_r_002_09_the_study_of_2023_is_not_misquoted() -> None:
    assert "ebadi_misquoted" in broken_claims("A 2023 study improved nerve conduction.")


def test_r_002_10_argenta_stands_in_its_journal() -> None:
    assert "Gynecol" in brief_claims["argenta_journal"].correction
    assert studies_of("cipn")


def test_r_003_05_no_text_promises_that_it_stops_the_disease_or_ends_all_pain() -> None:
    assert "stops_progression" in broken_claims("Light can stop progression of neuropathy.")
    assert "pain_free_life" in broken_claims("You get a pain-free life.")


def test_r_003_06_conditions_named_by_the_brief_are_told_apart() -> None:
    assert brief_claims["many_conditions"].status in {"overstated", "unproven"}
    assert studies_of("carpal_tunnel")


def test_r_003_08_depth_is_said_to_be_overstated() -> None:
    row = prohibited_claims["penetrates_centimetres"]
    assert row.status == "overstated"
    assert "penetrates_centimetres" in broken_claims("It penetrates 2-7 cm.")


def test_r_003_09_and_r_003_11_energy_collagen_and_oxygen_are_said_with_how_sure_they_are() -> None:
    assert brief_claims["collagen"].status != "supported"
    assert {"cco_redox", "no_pools", "oxygen", "antioxidants"} <= set(nodes.ids)


def test_r_004_04_muscle_and_endorphins_are_steps_below_the_best_grade() -> None:
    assert {arrow.grade for arrow in arrows if arrow.target in ("muscle_relaxation", "endorphins")} == {"E"}


@pytest.mark.django_db
def test_r_001_33_and_r_004_14_side_effects_are_told_and_none_is_no_promise() -> None:
    page = Client().get("/learn/side-effects/").content.decode().lower()
    for word in ("warm", "red", "head", "eye"):
        assert word in page, word
    assert "no_side_effects" in broken_claims("It has no side effects.")


def test_r_001_13_what_people_call_it_is_a_coded_sensation() -> None:
    words = {"crawling": "crawling", "pins and needles": "tingling", "burn": "burning", "numb": "numb"}
    assert {word: getattr(sensation_of(word), "id", None) for word in words} == words


def test_r_003_04_walking_falls_and_the_burden_on_others_are_scales() -> None:
    assert {"tug", "falls", "caregiver_burden"} <= set(scales.ids)
