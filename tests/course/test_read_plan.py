"""A plan is read when it is small and refused when it was not released."""

from __future__ import annotations

import copy
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from openpbm.course.read_plan import read_released_plan
from openpbm.errors import BadInput

SMALL: dict[str, Any] = {
    "verdict": "allowed",
    "schedule": {"minutes_per_session": 20, "sessions": [{"date": "2026-12-03"}, {"date": "2026-12-01"}]},
}


def changed(**sections: Any) -> dict[str, Any]:
    return copy.deepcopy(SMALL) | sections


def test_what_a_small_plan_leaves_out_falls_back() -> None:
    plan = read_released_plan(SMALL)
    assert plan.start_date == dt.date(2026, 12, 1)
    assert [(s.date.day, s.week, s.start_time, s.placements) for s in plan.sessions] == [
        (1, 1, None, (("", ""),)),
        (3, 1, None, (("", ""),)),
    ]
    assert plan.minutes == 20.0
    assert plan.output_status == "claimed"
    assert plan.programme is None
    assert plan.fluence_j_cm2 is None
    assert plan.checkpoints[0] == (2, dt.date(2026, 12, 15))


def test_a_whole_plan_is_read_whole(folder: Path) -> None:
    plan = read_released_plan(folder / "plan.json")
    assert plan.output_status == "measured"
    assert (plan.programme, plan.condition) == ("rls", "rls_primary")
    assert plan.sessions[1].placements == (("posterior_calf", "left"), ("posterior_calf", "right"))
    assert plan.sessions[1].start_time == dt.time(19, 40)


def test_places_of_a_session_go_before_those_of_the_plan() -> None:
    rows = [{"date": "2026-12-01", "placements": ["volar_wrist right", "neck"]}]
    plan = read_released_plan(changed(schedule={"minutes_per_point": 2, "sessions": rows}))
    assert plan.sessions[0].placements == (("volar_wrist", "right"), ("neck", ""))
    assert plan.minutes == 2.0


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (
            changed(verdict="refer", reasons=[{"message": "See a doctor first."}]),
            'verdict = "refer": this plan was not',
        ),
        (changed(format="openpbm-plan-9"), 'format = "openpbm-plan-9": must be openpbm-plan-1'),
        ({"schedule": {}}, "verdict: needed but not given"),
        (changed(schedule=None), "schedule.sessions: needed but not given"),
        (changed(schedule={"minutes_per_session": 20, "sessions": []}), "schedule.sessions: needed but not given"),
        (changed(schedule={"sessions": [{"date": "2026-12-01"}]}), "minutes_per_session: needed but not given"),
        (changed(schedule={"minutes_per_session": -1, "sessions": [{"date": "2026-12-01"}]}), "at least 0"),
        (changed(schedule={"minutes_per_session": 9, "sessions": [{"date": "1 Dec"}]}), "schedule.sessions[0]"),
        (changed(lamp={"output_status": "mesured"}), "did you mean measured"),
        (changed(course={"start_date": "2026-12-24"}), "after the first session on 2026-12-01"),
        (changed(prescription={"skin_fluence_j_cm2": {"lower": 9, "planned": 5, "upper": 7}}), "lower, planned and"),
        (changed(condition="rls"), 'condition = "rls": must be a section'),
    ],
)
def test_a_plan_that_cannot_carry_a_course_is_refused_in_words(plan: dict[str, Any], told: str) -> None:
    with pytest.raises(BadInput) as error:
        read_released_plan(plan)
    assert told in str(error.value)
    assert all(fault.startswith("plan.json: ") for fault in map(str, error.value.problems))


def test_a_refusal_repeats_its_first_reason() -> None:
    with pytest.raises(BadInput, match=r"See a doctor first\."):
        read_released_plan(changed(verdict="refer", reasons=[{"message": "See a doctor first."}]))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "not valid JSON"),
        ("[1]", "not an object"),
        ('{"verdict": NaN}', "not a finite"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=told):
        read_released_plan(tmp_path / "plan.json")


@pytest.mark.parametrize(
    "text",
    ['{"verdict": "refer", "verdict": "allowed"}', '{"schedule": {"weeks": 4, "sessions": [], "weeks": 400}}'],
)
def test_a_key_given_twice_is_refused(tmp_path: Path, text: str) -> None:
    """The last of two verdicts once counted, in silence."""
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as error:
        read_released_plan(tmp_path / "plan.json")
    (fault,) = map(str, error.value.problems)
    assert fault.startswith("plan.json: ")
    assert ("verdict" in fault) == ("verdict" in text)
    assert "is given more than once; keep one" in fault


def test_a_missing_plan_names_its_folder(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"plan\.json: not in .*put the plan\.json"):
        read_released_plan(tmp_path / "plan.json")


def test_a_plan_of_this_program_is_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(SMALL), encoding="utf-8-sig")
    assert read_released_plan(path) == read_released_plan(SMALL)
