"""Article 001, care of restless legs: what its requirements ask for, tried by command and by what a checkpoint says."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from cases import changed
from courses import diary, make_course

from openpbm.case import Case, case_of
from openpbm.course.lines import FILES
from openpbm.course.read_course import read_lines
from openpbm.errors import BadInput, Problem
from openpbm.facts.comparators import comparators
from openpbm.facts.treatments import treatments
from openpbm.outcomes.decision import checkpoint
from openpbm.safety import screen

TRIED: list[dict[str, Any]] = [
    {"treatment": "iron", "dose": "65 mg", "since": "2026-01-10", "until": "2026-04-10", "effect": "some"},
    {"treatment": "pramipexole", "name": "pramipexole", "effect": "worse", "stopped_because": "augmentation"},
]


def case(**changes: Any) -> Case:
    return case_of(changed(**changes))


def test_r_001_15_what_was_tried_answers_the_checklist_and_warns() -> None:
    """Poor responders to iron and dopamine agonists: what fell short is a reason, augmentation a caution."""
    asked = screen(case(person__treatments=TRIED))
    assert [row.treatment for row in asked.case.person.treatments or ()] == ["iron_tablets", "dopamine_agonist"]
    status = {item.id: item.status for item in asked.candidacy}
    assert (status["earlier_treatments_recorded"], status["reason_for_light"]) == ("yes", "yes")
    assert "augmentation_before" in {caution.rule for caution in asked.cautions}
    helped = screen(case(person__treatments=TRIED[:1]))
    assert {item.id: item.status for item in helped.candidacy}["reason_for_light"] == "unknown"
    assert {id for row in treatments for id in row.comparators} <= set(comparators.ids)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"treatment": "gabapentn"}, 'treatments[0].treatment = "gabapentn": not a listed treatment'),
        ({"treatment": "iron", "since": "2026-04-10", "until": "2026-01-10"}, "lies before since = 2026-04-10"),
        ({"treatment": "iron", "effect": "great"}, "treatments[0].effect"),
        ({"treatment": "iron", "still_taken": True, "until": "2026-01-10"}, "has an end, and is still taken"),
    ],
)
def test_what_cannot_have_been_tried_is_one_clear_line(row: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=re.escape(said)):
        case(person__treatments=[row])


def test_r_003_01_an_opioid_taken_before_is_the_baseline_of_the_burden(tmp_path: Path) -> None:
    """20 mg oxycodone a day are 30 mg of oral morphine; nothing was written into the timeline, and it is known."""
    text = "treatment,name,dose,still_taken\noxycodone,oxycodone,10 mg twice daily,yes\nropinirole,ropinirole,,yes\n"
    (tmp_path / "treatments.csv").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    tried = read_lines(tmp_path, FILES["treatments"], problems, [])
    assert not problems
    judged = checkpoint(make_course(diary=diary([4.0] * 56), treatments=tried), 6)
    assert judged["opioid_burden"]["baseline_mg_day"] == [30.0, 30.0]
    assert judged["opioid_burden"]["change_mg_day"] == [0.0, 0.0]
    unknown = checkpoint(make_course(diary=diary([4.0] * 56)), 6)
    assert unknown["opioid_burden"]["baseline_mg_day"] is None


def test_r_001_03_without_a_diary_before_light_the_plan_says_that_it_cannot_be_judged() -> None:
    """The day of the first session is never moved; what is missing before it is said."""
    findings = {"none_other": True, "baseline_diary_kept": False}
    asked = screen(case(person__findings=findings))
    assert asked.verdict == "allowed"
    assert asked.case.course.start_date == dt.date(2026, 12, 1)
    assert "cannot be judged" in {row.rule: row.message for row in asked.cautions}["baseline_missing"]
    kept = screen(case(person__findings=findings | {"baseline_diary_kept": True}))
    assert "baseline_missing" not in {row.rule for row in kept.cautions}
