"""The rules of the checkpoint: complete, in order, and asking only for facts that are gathered."""

from __future__ import annotations

import itertools
from typing import Any, get_args

import pytest
from courses import diary, make_course

from openpbm.errors import FactsError
from openpbm.facts.checkpoint_rules import Bound, CheckpointRule, checkpoint_rules
from openpbm.outcomes.decision.judgement import judge
from openpbm.outcomes.decision.rules import apply_rules
from openpbm.outcomes.measures import SymptomVerdict

CALM: dict[str, Any] = {
    "red_flag": False,
    "stop_event": False,
    "beyond_the_plan": False,
    "worst_grade": 0,
    "worst_skin_grade": 0,
    "augmentation": False,
    "some_measure_worse": False,
    "sessions_recorded": True,
    "mostly_elsewhere": False,
    "values_current": True,
    "room_to_improve": True,
}
STAGES = ("safety", "first_look", "verdict", "long", "after", "maintenance")


@pytest.mark.parametrize("stage", STAGES)
def test_every_situation_has_a_decision(stage: Any) -> None:
    """Property: no combination of facts falls through the rules."""
    for verdict, adherence, dose, data, off, relapse, adjusted in itertools.product(
        get_args(SymptomVerdict),
        (None, 0.0, 0.7, 1.0),
        *[(True, False)] * 5,
    ):
        facts = CALM | {
            "symptom_verdict": verdict,
            "adherence": adherence,
            "dose_known": dose,
            "data_sufficient": data,
            "off_known": off,
            "relapse": relapse,
            "adjusted_before": adjusted,
            "lasting": "relapse" if relapse else "lasts",
            "sessions_per_week": 2,
        }
        decided = apply_rules(stage, facts)
        if decided.decision in ("maintain", "taper"):
            assert verdict == "improved"
        # Back to a schedule that was released before is no more dose than was given already.
        if decided.decision == "adjust" and verdict != "worse" and stage != "maintenance":
            assert dose, "more dose needs a measured lamp"


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(("name", "value", "decision"), [("red_flag", True, "refer"), ("worst_grade", 3, "stop")])
def test_harm_is_first_at_every_stage(stage: Any, name: str, value: bool | int, decision: str) -> None:
    facts = CALM | {
        "symptom_verdict": "improved",
        "adherence": 1.0,
        "dose_known": True,
        "data_sufficient": True,
        "off_known": True,
        "relapse": False,
        "adjusted_before": False,
        "lasting": "lasts",
        "sessions_per_week": 2,
    }
    assert apply_rules(stage, facts | {name: value}).decision == decision


def test_all_alarms_are_said_not_only_the_first() -> None:
    facts = CALM | {"red_flag": True, "worst_grade": 4}
    assert [rule.id for rule in apply_rules("safety", facts, _alarms()).also] == ["severe_event"]


def _alarms() -> list[Any]:
    return [rule for rule in checkpoint_rules if rule.id in ("red_flag", "severe_event")]


def test_an_unknown_number_is_within_no_bound() -> None:
    rule = CheckpointRule(
        id="low", stages=("safety",), when={"adherence": Bound(below=0.6)}, decision="stop", text="x", source="x"
    )
    with pytest.raises(FactsError, match="none fits"):
        apply_rules("safety", {"adherence": None}, [rule])


def test_a_rule_that_asks_for_an_unknown_fact_is_a_bug_of_ours() -> None:
    rule = CheckpointRule(id="odd", stages=("safety",), when={"moon": True}, decision="stop", text="x", source="x")
    with pytest.raises(FactsError, match="moon"):
        apply_rules("safety", CALM, [rule])


def test_every_fact_the_rules_ask_for_is_gathered() -> None:
    """The engine raises when a rule asks for a fact nobody gathers; every stage is walked here with real facts."""
    for week in (2, 4, 6, 12):
        assert judge(make_course(diary=diary([6.0, 7.0, 5.0] * 40)), week).decided.by.text
