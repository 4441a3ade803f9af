"""The eight stages: done only with a proof in the record, open before it is due, unknown where nothing is kept."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

import pytest
from courses import START, change, diary, event, given, make_course, make_plan, scores

from openpbm.course.records import Course
from openpbm.facts.care_stages import care_stages
from openpbm.facts.references import references
from openpbm.outcomes.decision.care_plan import assess_care
from openpbm.outcomes.measures.phases import find_phases
from openpbm.planning import AllowedPlan
from openpbm.planning.document import TreatedPerson
from openpbm.safety import ChecklistItem

STAGES = [
    "assess",
    "multimodal",
    "educate",
    "individualise",
    "frequency_duration",
    "monitor",
    "coordinate",
    "follow_up",
]


def screened_plan(**changes: Any) -> AllowedPlan:
    """A plan with two points of candidacy and a person."""
    answers: tuple[tuple[str, Literal["yes", "unknown"]], ...] = (("a", "yes"), ("b", "unknown"))
    points = (ChecklistItem(id=id, text="", status=status, message="", source="") for id, status in answers)
    person = TreatedPerson(age_years=52.0, sex=None, skin_type=None)
    return dataclasses.replace(make_plan(**changes), candidacy=tuple(points), person=person)


def whole_course(**changes: Any) -> Course:
    """Everything that proves a stage, up to five weeks after the last session."""
    kept: dict[str, Any] = {
        "plan": screened_plan(),
        "diary": diary([5.0] * 90),
        "scores": scores({-3: 25, 30: 15}),
        "events": (event(40, "none"), event(75, "none")),
        "timeline": (change(-20, "stretching", "calf stretches", "continue"),),
        "case_report": {"tidier": {"materials": "a sheet on the lamp"}},
    }
    return make_course(**(kept | changes))


def statuses(course: Course, week: int = 6) -> dict[str, str]:
    return {row["id"]: row["status"] for row in assess_care(course, find_phases(course, week))}


def test_stages_are_the_eight_in_their_order() -> None:
    """The eight steps of the brief, each from a known source."""
    assert [stage.id for stage in care_stages] == STAGES
    assert {stage.source for stage in care_stages} <= set(references.ids)


def test_whole_record_proves_every_stage() -> None:
    """Property: with every proof written all that is asked for is done, and the follow-up once light has stopped."""
    at_six = statuses(whole_course())
    assert at_six.pop("follow_up") == "open"
    assert set(at_six.values()) == {"done"}
    assert set(statuses(whole_course(), week=11).values()) == {"done"}


def test_bare_plan_proves_next_to_nothing() -> None:
    """Property: an empty record is unknown, never done and never a reproach."""
    bare = statuses(make_course(sessions=()))
    assert set(bare.values()) <= {"unknown", "open"}


@pytest.mark.parametrize(
    ("changes", "stage", "status"),
    [
        ({"diary": (), "scores": ()}, "assess", "unknown"),
        ({"diary": diary([5.0] * 60, START), "scores": scores({30: 15})}, "assess", "due"),
        ({"plan": make_plan(), "diary": diary([5.0] * 60, START), "scores": ()}, "assess", "due"),
        ({"plan": make_plan()}, "assess", "unknown"),
        ({"timeline": ()}, "multimodal", "unknown"),
        ({"timeline": (change(3, "light", "lamp", "increase"),)}, "multimodal", "due"),
        ({"timeline": (change(50, "iron", "iron", "start"),)}, "multimodal", "unknown"),
        ({"case_report": {}}, "educate", "unknown"),
        ({"case_report": {"tidier": {"materials": " "}}}, "educate", "unknown"),
        ({"plan": make_plan()}, "individualise", "unknown"),
        ({"plan": screened_plan(skin_fluence_j_cm2=None)}, "individualise", "due"),
        ({"sessions": given(make_plan(), status="missed", minutes=0.0)}, "frequency_duration", "due"),
        ({"events": (), "sessions": given(make_plan(), skin_reaction=None)}, "monitor", "unknown"),
        ({"events": (event(5, "relapse"),), "sessions": given(make_plan(), skin_reaction=None)}, "monitor", "unknown"),
        ({"events": (event(5, "none"),), "sessions": given(make_plan(), skin_reaction=None)}, "monitor", "done"),
        ({"diary": diary([5.0] * 14)}, "monitor", "done"),
        ({"diary": diary([5.0] * 14), "scores": scores({-3: 25})}, "monitor", "due"),
        ({"scores": ()}, "coordinate", "unknown"),
        ({"scores": scores({-3: 25})}, "coordinate", "due"),
    ],
)
def test_what_is_taken_away_is_no_longer_done(changes: dict[str, Any], stage: str, status: str) -> None:
    """Property: without its proof a stage is due where a record is kept, unknown where none is."""
    assert statuses(whole_course(**changes))[stage] == status


def test_monitoring_is_asked_for_again_since_the_last_checkpoint() -> None:
    """Property: what was asked before the checkpoint of week 4 proves nothing for week 6."""
    plan = screened_plan(checkpoint_weeks=(4, 6))
    course = whole_course(plan=plan, events=(event(5, "none"),), sessions=given(make_plan(), skin_reaction=None))
    assert statuses(course, week=4)["monitor"] == "done"
    assert statuses(course, week=6)["monitor"] == "due"
    (monitor,) = (row for row in assess_care(course, find_phases(course, 4)) if row["id"] == "monitor")
    assert monitor["next_due"] == "2027-02-15"


def test_later_lines_and_blank_days_prove_nothing() -> None:
    """Property: the checkpoint of a day does not know what comes after it, and a blank rating is none."""
    course = whole_course()
    blank = dataclasses.replace(course, diary=diary([None] * 90), scores=())
    assert statuses(blank)["assess"] == statuses(blank)["monitor"] == "unknown"
    late = dataclasses.replace(course, diary=diary([5.0] * 20, START.replace(month=3)), scores=())
    assert statuses(late)["monitor"] == "unknown"


def test_done_always_names_its_proof() -> None:
    """Property: no stage is done without words that say where the proof stands."""
    for week in (2, 4, 6, 11):
        for row in assess_care(whole_course(), find_phases(whole_course(), week)):
            assert (row["status"] == "done") == (not row["lacking"] and bool(row["proof"]))
