"""The claims ledger: rows complete and sourced, numbers those of a direct solve, nothing unproven said to happen."""

from __future__ import annotations

import re
from typing import get_args

import numpy as np
import pytest
from reading_level import grade

from openpbm.device import beam
from openpbm.facts.claims import STATUS_WORDS, Claim, ClaimStatus, brief_claims, broken_claims, prohibited_claims
from openpbm.facts.lamps import lamp_catalogue
from openpbm.facts.references import references
from openpbm.facts.sites import sites
from openpbm.person import Person
from openpbm.planning.claims_ledger import claims_ledger
from openpbm.planning.light import axial_light, stacks_of
from openpbm.tissue import draw_tissues
from openpbm.transport.plane_stacks import Incidence

ROWS = {row.claim.id: row for row in claims_ledger()}


def numbers(id: str) -> dict[str, object]:
    computed = ROWS[id].computed
    assert computed is not None
    return dict(computed.values)


def test_every_row_is_whole_and_its_source_exists() -> None:
    assert set(STATUS_WORDS) == set(get_args(ClaimStatus)) == {row.status for row in brief_claims}
    for row in brief_claims:
        assert all(re.fullmatch(r"R-00[0-4]-\d\d", place) for place in row.where.split(", ")), row.id
        assert row.source in references, row.id
        assert not row.verified or references[row.source].verified, row.id


def test_every_article_and_every_forbidden_claim_of_the_brief_is_in_it() -> None:
    assert {row.where[:5] for row in brief_claims} == {f"R-00{article}" for article in range(5)}
    both = {row.id for row in prohibited_claims} & set(ROWS)
    assert both >= {"eyewear_unnecessary", "lowers_pain_threshold", "ebadi_misquoted", "no_tolerance"}
    assert ROWS["eyewear_unnecessary"].claim.status == "unsafe"
    assert ROWS["lowers_pain_threshold"].claim.status == "wrong"
    assert ROWS["no_tolerance"].claim.status == "unproven"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"claim": "x"}, "claim, where and status come together"),
        ({"pattern": "x"}, "pattern and why come together"),
        ({}, "neither made by the brief nor forbidden"),
    ],
)
def test_half_a_row_is_refused(fields: dict[str, str], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Claim(id="x", correction="x", source="x", **fields)  # type: ignore[arg-type]


def test_no_row_promises_anything_or_says_that_the_unproven_happens() -> None:
    assert {id: broken_claims(f"{row.claim.claim} {row.text}") for id, row in ROWS.items()} == dict.fromkeys(ROWS, ())
    denies = re.compile(r"\bno\b|\bnot\b|nothing|nobody|missing|none|hardly|cannot|little|depends|worse")
    for id, row in ROWS.items():
        if row.claim.status == "unproven":
            assert denies.search(row.text.lower()), id


def test_eighth_graders_read_every_row() -> None:
    grades = {id: grade(f"{row.claim.claim} {row.text}") for id, row in ROWS.items()}
    assert {id: level for id, level in grades.items() if level > 8.0} == {}


def test_depth_is_a_direct_solve_over_the_surface_and_falls() -> None:
    row = ROWS["penetrates_centimetres"]
    assert "2-7 cm" in row.claim.claim
    assert row.claim.status == "overstated"
    tissues = draw_tissues(sites["posterior_calf"], Person(), count=256, seed=0)
    depths = np.broadcast_to([0.0, 20.0, 30.0, 50.0, 70.0], (256, 5))
    rates, _ = axial_light(stacks_of(tissues, 850.0), Incidence.plane_wave(), depths)
    expected = np.percentile(rates[:, 1:] / rates[:, :1], [5, 50, 95], axis=0)
    found = numbers("penetrates_centimetres")
    assert list(found) == ["fraction_at_mm"]
    bands = found["fraction_at_mm"]
    assert isinstance(bands, dict)
    assert list(bands) == ["20", "30", "50", "70"]
    assert [list(band) for band in bands.values()] == [["p5", "median", "p95"]] * 4
    table = np.array([list(band.values()) for band in bands.values()])
    np.testing.assert_allclose(table, expected.T, rtol=1e-9)
    assert (np.diff(table, axis=0) < 0).all()
    assert (np.diff(table, axis=1) > 0).all()
    # A few percent or less at 2 cm, as the correction says.
    assert table[0, 2] < 0.05


def test_numbers_by_hand() -> None:
    """Minutes x 60 s x mW/cm2; 30 mW/cm2 x 0.8 m2; 18000 t^-0.75 W/m2 for the eye (IEC 62471)."""
    dose = numbers("rls_dose")
    assert dose["skin_fluence_j_cm2"] == pytest.approx({"low": 10 * 20 * 0.06, "high": 50 * 30 * 0.06})
    assert dose["course_skin_fluence_j_cm2"] == pytest.approx({"low": 144.0, "high": 2160.0})
    assert dose["cancer_guideline_skin_fluence_j_cm2"] == {"low": 2.0, "high": 6.0}
    assert numbers("up_to_an_hour")["skin_fluence_j_cm2"] == pytest.approx({"low": 12.0, "high": 180.0})
    body = numbers("whole_body")
    assert (body["power_w"], body["energy_kj"]) == pytest.approx((30e-3 * 8000, 288.0))
    seconds = numbers("eyewear_unnecessary")["bare_eye_cornea_seconds_at_mw_cm2"]
    assert seconds == pytest.approx({"10": 30000.0, "30": 60.0 ** (4 / 3), "50": 36.0 ** (4 / 3)})


def test_near_a_panel_light_falls_more_slowly_than_the_inverse_square() -> None:
    found = numbers("four_numbers_matter")
    near, far = (float(beam(lamp_catalogue["panel_660_850"], z).irradiance_mw_cm2(0.0, 0.0)) for z in (150.0, 300.0))
    assert found["share_kept_at_twice_the_distance"] == pytest.approx(far / near)
    assert far / near > 1.5 * 0.25
    assert found["share_by_inverse_square"] == 0.25


def test_only_claims_that_physics_can_answer_carry_numbers() -> None:
    with_numbers = {id for id, row in ROWS.items() if row.computed is not None}
    assert with_numbers == {
        "penetrates_centimetres", "rls_dose", "up_to_an_hour", "eyewear_unnecessary", "four_numbers_matter",
        "whole_body",
    }  # fmt: skip
