"""Every rule is spoken by some code, every number is used, and each has a known source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import openpbm.delivery
from openpbm.errors import FactsError
from openpbm.facts.claims import broken_claims
from openpbm.facts.delivery import delivery_rules, skin_reactions, tolerance, tolerances
from openpbm.facts.references import references

CODE = "".join(path.read_text(encoding="utf-8") for path in Path(openpbm.delivery.__file__).parent.glob("*.py"))


def test_no_row_is_idle() -> None:
    words = set(re.findall(r'"([a-z_]+)"', CODE))
    assert set(delivery_rules.ids) <= words
    assert set(tolerances.ids) <= words


def test_every_row_has_a_known_source() -> None:
    assert {row.source for row in (*tolerances, *delivery_rules)} <= set(references.ids)


def test_no_message_makes_a_forbidden_claim() -> None:
    assert [rule.id for rule in delivery_rules if broken_claims(rule.message)] == []


def test_grades_of_the_five_words_about_the_skin() -> None:
    """Warmth 0, redness 1, pain and blister 2, in the manner of CTCAE v5 (clinical facts, section 5; unverified)."""
    grades = {row.reaction: row.grade for row in skin_reactions}
    assert grades == {"none": 0, "warmth": 0, "redness": 1, "pain": 2, "blister": 2}


def test_done_reaches_below_the_band_that_needs_no_mark() -> None:
    assert 0 < tolerance("done_ratio_lowest") < tolerance("minutes_ratio_lowest") < 1


def test_a_wrong_name_is_an_error_of_ours() -> None:
    with pytest.raises(FactsError, match='tolerance = "minutes": unknown'):
        tolerance("minutes")
    with pytest.raises(FactsError, match='delivery rule = "doubling": unknown'):
        delivery_rules["doubling"]
