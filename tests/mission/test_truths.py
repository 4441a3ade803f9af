"""What a reader must be told: bands counted apart, two doses that disagree, scores as they were given."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from quick_plans import TWO_COLOURS, quick_plan

from openpbm.cli import main
from openpbm.errors import BadInput
from openpbm.facts.bands import band_of, bands
from openpbm.facts.claims import brief_claims
from openpbm.facts.conditions import conditions
from openpbm.facts.studies import studies_of
from openpbm.report.clinical_report import render_report

COURSES = Path(__file__).parents[2] / "examples" / "courses"


@pytest.fixture
def openpbm(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs `openpbm ...` and gives what it printed."""

    def run(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["openpbm", *words])
        with pytest.raises(SystemExit):
            main()
        return capsys.readouterr().out

    return run


def test_r_000_17_red_light_in_an_infrared_protocol_is_told_and_not_counted_as_in_band() -> None:
    made = quick_plan(device__emitters=TWO_COLOURS)
    assert made.prescription is not None
    dose = made.prescription.skin_fluence_j_cm2
    assert dose is not None
    assert dose.in_band is not None
    # One part of three of this lamp's light is 660 nm.
    assert dose.in_band == pytest.approx(dose.planned * 2 / 3, rel=0.05)
    told = next(reason for reason in made.cautions if reason.rule == "part_outside_protocol")
    assert "660 nm, which the protocol does not have" in told.message


def test_r_000_18_the_two_doses_that_are_advised_stand_in_every_plan_and_report() -> None:
    """10-50 mW/cm2 over 20-30 min is 12-90 J/cm2; WALT 2022 has 2-6 (Robijns 2022, table 3). Refusals say it too."""
    allowed, refused = quick_plan(), quick_plan(person__findings={"malignancy_in_field": True})
    assert (allowed.verdict, refused.verdict) == ("allowed", "refused")
    for made in (allowed, refused):
        assert [row.fluence_j_cm2 for row in made.evidence.advised] == [(12.0, 90.0), (2.0, 6.0)]
        page = render_report(made, {})
        assert "12-90 J/cm²" in page
        assert "has 2-6. The two disagree" in page


def test_r_003_07_every_wavelength_has_a_name_between_red_and_infrared_too(openpbm: Callable[..., str]) -> None:
    edges = [(band.low_nm, band.high_nm) for band in bands]
    assert all(before[1] == after[0] for before, after in itertools.pairwise(edges))
    assert [band_of(nm).id for nm in (630, 699, 700, 780, 800, 999)] == [
        "red", "red", "far_red", "far_red", "near_infrared", "near_infrared",
    ]  # fmt: skip
    with pytest.raises(BadInput, match="outside 400-1100 nm"):
        band_of(1200.0)
    assert "808 nm (near" in openpbm("devices")


def test_r_002_02_a_condition_with_trials_is_never_told_that_there_are_none() -> None:
    assert len(studies_of("trigeminal_neuralgia")) == 4
    for condition in conditions:
        found = [row for row in studies_of(condition.id) if row.kind != "reanalysis"]
        assert condition.no_trial == (not found), condition.id
    assert "7 to 10 in 100" in brief_claims["nerve_pain_share"].correction


def test_r_000_10_the_published_case_is_told_with_its_last_score(openpbm: Callable[..., str]) -> None:
    """Mitchell 2010: 27 before, 2 at week 2, 0 at week 4. A mean of 2 and 0 must not hide the 0."""
    told = openpbm("case-report", str(COURSES / "published_rls"), "--json")
    assert "went from 27 before to 1, the average of 2 scores up to 2 February 2026, the last of them 0." in told
