"""`openpbm claims`: JSON by its contract, and a table of 80 columns that a lay person reads."""

from __future__ import annotations

import json
import sys

import pytest

from openpbm.cli import main
from openpbm.facts.claims import brief_claims
from openpbm.facts.notice import NOTICE


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    monkeypatch.setattr(sys, "argv", ["openpbm", "claims", *words])
    with pytest.raises(SystemExit) as left:
        main()
    assert not left.value.code
    return capsys.readouterr().out


def test_json_is_a_list_of_the_contract_s_rows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = json.loads(run(monkeypatch, capsys, "--json"))
    keys = ["id", "claim", "where", "status", "correction", "source", "computed"]
    assert [list(row) for row in rows] == [keys] * len(brief_claims)
    depth = next(row for row in rows if "2-7 cm" in row["claim"])
    assert set(depth["computed"]["fraction_at_mm"]["20"]) == {"p5", "median", "p95"}
    assert next(row for row in rows if row["id"] == "no_tolerance")["computed"] is None


def test_the_table_fits_80_columns_and_says_what_not_shown_means(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    out = run(monkeypatch, capsys)
    assert max(map(len, out.splitlines())) <= 80
    said = " ".join(out.split())
    assert "2-7 cm" in out
    assert "not that it is false" in said
    assert NOTICE in said
    assert f"{len(brief_claims)} claims: unsafe 3, wrong 4" in said
