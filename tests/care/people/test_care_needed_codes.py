"""The path asks every code that a rule needs of this person, and answers none that did not stand on its screen."""

from __future__ import annotations

import pytest

from openpbm.care.people.needed_codes import Chosen, answered_alone, needed_codes
from openpbm.care.people.questions import GROUPS
from openpbm.care.people.short_questions import SHORT_QUESTIONS
from openpbm.care.people.ticked_questions import TickedQuestionsForm, codes_of_page
from openpbm.case import case_of
from openpbm.facts.conditions import conditions
from openpbm.facts.rules import rules
from openpbm.files import JsonObject
from openpbm.safety import screen

PAGES = ("signs", "doctor", "skin", "health")
CALF = Chosen(sites=frozenset({"posterior_calf"}), lamp_kinds=frozenset({"panel"}))
BACK = Chosen(sites=frozenset({"lower_back"}), lamp_kinds=frozenset({"whole_body"}))
PLANNED = [row.id for row in conditions if not row.specialist_only]
#: Each complaint with one of these in turn, so that all are met without the product of both.
WHO = (("male", 44.0), ("female", 30.0), ("female", 62.0), (None, 50.0))


def _document(diagnosis: str, sex: str | None, age_years: float) -> JsonObject:
    person: JsonObject = {
        "sex": sex,
        "age_years": age_years,
        "height_cm": 170,
        "weight_kg": 70,
        "skin_type": 2,
        "medications": [],
    }
    person = {key: value for key, value in person.items() if value is not None}
    return {"person": person, "condition": {"diagnosis": diagnosis, "confirmed_by": "neurologist"}}


def _asked_by_the_rules(document: JsonObject, site: str, lamp: str) -> set[str]:
    """The codes of every rule that the core finds unanswered, in a case without a single answer."""
    case = document | {"sites": [{"site": site, "side": "both"}], "device": {"id": lamp}}
    case |= {"course": {"start_date": "2027-01-04", "supervision": "self"}}
    found = screen(case_of(case, "case"))
    unanswered = {row.rule for row in (*found.reasons, *found.cautions) if row.question}
    return {rule.when.finding or "pregnant" for rule in rules if rule.id in unanswered and rule.question}


@pytest.mark.parametrize("number", range(len(PLANNED)), ids=PLANNED)
def test_the_screens_ask_all_that_the_rules_need(number: int) -> None:
    diagnosis, (sex, age_years) = PLANNED[number], WHO[number % len(WHO)]
    document = _document(diagnosis, sex, age_years)
    for chosen, site, lamp in ((CALF, "posterior_calf", "panel_660_850"), (BACK, "lower_back", "whole_body_660_850")):
        asked = [code for page in PAGES for code in codes_of_page(page, document, chosen)]
        assert len(asked) == len(set(asked))
        assert set(asked) == needed_codes(document, chosen)
        assert _asked_by_the_rules(document, site, lamp) <= set(asked)
        # The age keeps the question away, and not the button.
        assert ("pregnant" in asked) == (sex != "male" and age_years <= 60)


def test_every_line_says_what_its_question_asks() -> None:
    asked = {code for group in GROUPS if group.id != "done-so-far" for code in group.codes}
    assert asked | {"pregnant"} == SHORT_QUESTIONS.keys()


def _form(sent: dict[str, str] | None, page: str = "skin", **about: object) -> TickedQuestionsForm:
    document = _document("nocturnal_cramps", "female", 30.0) | about
    return TickedQuestionsForm(sent, document=document, page=page, chosen=CALF)


def test_the_button_answers_no_line_that_nobody_may_release() -> None:
    form = _form({})
    unreleasable = {rule.when.finding for rule in rules if rule.level == "absolute" and rule.if_unknown == "ask"}
    assert unreleasable & set(form.codes) == set(form.alone) != set()
    assert not form.is_valid()
    assert set(form.errors) == set(form.alone)
    assert not unreleasable & form.document["person"].get("findings", {}).keys()


def test_a_tick_is_yes_a_question_mark_is_doubt_and_the_rest_is_no() -> None:
    sent = {code: "no" for code in _form(None).alone} | {"albinism": "on", "unsure_porphyria": "on"}
    # Both ticked, the graver counts.
    form = _form(sent | {"solar_urticaria": "on", "unsure_solar_urticaria": "on"})
    assert form.is_valid(), form.errors
    findings = form.document["person"]["findings"]
    assert findings["albinism"] is True
    assert findings["porphyria"] == "unknown"
    assert findings["solar_urticaria"] is True
    assert set(findings) == set(form.codes), "what stood on another screen stays unanswered"
    assert all(
        findings[code] is False for code in form.codes if code not in ("albinism", "porphyria", "solar_urticaria")
    )


def test_what_another_answer_speaks_of_is_asked_by_itself() -> None:
    document = _document("rls_ckd", "male", 60.0)
    assert answered_alone("dialysis", document)
    form = TickedQuestionsForm({}, document=document, page="health", chosen=CALF)
    assert "dialysis" in form.alone
    assert not form.is_valid()


def test_what_the_complaint_has_answered_is_not_asked_again() -> None:
    # "Known neuropathy?" was asked of nerve damage by diabetes, and a no was refused with the code of the diagnosis.
    document = _document("dpn", "male", 60.0)
    assert "neuropathy_known" not in needed_codes(document, CALF)
    # A no that was kept beside another complaint can be mended.
    document["person"]["findings"] = {"neuropathy_known": False}
    assert "neuropathy_known" in needed_codes(document, CALF)


def test_pregnancy_is_asked_first_and_by_itself() -> None:
    form = _form({}, page="health")
    assert form.codes[0] == form.alone[0] == "pregnant"
    assert "pregnant" in form.errors
    form = _form({"pregnant": "unknown"}, page="health")
    assert form.is_valid(), form.errors
    assert form.document["person"]["pregnant"] == "unknown"
