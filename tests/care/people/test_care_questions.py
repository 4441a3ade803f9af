"""Every screening code is asked in plain words, on one page, of everybody it matters to."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from openpbm.care.people.actions.intake import check_answers
from openpbm.care.people.intake_steps import steps_for
from openpbm.care.people.question_forms import QUESTION_FORMS
from openpbm.care.people.questions import GROUPS, asked_codes, question
from openpbm.facts.conditions import conditions
from openpbm.facts.rules import finding_codes, rules
from openpbm.safety.person_check import answer_reasons


def test_each_code_stands_on_one_page_and_is_a_question() -> None:
    placed = Counter(code for group in GROUPS for code in group.codes)
    assert placed == Counter(finding_codes())
    for code in placed:
        assert question(code).endswith("?"), code
        assert len(question(code)) > 15, code


# A man with restless legs in pregnancy is a contradiction, said before anything is asked.
_COMPLAINTS = [
    (row.id, sex)
    for row in conditions
    for sex in ("female", "male", None)
    if (row.id, sex) != ("rls_pregnancy", "male")
]


@pytest.mark.parametrize(("diagnosis", "sex"), _COMPLAINTS)
def test_what_the_core_misses_was_asked(diagnosis: Any, sex: str | None) -> None:
    document = {"person": {"sex": sex, "findings": {}}, "condition": {"diagnosis": diagnosis}}
    missing = {reason.rule for reason in answer_reasons(check_answers(document)) if reason.kind == "missing"}
    asked = asked_codes(document)
    codes = {rule.when.finding for rule in rules if rule.id in missing and rule.when.finding}
    assert codes <= asked
    assert len(asked) < len(finding_codes()), "only what matters to the complaint"


def test_a_doubt_is_asked_again_although_it_does_not_matter_to_the_complaint() -> None:
    document = {"person": {"findings": {"thenar_wasting": "unknown"}}, "condition": {"diagnosis": "rls_primary"}}
    assert "thenar_wasting" in asked_codes(document)


def test_one_tick_for_the_rest_answers_nothing_the_diagnosis_speaks_of() -> None:
    document = {"person": {}, "condition": {"diagnosis": "cipn"}}
    form = QUESTION_FORMS["skin"]({"rest_is_no": "on"}, document=document)
    assert form.is_valid(), form.errors
    findings = form.document["person"]["findings"]
    assert findings["tattoo_in_field"] is False
    assert not {"malignancy_known", "malignancy_in_field"} & set(findings)


def test_a_no_beside_the_diagnosis_is_said_at_its_question() -> None:
    document = {"person": {}, "condition": {"diagnosis": "rls_ckd"}}
    form = QUESTION_FORMS["illnesses"]({"chronic_kidney_disease": "no"}, document=document)
    assert "chronic_kidney_disease" in form.errors


@pytest.mark.parametrize(("diagnosis", "expected"), [("rls_primary", True), ("dpn", False)])
def test_iron_and_the_pages_of_restless_legs_are_for_restless_legs(diagnosis: str, expected: bool) -> None:
    ids = [step.id for step in steps_for({"condition": {"diagnosis": diagnosis}})]
    assert ("iron" in ids) is expected
    assert ids[:2] == ["about", "complaint"]


def test_health_is_asked_in_topics_of_at_most_nine_questions() -> None:
    for id in ("nerves", "heart", "health", "illnesses"):
        form = QUESTION_FORMS[id](None, document={})
        assert len([name for name in form.fields if name != "rest_is_no"]) <= 9, id


@pytest.mark.parametrize("diagnosis", [row.id for row in conditions])
def test_once_the_complaint_is_said_the_number_of_pages_stays(diagnosis: str) -> None:
    condition = {"diagnosis": diagnosis}
    first = [step.id for step in steps_for({"condition": condition})]
    for answer in (True, False, "unknown"):
        for group in GROUPS:
            if group.id in first:
                shown = QUESTION_FORMS[group.id](None, document={"condition": condition}).codes()
                document = {"condition": condition, "person": {"findings": dict.fromkeys(shown, answer)}}
                assert [step.id for step in steps_for(document)] == first, group.id
