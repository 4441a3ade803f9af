"""Every rule is spoken by some code, every number is used, and each has a known source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import openpbm.delivery
from openpbm.errors import FactsError
from openpbm.facts.claims import broken_claims
from openpbm.facts.delivery import delivery_rule, delivery_rules, tolerance, tolerances
from openpbm.facts.references import references

CODE = "".join(path.read_text(encoding="utf-8") for path in Path(openpbm.delivery.__file__).parent.glob("*.py"))


def test_no_row_is_idle() -> None:
    words = set(re.findall(r'"([a-z_]+)"', CODE))
    assert delivery_rules().keys() <= words
    assert tolerances().keys() <= words


def test_every_row_has_a_known_source() -> None:
    assert {row.source for row in (*tolerances().values(), *delivery_rules().values())} <= references().keys()


def test_no_message_makes_a_forbidden_claim() -> None:
    assert [rule.id for rule in delivery_rules().values() if broken_claims(rule.message)] == []


def test_a_wrong_name_is_an_error_of_ours() -> None:
    with pytest.raises(FactsError, match="no row 'minutes'"):
        tolerance("minutes")
    with pytest.raises(FactsError, match="no rule 'doubling'"):
        delivery_rule("doubling")
