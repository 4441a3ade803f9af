"""Opened when nerve damage from chemotherapy was allowed without one question about the cancer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cases import make_case

from openpbm.case import case_of
from openpbm.errors import BadInput
from openpbm.facts.conditions import conditions
from openpbm.facts.rules import PREGNANT, implied_by
from openpbm.safety import screen

FEET = [{"site": "foot_sole", "side": "both"}]


def with_answers(folder: Path, diagnosis: str, **findings: Any) -> Any:
    return make_case(
        folder, condition__diagnosis=diagnosis, sites=FEET, person__findings={"none_other": True} | findings
    )


def rules_at(screening: Any, level: str) -> set[str]:
    return {reason.rule for reason in (*screening.reasons, *screening.cautions) if reason.level == level}


def test_one_no_for_the_rest_leaves_the_cancer_of_a_chemotherapy_open(tmp_path: Path) -> None:
    screening = screen(with_answers(tmp_path, "cipn"))
    assert screening.verdict == "ask"
    assert {"malignancy_known", "malignancy_in_field", "radiotherapy_field_unhealed"} <= rules_at(screening, "ask")


def test_said_the_cancer_goes_to_a_clinician(tmp_path: Path) -> None:
    said = {"malignancy_known": True, "malignancy_in_field": False, "radiotherapy_field_unhealed": False}
    assert screen(with_answers(tmp_path, "cipn", **said)).verdict == "needs_clinician"


def test_silence_on_what_the_diagnosis_says_is_yes(tmp_path: Path) -> None:
    screening = screen(with_answers(tmp_path, "rls_ckd", dialysis=False))
    assert "chronic_kidney_disease" in rules_at(screening, "caution")
    assert "neuropathy_known" in rules_at(screen(with_answers(tmp_path, "dpn")), "caution")


def test_silence_on_dialysis_is_asked_with_diseased_kidneys(tmp_path: Path) -> None:
    assert "dialysis" in rules_at(screen(with_answers(tmp_path, "rls_ckd")), "ask")


@pytest.mark.parametrize("diagnosis", conditions.ids)
def test_a_no_beside_the_diagnosis_is_a_problem_and_doubt_is_asked(tmp_path: Path, diagnosis: str) -> None:
    for row in implied_by(diagnosis):
        changes: dict[str, Any] = {"condition__diagnosis": diagnosis, "sites": FEET}
        no: dict[str, Any]
        doubt: dict[str, Any]
        if row.finding == PREGNANT:
            no, doubt = {"person__pregnant": False}, {"person__pregnant": "unknown"}
        else:
            no = {"person__findings": {"none_other": True, row.finding: False}, "person__pregnant": ...}
            doubt = {"person__findings": {"none_other": True, row.finding: "unknown"}}
        if row.no == "contradiction":
            with pytest.raises(BadInput, match=row.finding):
                make_case(tmp_path, **changes, **no)
        else:
            make_case(tmp_path, **changes, **no)
        asked = rules_at(screen(make_case(tmp_path, **changes, **doubt)), "ask")
        assert row.finding in asked or (row.finding == PREGNANT and "pregnancy" in asked)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"condition__diagnosis": "rls_pregnancy", "person__sex": "male", "person__pregnant": ...}, "person.sex"),
        ({"person__findings": {"dialysis": True, "chronic_kidney_disease": False}}, "chronic_kidney_disease"),
        ({"person__findings": {"restless_legs_in_pregnancy": True}}, "person.pregnant"),
        (
            {"condition": {"programme": "neuropathy"}, "person__findings": {"neuropathy_known": False}},
            "neuropathy_known",
        ),
    ],
)
def test_other_answers_contradict_too(tmp_path: Path, changes: dict[str, Any], key: str) -> None:
    with pytest.raises(BadInput, match=key):
        make_case(tmp_path, **changes)


def test_pregnancy_is_told_by_the_diagnosis(tmp_path: Path) -> None:
    screening = screen(make_case(tmp_path, condition__diagnosis="rls_pregnancy", person__pregnant=...))
    assert {"pregnancy"} <= rules_at(screening, "relative")


@pytest.mark.parametrize(
    ("diagnosis", "findings"),
    [
        ("trigeminal_neuralgia", {}),
        ("post_stroke_pain", {}),
        ("phn", {"ophthalmic_zoster": True}),
        ("rls_primary", {"foot_ulcer": True}),
        ("carpal_tunnel", {"thenar_wasting": True}),
    ],
)
def test_who_must_see_a_doctor_hears_it_whatever_the_place(
    tmp_path: Path, diagnosis: str, findings: dict[str, bool]
) -> None:
    """Opened when face pain with the face as its place ended with "not a known site" and no word of a specialist."""
    places = [{"site": "face", "side": "right"}]
    screening = screen(
        make_case(
            tmp_path,
            condition__diagnosis=diagnosis,
            sites=places,
            person__findings={"none_other": True} | findings,
        )
    )
    assert screening.verdict == "refer"
    assert screening.exposure is None


def test_a_place_nobody_knows_stays_a_problem_where_nothing_refers() -> None:
    with pytest.raises(BadInput, match="not a known site"):
        case_of(
            {
                "person": {"findings": {"none_other": True}},
                "condition": {"diagnosis": "phn"},
                "sites": [{"site": "scalp", "side": "left"}],
                "device": {"id": "laser_808_probe"},
            }
        )
