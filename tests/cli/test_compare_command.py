"""Checks that two plans are held side by side and lamps ranked, in words, in JSON and as a picture."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from present import present
from quick_plans import QUICK, quick_plan
from typer.testing import CliRunner

from openpbm.case import case_of
from openpbm.cli.commands import app
from openpbm.facts.lamps import lamp_catalogue
from openpbm.planning.rank_lamps import rank_lamps


@pytest.fixture
def plans(tmp_path: Path) -> tuple[str, str]:
    names = []
    for number, distance_mm in enumerate((150, 300)):
        path = tmp_path / f"plan{number}.json"
        path.write_text(quick_plan(placement__distance_mm=distance_mm).to_json(), encoding="utf-8")
        names.append(str(path))
    return names[0], names[1]


def test_two_plans_stand_side_by_side(plans: tuple[str, str]) -> None:
    answer = CliRunner().invoke(app, ["compare", *plans, "--json"])
    assert answer.exit_code == 0
    rows = {row["name"]: row for row in json.loads(answer.stdout)}
    assert (rows["distance"]["first"], rows["distance"]["second"], rows["distance"]["ratio"]) == (150.0, 300.0, 2.0)
    assert "irradiance at the skin" in CliRunner().invoke(app, ["compare", *plans]).stdout


def test_both_doses_are_drawn_into_one_picture(plans: tuple[str, str], tmp_path: Path) -> None:
    picture = tmp_path / "both.png"
    assert CliRunner().invoke(app, ["compare", *plans, "--picture", str(picture)]).exit_code == 0
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_lamps_are_ranked_and_no_share_speaks_for_a_refused_one() -> None:
    from cases import changed

    released = {"rules": ["lamp_not_eye_safe"], "by": "Dr Lee"}
    ranked = rank_lamps(case_of(changed(release=released)), lamp_catalogue, quality=QUICK)
    # What a clinician released for the lamp of the case releases no other.
    laser = next(lamp for lamp in ranked if lamp.id == "laser_808_probe")
    assert "lamp_not_eye_safe" in dict(laser.reasons)
    assert {lamp.id for lamp in ranked} == {lamp.id for lamp in lamp_catalogue}
    allowed = [lamp.verdict == "allowed" for lamp in ranked]
    assert allowed == sorted(allowed, reverse=True)
    for lamp in ranked:
        assert bool(lamp.reasons) == (lamp.verdict != "allowed")
        assert lamp.chance_in_window is None or lamp.verdict == "allowed"
        # Minutes beside a refused lamp would read as an offer, in JSON as in the table.
        assert (lamp.minutes is None) == (lamp.total_minutes is None) == (lamp.verdict != "allowed")


def test_lamps_that_share_light_are_told_apart_as_by_light_of_their_own() -> None:
    """Recomputed apart: a plan of the same tissues under that lamp alone, within the 0.01 that is stated."""
    from dataclasses import replace

    from cases import changed

    from openpbm.case import Placement
    from openpbm.planning import Quality, make_plan
    from openpbm.safety import screen

    case, few = case_of(changed()), Quality(scenarios=32)
    compared = 0
    for lamp in rank_lamps(case, lamp_catalogue, quality=few):
        if lamp.chance_in_window is None:
            continue
        alone = replace(case, device=lamp_catalogue[lamp.id], placement=Placement())
        chosen = present(present(make_plan(screen(alone), quality=few).choice).chosen)
        assert lamp.minutes == chosen.session_minutes
        assert lamp.chance_in_window == pytest.approx(present(chosen.chance_in_window), abs=0.01)
        compared += 1
    assert compared > 1


def test_a_lamp_of_which_no_session_fits_is_refused_before_any_light_is_computed() -> None:
    from cases import changed

    (ranked,) = rank_lamps(case_of(changed()), [lamp_catalogue["laser_808_probe"]], quality=QUICK)
    assert "no_dose_within_limits" in dict(ranked.reasons)
    assert (ranked.verdict, ranked.distance_mm, ranked.binds) == ("refused", 0.0, ())
