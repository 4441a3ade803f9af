"""What was found, what is missing and what it was read from: counted from the evidence table, by command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openpbm.cli.commands import app
from openpbm.evidence.synthesis import current_summary, evidence_statement, people_an_arm, pooled_conditions
from openpbm.facts.claims import brief_claims
from openpbm.facts.evidence_gaps import evidence_gaps
from openpbm.facts.studies import studies, studies_of

GAPS = ("parameters", "selection", "durability", "mechanism", "comparison", "cost")


def openpbm(*words: str) -> str:
    """What a command prints."""
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def gaps() -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(openpbm("evidence", "gaps", "--json"))
    return found


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of low back pain, which has no place where light at depth would have to be computed."""
    folder = tmp_path_factory.mktemp("evidence")
    openpbm("evidence", "report", "low_back_pain", "--out", str(folder))
    return folder


def test_r_000_11_each_gap_has_what_would_close_it_and_the_size_of_a_trial(gaps: list[dict[str, object]]) -> None:
    assert tuple(gap.id for gap in evidence_gaps) == GAPS
    legs = [row for row in gaps if row["condition"] == "rls_primary"]
    assert [row["id"] for row in legs] == list(GAPS)
    assert all(row["closes"] and row["holds"] and row["size"] for row in legs)
    # The sham course of the IRLS: spread 9.2 points, a difference of 3, a tenth lost.
    assert round(people_an_arm(9.2, 3.0)) == 148
    assert legs[0]["people"] == 3 * 165


def test_r_000_29_every_reference_says_where_it_was_read_and_searches_are_kept(report: Path) -> None:
    content = json.loads((report / "evidence_low_back_pain.json").read_text(encoding="utf-8"))
    assert len(content["references"]) == len(studies_of("low_back_pain"))
    assert all("(read: " in row for row in content["references"])
    assert any("retraction: none in the text read" in row for row in content["references"])
    assert all(len(row) == 5 and row[0] and row[2].startswith("2026-") for row in content["searches"])
    assert content["flow"]["hits"] == sum(int(row[3]) for row in content["searches"])


def test_r_001_19_what_was_found_to_date_is_told_from_the_table() -> None:
    listed = json.loads(openpbm("evidence", "list", "--condition", "rls_primary", "--json"))
    summary = current_summary("rls_primary")
    assert [row["id"] for row in listed] == [study.id for study in summary.studies]
    assert "cannot be pooled, because the only trial against sham light prints no number" in _statement("rls_primary")
    assert "One trial alone prints a number: Mohammadi 2018 with 60 people" in _statement("rls_ckd")


def test_r_001_20_what_is_missing_is_counted_from_the_table(gaps: list[dict[str, object]]) -> None:
    assert {row["condition"] for row in gaps} == set(pooled_conditions())
    by_id = {row["id"]: str(row["holds"]) for row in gaps if row["condition"] == "rls_primary"}
    assert by_id["parameters"].startswith("J/cm2 can be had for 0 of 4 arms with light")
    assert "0 trials with a medicine as an arm" in by_id["comparison"]
    assert by_id["cost"].startswith("No row holds a cost")


def _statement(condition: str) -> str:
    return evidence_statement(condition).text


def test_r_002_14_what_the_article_on_nerve_pain_rests_on_is_in_the_library() -> None:
    """Those its claims name; what else it may have listed stands in no text at hand."""
    library = openpbm("evidence", "references", "--format", "bibtex")
    told = [claim for claim in brief_claims if "R-002" in claim.where]
    for study in ("Ebadi2023", "Argenta2017"):
        (row,) = (row for row in studies if row.id == study)
        assert row.verified
        assert row.source in library
    assert "Gynecol Oncol" in library
    assert {"argenta2017", "van_hecke2014"} <= {claim.source for claim in told}
