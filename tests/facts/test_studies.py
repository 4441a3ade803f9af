"""Studies: the published nulls (Clifft 2005, Lavery 2008, Irvine 2004) are rows like any other; published numbers."""

from __future__ import annotations

import re
from dataclasses import fields

from openpbm.evidence.synthesis import evidence_statement
from openpbm.facts.claims import prohibited_claims
from openpbm.facts.comparators import comparators
from openpbm.facts.conditions import conditions, iron_rules, rls_criteria
from openpbm.facts.medicines import medicines
from openpbm.facts.references import Reference, references
from openpbm.facts.rules import rules
from openpbm.facts.studies import (
    EVIDENCE_ONLY,
    against_sham,
    arms,
    bias,
    doses,
    people_in,
    searches,
    searches_about,
    studies,
    studies_in_words,
    studies_of,
)
from openpbm.facts.summary_effects import summary_effects
from openpbm.facts.table import read_list

STUDIES = {study.id: study for study in studies}
NULLS = {
    "Altan2005",
    "Clifft2005",
    "Dundar2007",
    "Irvine2004",
    "Lavery2008",
    "Nawfar2011",
    "Robinson2017",
    "Swislocki2010",
    "Teng2022",
    "Tsuk2020",
    "Zinman2004",
}


def test_ids_are_unique_and_sources_known() -> None:
    assert len(STUDIES) == len(studies)
    assert {study.source for study in studies} <= set(references.ids)
    assert all(references[study.source].verified for study in studies if study.verified)


def test_every_study_has_a_condition() -> None:
    known = {row.id for row in conditions} | set(EVIDENCE_ONLY)
    assert {study.condition for study in studies} <= known


def test_seventy_studies_for_the_four_programmes_and_low_back_pain() -> None:
    """Reviews and second looks at the same people not counted; those that were missing are there."""
    counted = [row for row in studies if row.kind not in ("review", "reanalysis") and row.condition != "background"]
    assert len(counted) >= 70
    assert STUDIES.keys() >= {
        "Swislocki2010", "Gross2013", "Tehrani2022", "Korada2023", "Fulda2008", "Altan2005", "Dundar2007",
        "Arnall2006", "Kumar2015", "deAndrade2016",
    }  # fmt: skip


def test_the_nulls_are_there() -> None:
    assert {study.id for study in studies if study.null} >= NULLS
    assert sum(study.null for study in studies_of("dpn")) >= 5


def test_no_row_claims_a_trial_of_restless_legs_that_cannot_be_found() -> None:
    """A 2016 trial by Guffey and a 2018 light trial by Mitchell are quoted and could not be found."""
    assert not any(re.match(r"guffey|mitchell2018", id, re.IGNORECASE) for id in STUDIES)


def test_uncontrolled_rows_are_never_poolable() -> None:
    for study in studies:
        if re.search(r"case report|series|before and after", study.design):
            assert study.kind == "uncontrolled", study.id


def test_published_numbers() -> None:
    """Zinman 2004 -1.0 (SE 0.4), p 0.07; Robinson 2017 pain 0.49 worse; Lavery 2008 n 69; Argenta 2017 n 70."""
    assert "SE 0.4" in STUDIES["Zinman2004"].result
    assert "0.07" in STUDIES["Zinman2004"].result
    assert "0.49 points worse" in STUDIES["Robinson2017"].result
    assert people_in(STUDIES["Lavery2008"]) == 69
    assert people_in(STUDIES["Argenta2017"]) == 70
    assert people_in(STUDIES["Nawfar2011"]) == 24
    assert [arm.n_randomised for arm in arms() if arm.study == "Swislocki2010"] == [63, 58]
    light = {dose.study: dose for dose in doses()}
    assert light["Bashiri2013"].as_printed == "5 min, twice a week, one month"
    assert light["Hsieh2014"].irradiance_mw_cm2 == 34.7
    assert STUDIES["Harkless2006"].funding == STUDIES["Chatterjee2019"].funding == "maker"


def test_the_people_of_all_arms_are_never_told_as_those_of_one() -> None:
    """Sixteen rows held everybody in the light arm and left the control empty."""
    for study in studies:
        counts = [arm.n_randomised or arm.n_analysed for arm in arms() if arm.study == study.id]
        if any(counts) and study.kind in ("randomised", "controlled"):
            assert all(counts), f"{study.id}: one arm alone"


def test_every_controlled_study_has_an_arm_with_light_and_one_without_or_two_lights() -> None:
    for study in studies:
        own = [arm for arm in arms() if arm.study == study.id]
        assert study.kind == "review" or any(arm.role == "light" for arm in own), study.id
        if study.kind in ("randomised", "crossover", "controlled") and study.verified:
            assert len(own) > 1, study.id
        assert against_sham(study) == any(arm.role == "sham" for arm in own)


def test_risk_of_bias_is_judged_of_every_randomised_study_that_was_read() -> None:
    domains = {"randomisation", "deviations", "missing", "measurement", "reporting"}
    for study in studies:
        judged = {row.domain for row in bias() if row.study == study.id}
        if study.kind in ("randomised", "crossover") and study.read_in not in ("not read", "title", "review"):
            assert judged >= domains or study.id == "Arnall2006", study.id
        assert study.kind in ("randomised", "crossover", "controlled") or not judged, study.id


def test_numbers_for_other_care_belong_to_a_card_and_say_what_was_read() -> None:
    for row in summary_effects:
        assert row.card in comparators, row.id
        assert row.condition in conditions, row.id
        assert not row.verified or references[row.source].verified, row.id


def test_searches_count_what_they_kept() -> None:
    for search in searches():
        assert search.hits is None or search.kept <= search.hits
        assert search.kept or search.nearest


def test_one_condition_at_a_time() -> None:
    assert {study.condition for study in studies_of("carpal_tunnel")} == {"carpal_tunnel"}
    assert studies_of("nocturnal_cramps") == ()


def test_every_clinical_reference_is_used() -> None:
    """A source that nothing cites is a leftover; one that is cited and missing is caught beside each table."""
    used = {row.source for row in (*studies, *rules, *medicines, *prohibited_claims, *rls_criteria)}
    used |= {getattr(iron_rules(), name).source for name in [field.name for field in fields(iron_rules())]}
    for row in conditions:
        used |= {row.source, *row.further_sources, *(item.source for item in row.candidacy)}
        used |= {protocol.source for protocol in row.protocols}
    used |= {search.source for search in searches_about("face")}
    shipped = {row.id for row in read_list("references.toml", "references", Reference)}
    assert shipped - used == set()


def test_what_is_said_of_trials_is_what_the_table_holds() -> None:
    """A text "No trial of this light was found" stood beside four rows of trigeminal pain: one fixed text for four."""
    for row in conditions:
        held, told = studies_of(row.id), studies_in_words(row.id, row.plain_name)
        assert row.no_trial is (not held), row.id
        assert ("no trial found" in evidence_statement(row.id).text) is row.no_trial, row.id
        assert told.startswith("No trial of this light was found") is row.no_trial, row.id
        found = [study for study in held if study.kind != "review"]
        assert row.no_trial or told.startswith(f"{len(found)} stud"), row.id


def test_no_trial_found_names_its_search_and_the_day() -> None:
    """Every condition without a trial, the face and the thorax; a condition with trials needs none."""
    wanted = [row.id for row in conditions if row.no_trial]
    for about in [*wanted, "face", "thorax"]:
        found = searches_about(about)
        assert found, about
        for search in found:
            assert search.source in references.ids
            assert search.string in search.text
            assert f"{search.date:%Y}" in search.text
    assert not [row.id for row in conditions if not row.no_trial and searches_about(row.id)]
