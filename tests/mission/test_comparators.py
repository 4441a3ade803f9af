"""What the brief names beside light: a card each, in all four programmes; and what people hope for, graded."""

from __future__ import annotations

import pytest
from django.test import Client
from quick_plans import quick_plan
from reading_level import grade

from openpbm.facts.benefits import HOPES, benefits
from openpbm.facts.claims import broken_claims
from openpbm.facts.comparators import comparators
from openpbm.facts.learn import PROGRAMMES
from openpbm.facts.references import references
from openpbm.report.clinical_report import render_report

#: What articles 000 to 004 name beside light.
NAMED = {
    "rls": {"iron", "alpha_2_delta", "dopamine_agonists", "low_dose_opioid", "massage_and_warmth_rls"},
    "neuropathic_pain": {"nerve_pain_topicals", "nerve_pain_nsaids", "nerve_pain_opioids"},
    "neuropathy": {"nerve_pain_topicals", "nerve_pain_nsaids", "nerve_pain_opioids", "neuropathic_pain_medicines"},
    "muscle_spasm": {"muscle_relaxants", "muscle_nsaids", "heat", "massage", "rest", "cramp_treatments"},
}


@pytest.mark.django_db
def test_r_001_21_and_36_every_card_says_onset_certainty_harms_and_cost() -> None:
    page = Client().get("/learn/compare/").content.decode()
    assert page.count("How soon it works") == page.count("How sure that is") == len(comparators)
    for card in comparators:
        assert card.onset[0].text.replace("’", "&#x27;") in page
        assert f'id="{card.id}"' in page


def test_r_004_03_what_the_brief_names_has_a_card_in_its_programme() -> None:
    for programme, ids in NAMED.items():
        held = {card.id for card in comparators if programme in card.programmes}
        assert ids <= held, programme


@pytest.mark.django_db
def test_r_001_22_hopes_are_graded_on_learn_and_in_the_report() -> None:
    assert [(row.programme, row.hope) for row in benefits] == [(name, hope) for name in PROGRAMMES for hope in HOPES]
    assert {row.grade for row in benefits if row.hope in ("sleep", "fewer_medicines")} == {"not tested"}
    page, report = Client().get("/learn/benefits/").content.decode(), render_report(quick_plan(), {})
    for row in benefits:
        assert row.text in page
        assert (row.text in report) == (row.programme == "rls" or row.text in page_texts("rls"))
        assert broken_claims(row.text) == ()
        assert not row.verified or references[row.source].verified, row.id
    assert grade(" ".join(row.text for row in benefits)) <= 8.0


def page_texts(programme: str) -> set[str]:
    return {row.text for row in benefits if row.programme == programme}
