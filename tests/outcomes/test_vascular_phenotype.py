"""The vascular hypothesis: a bound counts where its row says, and what was not measured is unknown, never absent."""

from __future__ import annotations

import pytest

from openpbm.errors import BadInput
from openpbm.facts.references import references
from openpbm.facts.vascular_signs import vascular_signs
from openpbm.outcomes.measures.vascular_phenotype import find_vascular_phenotype


def state(id: str, value: float | None) -> str:
    found = find_vascular_phenotype({id: value})
    return next(str(sign["state"]) for sign in found["signs"] if sign["id"] == id)


def test_nothing_known_is_no_score() -> None:
    """Property: without a finding there is no number, not a zero."""
    found = find_vascular_phenotype({})
    assert (found["score"], found["known"], found["of"]) == (None, 0, 5)
    assert {sign["state"] for sign in found["signs"]} == {"unknown"}


@pytest.mark.parametrize(
    ("id", "value", "expected"),
    [
        ("ankle_brachial_index", 0.89, "present"),
        ("ankle_brachial_index", 0.9, "absent"),
        ("ankle_brachial_index", 1.4, "absent"),
        ("ankle_brachial_index", 1.41, "unreadable"),
        ("tcpo2_mmhg", 39.9, "present"),
        ("tcpo2_mmhg", 40, "absent"),
        ("venous_reflux_seconds", 0.5, "present"),
        ("venous_reflux_seconds", 0.4, "absent"),
        ("venous_class", 2, "absent"),
        ("venous_class", 3, "present"),
        ("laser_doppler_peak_ratio", None, "unknown"),
    ],
)
def test_each_sign_turns_at_its_bound(id: str, value: float | None, expected: str) -> None:
    """Bounds as remembered: 0.9 and 1.4, 40 mmHg, half a second, class 3."""
    assert state(id, value) == expected


def test_unreadable_index_is_neither_present_nor_known() -> None:
    """Property: a stiff artery says nothing either way."""
    found = find_vascular_phenotype({"ankle_brachial_index": 1.6, "venous_class": 4})
    assert (found["score"], found["known"]) == (1, 1)


def test_every_sign_present_is_the_highest_score() -> None:
    """Property: the score counts signs, and says it is a hypothesis."""
    worst = {sign.id: sign.minimum if sign.present_below is not None else sign.maximum for sign in vascular_signs}
    found = find_vascular_phenotype(worst)
    assert found["score"] == found["of"] == found["known"]
    assert str(found["label"]).startswith("hypothesis")


def test_r_000_06_no_bound_of_the_vascular_signs_is_said_to_be_checked() -> None:
    """Property: numbers from memory are marked so, and their source is on the list."""
    assert not any(sign.verified for sign in vascular_signs)
    assert {sign.source for sign in vascular_signs} <= set(references.ids)


def test_impossible_findings_are_named_one_a_line() -> None:
    """Property: thing, value, limit and remedy of each problem at once."""
    wrong = {"ankle_brachial_indx": 1.0, "tcpo2_mmhg": -1, "venous_class": True, "venous_reflux_seconds": float("nan")}
    with pytest.raises(BadInput) as caught:
        find_vascular_phenotype(wrong)
    assert len(caught.value.problems) == 4
    assert "did you mean ankle_brachial_index" in str(caught.value.problems[0])
    assert "0 to 150 mmHg" in str(caught.value.problems[1])
