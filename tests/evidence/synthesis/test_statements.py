"""Statements of the evidence come from the rows: a row more, and everything that quotes them changes."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from pathlib import Path

import pytest
from invented_trials import sham_trial

from openpbm.evidence.synthesis import certainty_profile, evidence_statement, make_statement, pooled_effect, summarise
from openpbm.evidence.synthesis.certainty import results_code
from openpbm.evidence.synthesis.refresh import refreshed
from openpbm.evidence.table import EvidenceTable, shipped_table
from openpbm.evidence.table.folder import write_folder
from openpbm.facts.conditions import conditions
from openpbm.facts.main_outcomes import CertaintySignature
from openpbm.facts.study_rows import Outcome
from openpbm.facts.table import Table
from openpbm.planning.case_sections import evidence_of

ROOT = Path(__file__).resolve().parents[3]
#: The seven that a reader asks for first.
ASKED = ("rls_primary", "dpn", "cipn", "carpal_tunnel", "myofascial_spasm", "low_back_pain", "phn")


def alone(rows: EvidenceTable, condition: str = "rls_primary") -> tuple[float, float]:
    """Difference and error of the one trial of a table."""
    (result,) = summarise(rows, condition).results
    assert result.difference is not None, result.why_not
    assert result.error is not None
    return result.difference, result.error


def test_what_is_kept_is_what_the_rows_give() -> None:
    """Statements beside the rows and the table of docs/evidence.md: run scripts/refresh-evidence after a change."""
    for path, text in refreshed(ROOT).items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is old: run scripts/refresh-evidence"


@pytest.mark.parametrize("condition", ASKED)
def test_each_condition_that_is_asked_for_has_a_pool_or_a_reason(condition: str) -> None:
    statement = make_statement(summarise(shipped_table(), condition))
    words = ("Pooled over ", "One trial alone prints a number", "The trials cannot be pooled, because ")
    assert statement.pooled.startswith(words)
    assert statement.certainty in ("very low", "low", "moderate", "high")


def test_a_row_of_ones_own_reaches_plan_and_document(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Learn and the case report are held in tests/care and tests/report; they quote the same statement."""
    own = sham_trial("Own2026", measure="difference", value=-2.0, se=0.5)
    before = evidence_of(conditions["rls_primary"])
    write_folder(tmp_path, own)
    monkeypatch.setenv("OPENPBM_EVIDENCE", str(tmp_path))
    after = evidence_of(conditions["rls_primary"])
    assert "cannot be pooled" in before.statement
    assert "One trial alone prints a number: Own 2026 with 40 people" in after.statement
    assert "This counts 1 study that was added here." in after.statement
    document = refreshed(ROOT, shipped_table() + own)[ROOT / "docs/evidence.md"]
    assert "Own 2026" in document
    assert document != (ROOT / "docs/evidence.md").read_text(encoding="utf-8")
    cramps = sham_trial(
        "Cramps2026", condition="nocturnal_cramps", outcome="cramp_diary", measure="words", favours="light"
    )
    write_folder(tmp_path, cramps)
    found = evidence_of(conditions["nocturnal_cramps"])
    assert not found.no_trial
    assert "no trial found" not in found.statement


def test_leaving_out_the_trials_without_advantage_changes_the_number() -> None:
    summary = summarise(shipped_table(), "dpn")
    assert summary.pooled is not None
    assert summary.without_null is not None
    assert summary.without_null.estimate < summary.pooled.estimate - 0.3
    text = evidence_statement("dpn").text
    assert f"it would read {abs(summary.without_null.estimate):.1f}" in text
    back = summarise(shipped_table(), "low_back_pain")
    assert back.pooled is not None
    assert back.without_null is None


def test_a_figure_becomes_a_difference_and_its_error() -> None:
    assert alone(sham_trial("A", measure="difference", value=-2.0, se=0.5)) == (-2.0, 0.5)
    value, error = alone(sham_trial("A", measure="adjusted difference", ci_low=-4.0, ci_high=0.0))
    assert value == -2.0
    assert error == pytest.approx(2.0 / 2.0244, abs=1e-4)  # t of 38 degrees of freedom
    _, error = alone(sham_trial("A", measure="difference", value=-3.0, p="<0.001"))
    assert error == pytest.approx(3.0 / 3.5657, abs=1e-3)  # the largest that p = 0.001 leaves
    arms = sham_trial("A", measure="words", p="0.5", favours="neither")
    means = tuple(
        Outcome(
            study="A", arm=arm, outcome="irls", weeks=weeks, measure="mean", value=value, sd=6.0, n=20, place="t",
            read_in="full text",
        )
        for arm, weeks, value in (("light", 0, 25.0), ("sham", 0, 24.0), ("light", 4, 18.0), ("sham", 4, 20.0))
    )  # fmt: skip
    table = replace(arms, outcomes=(*arms.outcomes, *means))
    value, error = alone(table)
    assert value == pytest.approx(-3.0)
    assert error == pytest.approx(math.sqrt(2.0 * 2.0 * 36.0 * 0.4 / 20.0))
    wide = summarise(table, "rls_primary", correlation=0.5).results[0].error
    tight = summarise(table, "rls_primary", correlation=0.7).results[0].error
    assert wide is not None
    assert tight is not None
    assert tight < error < wide


def test_limbs_that_count_as_people_weigh_less() -> None:
    value, error = alone(sham_trial("A", unit="feet", measure="difference", value=-2.0, se=0.5))
    assert value == -2.0
    assert error == pytest.approx(0.5 * math.sqrt(1.6))


def test_scales_of_another_length_come_to_one() -> None:
    rows = sham_trial("A", condition="dpn", outcome="pain_vas_mm", measure="difference", value=-15.0, se=5.0)
    assert alone(rows, "dpn") == (-1.5, 0.5)


def test_why_a_trial_has_no_number_is_said() -> None:
    reasons = {
        "the text prints a verdict without a number": sham_trial("A", measure="words", p="<0.05", favours="light"),
        "the text prints no test between the arms": sham_trial("A", versus="", measure="words", favours="within"),
        "the text prints no deviation, error or interval": sham_trial("A", measure="difference", value=-2.0),
        "the text contradicts itself (they differ)": sham_trial(
            "A", measure="difference", value=-2.0, se=0.5, printed_conflict="se_as_sd: they differ"
        ),
        "the range of its scale was not read": sham_trial(
            "A", condition="dpn", outcome="pain_vas", measure="difference", value=-2.0, se=0.5
        ),
    }
    for reason, rows in reasons.items():
        (result,) = summarise(rows, rows.studies[0].condition).results
        assert (result.difference, result.why_not) == (None, reason)


def test_a_later_number_never_stands_in_for_the_end_of_treatment() -> None:
    """Djavid 2007 prints no difference at week 6, the end, and a gain at week 12: the gain is not what is pooled."""
    (djavid,) = (row for row in summarise(shipped_table(), "low_back_pain").results if row.study == "Djavid2007")
    assert (djavid.difference, djavid.time, djavid.no_advantage) == (None, "week 6", True)


def test_a_pool_of_two_and_of_three() -> None:
    three = [
        summarise(sham_trial(name, measure="difference", value=value, se=0.5), "rls_primary").results[0]
        for name, value in (("A", -1.0), ("B", -2.0), ("C", -3.0))
    ]
    two = pooled_effect(three[:2])
    whole = pooled_effect(three)
    assert two is not None
    assert whole is not None
    assert two.prediction is None
    assert whole.prediction is not None
    assert whole.estimate == pytest.approx(-2.0)
    # t of 2 degrees of freedom times the root of (scatter 1 / 3): by hand.
    assert whole.high - whole.estimate == pytest.approx(4.3027 * math.sqrt(1.0 / 3.0), abs=1e-3)


def test_a_signature_counts_for_the_results_it_was_given_for(monkeypatch: pytest.MonkeyPatch) -> None:
    summary = summarise(shipped_table(), "dpn")
    signed = CertaintySignature(
        condition="dpn", by="A. Reader", date=dt.date(2026, 11, 30), results=results_code(summary)
    )
    table = Table("signature", lambda: (signed,), key="condition")
    monkeypatch.setattr("openpbm.evidence.synthesis.certainty.certainty_signatures", table)
    assert certainty_profile(summary).signed == "signed by A. Reader, 30 November 2026"
    more = shipped_table() + sham_trial("Own2026", condition="dpn", outcome="nrs", value=-1.0, se=0.5)
    assert certainty_profile(summarise(more, "dpn")).signed == "unsigned draft"


def test_certainty_falls_for_reasons_that_are_named() -> None:
    profile = certainty_profile(summarise(shipped_table(), "dpn"))
    assert profile.signed == "unsigned draft"
    assert profile.level == "very low"
    assert [row.domain for row in profile.downgrades] == [
        "risk of bias", "inconsistency", "indirectness", "imprecision", "publication",
    ]  # fmt: skip
    assert all(row.why for row in profile.downgrades)
    assert certainty_profile(summarise(shipped_table(), "nocturnal_cramps")).level == "none"
