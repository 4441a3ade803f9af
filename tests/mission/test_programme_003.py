"""Article 003, peripheral neuropathy: what its requirements ask for, tried by command and by what a checkpoint says."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
from cases import changed
from courses import diary, make_course

from openpbm.case import Case, case_of
from openpbm.course.records import DiaryDay
from openpbm.errors import BadInput
from openpbm.facts.felt import read_felt
from openpbm.outcomes.decision import checkpoint
from openpbm.safety import screen


def case(**changes: Any) -> Case:
    return case_of(changed(**changes))


def felt_days(before: str, lately: str) -> tuple[DiaryDay, ...]:
    """Fourteen days before light and six weeks of it, each with what was felt."""
    texts = [before] * 14 + [lately] * 42
    rows = diary([4.0] * len(texts))
    return tuple(dataclasses.replace(row, sensations=text) for row, text in zip(rows, texts, strict=True))


def test_r_003_02_new_signs_among_what_is_felt_are_red_flags_on_every_path() -> None:
    """Weakness, lost balance, double vision and paralysis that are new end the light; those of long ago do not."""
    asked = screen(case(condition__sensations="left foot: numb, weak; weaker, seeing double"))
    assert asked.verdict == "refer"
    assert {"new_limb_weakness", "double_vision"} <= {reason.rule for reason in asked.reasons}
    assert screen(case(condition__sensations="left foot: numb, weak, unsteady")).verdict == "allowed"
    for word in ("newly_unsteady", "cannot_move", "climbing_weakness"):
        assert screen(case(condition__sensations=word)).verdict == "refer"
    rows = list(felt_days("none", "left leg: crawling"))
    rows[40] = dataclasses.replace(rows[40], sensations="new_weakness")
    judged = checkpoint(make_course(diary=rows), 6)
    assert judged["decision"] == "refer"
    assert [row["origin"] for row in judged["events"] if row["kind"] == "new_limb_weakness"] == ["diary.csv line 42"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("left leg: crawlng", 'sensations = "crawlng": not a listed sensation; did you mean crawling'),
        ("left log: crawling", 'sensations = "left log": no area of the body map; did you mean left leg'),
        ("none; left leg: numb", "says that nothing was felt, and something; keep one of the two"),
    ],
)
def test_what_cannot_have_been_felt_is_one_clear_line(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=re.escape(said)):
        read_felt(text)
    with pytest.raises(BadInput, match=r"condition\.sensations"):
        case(condition__sensations=text)


def test_a_yes_among_what_is_felt_against_a_no_is_a_contradiction() -> None:
    with pytest.raises(BadInput, match=r"names double_vision, which person\.findings answers with no"):
        case(condition__sensations="seeing double", person__findings={"double_vision": False})
