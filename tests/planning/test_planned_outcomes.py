"""What will decide, by which cadence and from when on, stands in the plan before the first light."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from courses import START, make_plan

from openpbm.facts.conditions import conditions
from openpbm.planning.case_sections import planned_outcomes
from openpbm.report.clinical_report import render_report
from openpbm.report.home_sheet import render_home_sheet


@pytest.mark.parametrize("condition", [row.id for row in conditions])
def test_every_condition_says_what_decides_and_from_when(condition: str) -> None:
    plan = make_plan(condition_id=condition, checkpoint_weeks=(2, 4, 6))
    assert [row.scale for row in plan.outcomes] == list(conditions[condition].primary_outcomes)
    for row in plan.outcomes:
        assert row.cadence
        assert row.decides_from_week is not None
        checkpoint = 4 if row.decides_from_week <= 4 else 6
        assert row.decides_on == START + dt.timedelta(weeks=checkpoint), row.scale


def test_a_plan_whose_checkpoints_come_too_early_says_so() -> None:
    """A neuropathy score asks for five values, which are there in week 5 at the earliest."""
    plan = make_plan(condition_id="cipn", weeks=4, checkpoint_weeks=(2, 4))
    found = {row.scale: row.decides_on for row in plan.outcomes}
    assert found["mtns"] is None
    assert found["daily_severity"] == START + dt.timedelta(weeks=4)
    assert all(row.decides_on is None for row in planned_outcomes(conditions["cipn"]))


def test_plan_json_holds_it_typed() -> None:
    plan = make_plan(condition_id="carpal_tunnel", checkpoint_weeks=(2, 4, 6))
    first = json.loads(plan.to_json())["outcomes"][0]
    assert first == {
        "scale": "bctq.symptoms",
        "name": "Symptoms of the hand",
        "cadence": "twice before the start, two weeks apart; weeks 2, 4, 6, 8, 10 and 12",
        "asked_in_weeks": [-3, -1, 2, 4, 6, 8, 10, 12],
        "decides_from_week": 4,
        "decides_on": "2027-02-01",
    }


def test_report_and_home_sheet_say_it() -> None:
    plan = make_plan(condition_id="carpal_tunnel", checkpoint_weeks=(2, 4, 6))
    report = render_report(plan, {})
    assert "What will tell whether it helps" in report
    assert report.index("Symptoms of the hand") < report.index("Worst symptom of the day")
    assert "It can decide from 1 February 2027 on." in report
    assert "Symptoms of the hand, first looked at on 1 February 2027." in render_home_sheet(plan)
