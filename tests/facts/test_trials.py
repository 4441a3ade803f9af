"""Trials: the published nulls (Clifft 2005, Lavery 2008, Irvine 2004) are rows like any other; published numbers."""

from __future__ import annotations

import re
from dataclasses import fields

from openpbm.facts.claims import prohibited_claims
from openpbm.facts.conditions import conditions, iron_rules, rls_criteria
from openpbm.facts.medicines import medicines
from openpbm.facts.references import Reference, references
from openpbm.facts.rules import rules
from openpbm.facts.table import read_list
from openpbm.facts.trials import searches_about, studies_in_words, trials, trials_of

TRIALS = {trial.id: trial for trial in trials}
NULLS = {
    "Altan2005",
    "Clifft2005",
    "Dundar2007",
    "FranzenKorzendorfer2008",
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
    assert len(TRIALS) == len(trials) == 79
    assert {trial.source for trial in trials} <= set(references.ids)


def test_every_trial_has_a_condition() -> None:
    known = {row.id for row in conditions} | {"background"}
    assert {trial.condition for trial in trials} <= known


def test_the_nulls_are_there() -> None:
    assert {trial.id for trial in trials if trial.null} >= NULLS
    assert all(trial.null for trial in trials if trial.use == "N")
    assert sum(trial.null for trial in trials_of("dpn")) >= 5


def test_no_row_claims_a_trial_of_restless_legs_that_cannot_be_found() -> None:
    """A 2016 trial by Guffey and a 2018 light trial by Mitchell are quoted and could not be found."""
    assert not any(re.match(r"guffey|mitchell2018", id, re.IGNORECASE) for id in TRIALS)


def test_uncontrolled_rows_are_never_poolable() -> None:
    for trial in trials:
        if re.search(r"case report|series|before and after", trial.design):
            assert trial.use == "U", trial.id


def test_published_numbers() -> None:
    """Zinman 2004 -1.0 (SE 0.4), p 0.07; Robinson 2017 pain 0.49 worse; Lavery 2008 n 69; Argenta 2017 n 70."""
    assert "SE 0.4" in TRIALS["Zinman2004"].result
    assert "0.07" in TRIALS["Zinman2004"].result
    assert "0.49 points worse" in TRIALS["Robinson2017"].result
    assert TRIALS["Lavery2008"].people == 69
    assert TRIALS["Argenta2017"].people == 70
    assert (TRIALS["Swislocki2010"].n_active, TRIALS["Swislocki2010"].n_control) == (63, 58)
    assert TRIALS["Bashiri2013"].schedule == "5 min, 2/wk, 1 month"
    assert "34.7 mW/cm2" in TRIALS["Hsieh2014"].dose
    assert TRIALS["Harkless2006"].funding == TRIALS["Chatterjee2019"].funding == "maker"


def test_the_people_of_all_arms_are_never_told_as_those_of_one() -> None:
    """Sixteen rows held everybody in `n_active` and left `n_control` empty."""
    for trial in trials:
        if trial.n_active is not None and trial.n_control is None:
            assert trial.use == "U", f"{trial.id}: one arm alone"
        assert trial.n_total is None or (trial.n_active, trial.n_control) == (None, None), trial.id


def test_one_condition_at_a_time() -> None:
    assert {trial.condition for trial in trials_of("carpal_tunnel")} == {"carpal_tunnel"}
    assert trials_of("nocturnal_cramps") == ()


def test_every_clinical_reference_is_used() -> None:
    """A source that nothing cites is a leftover; one that is cited and missing is caught beside each table."""
    used = {row.source for row in (*trials, *rules, *medicines, *prohibited_claims, *rls_criteria)}
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
        held, told = trials_of(row.id), studies_in_words(row.id, row.plain_name)
        assert row.no_trial is (not held), row.id
        assert ("no trial found" in row.statement) is row.no_trial, row.id
        assert told.startswith("No trial of this light was found") is row.no_trial, row.id
        studies = [trial for trial in held if trial.use != "prior"]
        assert row.no_trial or told.startswith(f"{len(studies)} stud"), row.id


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
