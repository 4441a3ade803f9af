"""What a diagnosis says about findings: sound rows, and every condition and every finding walked."""

from __future__ import annotations

from openpbm.facts.conditions import conditions
from openpbm.facts.references import references
from openpbm.facts.rules import PREGNANT, finding_codes, implications, implied_by, rules

# Conditions that say nothing about any finding; a new condition must be put here or into the table.
SAY_NOTHING = {
    "carpal_tunnel",
    "low_back_spasm",
    "myofascial_spasm",
    "neuropathic_pain_unspecified",
    "nocturnal_cramps",
    "phn",
    "post_stroke_pain",
    "post_surgical_neuropathy",
    "radiculopathy",
    "restless_arms",
    "rls_primary",
    "spasticity",
    "trigeminal_neuralgia",
    "upper_back_spasm",
    "crps",
    "exercise_cramps",
}


def test_rows_name_what_exists() -> None:
    for row in implications:
        assert row.diagnosis is None or row.diagnosis in conditions, row.id
        assert row.answered is None or row.answered in finding_codes(), row.id
        assert row.finding in (*finding_codes(), PREGNANT), row.id
        assert row.source in references, row.id
        # A finding that no rule fires on could be implied and never be heard of.
        assert any(
            rule.when.finding == row.finding or (rule.when.pregnant and row.finding == PREGNANT) for rule in rules
        )


def test_every_condition_says_something_or_is_known_to_say_nothing() -> None:
    speaking = {row.id for row in conditions if implied_by(row.id)}
    assert speaking | SAY_NOTHING == set(conditions.ids)
    assert not speaking & SAY_NOTHING


def test_every_neuropathy_is_a_known_neuropathy() -> None:
    for condition in conditions:
        if condition.programme == "neuropathy":
            assert "neuropathy_known" in {row.finding for row in implied_by(condition.id)}, condition.id
