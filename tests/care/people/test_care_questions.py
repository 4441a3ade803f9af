"""Every screening code is asked in plain words, on one page, of everybody it matters to."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from openpbm.care.people.actions.intake import check_answers
from openpbm.care.people.intake_steps import steps_for
from openpbm.care.people.questions import GROUPS, asked_codes, question
from openpbm.facts.conditions import conditions
from openpbm.facts.rules import finding_codes, rules
from openpbm.safety.answers import answer_reasons


def test_each_code_stands_on_one_page_and_is_a_question() -> None:
    placed = Counter(code for group in GROUPS for code in group.codes)
    assert placed == Counter(finding_codes())
    for code in placed:
        assert question(code).endswith("?"), code
        assert len(question(code)) > 15, code


@pytest.mark.parametrize("diagnosis", [row.id for row in conditions])
@pytest.mark.parametrize("sex", ["female", "male", None])
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


@pytest.mark.parametrize(("diagnosis", "expected"), [("rls_primary", True), ("dpn", False)])
def test_iron_and_the_pages_of_restless_legs_are_for_restless_legs(diagnosis: str, expected: bool) -> None:
    ids = [step.id for step in steps_for({"condition": {"diagnosis": diagnosis}})]
    assert ("iron" in ids) is expected
    assert ids[:2] == ["about", "complaint"]
