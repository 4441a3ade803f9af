"""Whatever the formulas of pooling name as their source stands in the library, and nothing stands there unnamed."""

from __future__ import annotations

import re
from pathlib import Path

import openpbm.evidence
from openpbm.facts.references import Reference, references
from openpbm.facts.table import read_list

PACKAGE = Path(openpbm.evidence.__file__).parent


def test_every_source_of_a_formula_is_a_reference_and_each_is_used() -> None:
    texts = [file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py")]
    named = {id for text in texts for id in re.findall(r"`([a-z]+[12]\d{3}[a-z]?)`", text)}
    assert "knapp2003" in named
    assert sorted(named - {row.id for row in references}) == []
    ours = {row.id for row in read_list("references_pooling.toml", "references", Reference)}
    assert sorted(ours - named) == []
