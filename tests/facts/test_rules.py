"""Screening rules: what clinical guidance asks before light (contraindications, red flags, mimics), as sound rows."""

from __future__ import annotations

import re

import pytest
from pydantic import TypeAdapter, ValidationError

from openpbm.facts.conditions import conditions, rls_criteria
from openpbm.facts.references import references
from openpbm.facts.rules import PlainNumber, Rule, When, computed, computed_rules, rules
from openpbm.facts.sites import sites
from openpbm.wording import ACTIONS, URGENCY

LOWER_SNAKE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
RULES = {rule.id: rule for rule in rules}


def asked_of(condition_id: str, programme: str) -> list[Rule]:
    return [
        rule
        for rule in rules
        if rule.if_unknown == "ask"
        and rule.when.finding
        and (not rule.programmes or programme in rule.programmes)
        and (not rule.conditions or condition_id in rule.conditions)
    ]


def test_ids_and_codes_are_unique_lower_case_words() -> None:
    assert len(RULES) == len(rules)
    for rule in rules:
        assert LOWER_SNAKE.fullmatch(rule.id), rule.id
        assert rule.when.finding is None or LOWER_SNAKE.fullmatch(rule.when.finding), rule.id


def test_one_code_is_one_question() -> None:
    questions: dict[str, set[str]] = {}
    for rule in rules:
        if rule.when.finding:
            questions.setdefault(rule.when.finding, set()).add(rule.question)
    assert all(len(asked) == 1 for asked in questions.values())
    assert all(question.endswith("?") for asked in questions.values() for question in asked)


def test_every_source_is_a_known_reference() -> None:
    assert {rule.source for rule in rules} <= set(references.ids)


def test_what_refers_says_how_fast_and_to_whom_and_nothing_else_does() -> None:
    for rule in rules:
        refers = rule.level in ("red_flag", "refer_before")
        assert (rule.urgency is not None) == refers, rule.id
        assert bool(rule.route) == refers, rule.id


def test_red_flags_are_within_a_day_or_so() -> None:
    assert all(rule.urgency in ("emergency", "same_day", "urgent") for rule in rules if rule.level == "red_flag")


def test_unknown_is_not_no_for_everything_above_a_caution() -> None:
    for rule in rules:
        if rule.level != "caution":
            assert rule.if_unknown == "ask", rule.id


def test_only_relative_rules_can_be_released() -> None:
    assert {rule.level for rule in rules if rule.releasable} == {"relative"}


def test_restrictions_name_things_that_exist() -> None:
    known_conditions = {row.id for row in conditions}
    known_programmes = {row.programme for row in conditions}
    known_sites = {site.id for site in sites}
    for rule in rules:
        assert set(rule.conditions) <= known_conditions, rule.id
        assert set(rule.programmes) <= known_programmes, rule.id
        assert set(rule.sites) <= known_sites, rule.id


def test_pregnancy_is_covered_at_every_site_exactly_once() -> None:
    covered = [site for rule in rules if rule.when.pregnant for site in rule.sites]
    assert sorted(covered) == sorted(site.id for site in sites)
    assert RULES["pregnancy_low_back"].level == "absolute"
    assert RULES["pregnancy"].level == "relative"


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("foot_ulcer", "red_flag"),
        ("charcot_foot", "red_flag"),
        ("cauda_equina_signs", "red_flag"),
        ("rapidly_ascending_weakness", "red_flag"),
        ("stroke_signs", "red_flag"),
        ("double_vision", "red_flag"),
        ("suicidal_thoughts", "red_flag"),
        ("deep_vein_thrombosis_suspected", "red_flag"),
        ("malignancy_in_field", "absolute"),
        ("suspicious_lesion_in_field", "absolute"),
        ("active_bleeding_in_field", "absolute"),
        ("malignancy_known", "relative"),
        ("loss_of_protective_sensation", "relative"),
        ("thyroid_in_field", "relative"),
        ("photosensitive_epilepsy", "relative"),
        ("porphyria", "relative"),
        ("recent_steroid_injection_in_field", "relative"),
        ("pacemaker", "caution"),
        ("walking_makes_symptoms_worse", "refer_before"),
        ("augmentation_suspected", "refer_before"),
    ],
)
def test_the_level_of_what_matters_most(code: str, level: str) -> None:
    assert RULES[code].level == level


def test_emergencies_of_the_routing_table_are_emergencies() -> None:
    for code in ("cauda_equina_signs", "rapidly_ascending_weakness", "stroke_signs", "chest_pain", "tetanus_signs"):
        assert RULES[code].urgency == "emergency"


@pytest.mark.parametrize("condition_id", ["rls_primary", "dpn", "cipn", "neuropathic_pain_unspecified"])
def test_whoever_may_light_a_foot_is_asked_about_sores_and_feeling(condition_id: str) -> None:
    programme = next(row.programme for row in conditions if row.id == condition_id)
    codes = {rule.when.finding for rule in asked_of(condition_id, programme)}
    assert {"foot_ulcer", "loss_of_protective_sensation", "deep_vein_thrombosis_suspected"} <= codes


def test_the_number_of_questions_stays_bearable() -> None:
    for row in conditions:
        assert len(asked_of(row.id, row.programme)) <= 52, row.id


def test_each_diagnostic_criterion_of_restless_legs_has_the_rule_that_denies_it() -> None:
    """IRLSSG 2014: five criteria, all needed."""
    assert len(rls_criteria) == 5
    for criterion in rls_criteria:
        assert criterion.finding is not None
        assert RULES[criterion.finding].level == "refer_before"


def test_dark_skin_and_children() -> None:
    """Fitzpatrick V-VI is a caution; below 18 years a clinician decides."""
    assert RULES["dark_skin"].when.skin_type_at_least == 5
    assert (RULES["child"].when.age_below_years, RULES["child"].level) == (18, "relative")


@pytest.mark.parametrize("content", [{}, {"finding": "a", "pregnant": True}, {"age_below_years": 18, "finding": "a"}])
def test_a_rule_has_exactly_one_trigger(content: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="exactly one"):
        TypeAdapter(When).validate_python(content)


def test_a_number_in_a_sentence_has_no_exponent() -> None:
    """ "5.3e+03 mW/cm2 on the skin" was told to people."""
    limit = computed("skin_irradiance_limit", distance=5.0, irradiance=5312.0, ratio="20", remedy="").message
    assert "At 5 mm this lamp can put 5,310 mW/cm2 on the skin, 20 times" in limit
    assert f"{PlainNumber(4.1e-6):.2g}" == "0.0000041"


def test_what_a_rule_says_names_no_key_of_a_file() -> None:
    # "Give condition.usual_onset" and "order_test" stood on the card of somebody's plan.
    key = re.compile(r"\b[a-z]+_[a-z_]+\b|\b(person|condition|course|placement|device|sites)\.[a-z]")
    for rule in (*rules, *computed_rules):
        words = re.sub(r"\{.*?\}", "", f"{rule.message} {rule.remedy} {rule.route or ''}")
        assert not key.search(words), (rule.id, words)
        assert getattr(rule, "action", None) in (None, *ACTIONS), rule.id
        assert rule.urgency is None or rule.urgency in URGENCY, rule.id


def test_a_caution_that_tells_a_dose_is_known_as_one_in_figures() -> None:
    """Whoever holds the lamp reads it behind how sure the plan is, and at the lamp what follows from it."""
    doses = {rule.id for rule in computed_rules if rule.level == "caution" and "/cm2" in rule.message}
    assert len(doses) > 5
    assert doses <= {rule.id for rule in computed_rules if rule.in_figures}
