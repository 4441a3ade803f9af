"""What a checkpoint says of a course, asked for by one id each."""

from __future__ import annotations

import dataclasses

from courses import change, diary, event, given, make_course, make_plan, scores

from openpbm.course.records import DiaryDay
from openpbm.facts.notice import NOTICE
from openpbm.outcomes.decision import checkpoint

BETTER = diary([8.0] * 14 + [4.0] * 42)


def test_r_000_22_a_medicine_begun_under_light_marks_a_confounded_window() -> None:
    course = make_course(diary=BETTER, timeline=(change(20, "iron", "iron", "start"),))
    assert checkpoint(course, 6)["confounded_windows"]
    assert not checkpoint(make_course(diary=BETTER), 6)["confounded_windows"]


def test_r_000_28_and_r_000_30_every_checkpoint_says_that_standard_care_goes_on() -> None:
    assert checkpoint(make_course(diary=BETTER), 6)["notice"] == NOTICE


def test_r_001_02_augmentation_is_an_event_of_its_own_and_is_never_passed_over() -> None:
    quiet = checkpoint(make_course(diary=BETTER), 6)
    told = checkpoint(make_course(diary=BETTER, events=(event(30, "augmentation_suspected"),)), 6)
    assert told["decision"] != quiet["decision"]


def test_r_001_10_the_daily_tracker_asks_what_the_brief_lists() -> None:
    fields = {field.name for field in dataclasses.fields(DiaryDay)}
    assert {
        "severity", "onset", "symptom_minutes", "areas", "at_rest", "relieved_by_movement", "sleep_latency_minutes",
        "awakenings", "sleep_minutes", "tiredness", "nap_minutes", "caffeine", "alcohol", "nicotine", "exercise",
        "pain", "notes",
    } <= fields  # fmt: skip


def test_r_001_12_and_r_004_06_what_was_missed_is_counted_and_never_doubled() -> None:
    plan = make_plan()
    half = checkpoint(make_course(plan=plan, diary=BETTER, sessions=given(plan)[::2]), 6)["adherence"]
    assert half["due"] > half["done"] == len(given(plan)[::2])
    assert half["extra"] == 0


def test_r_001_27_a_decision_gives_its_reasons_and_proposal() -> None:
    found = checkpoint(make_course(diary=BETTER), 6)
    assert found["reasons"]
    assert found["proposal"]
    assert found["provenance"]


def test_r_001_34_no_word_on_benefit_before_week_4() -> None:
    assert checkpoint(make_course(diary=BETTER), 2)["symptom_verdict"] != "improved"
    assert checkpoint(make_course(diary=BETTER), 6)["symptom_verdict"] == "improved"


def test_r_004_14_a_blister_stops_the_course() -> None:
    assert checkpoint(make_course(diary=BETTER, events=(event(20, "blister", grade=2),)), 6)["decision"] == "stop"


def test_r_002_11_one_person_without_a_comparison_is_not_laid_to_the_light() -> None:
    found = checkpoint(make_course(diary=BETTER, scores=scores({-8: 30, -1: 30, 28: 10, 41: 10})), 6)
    assert found["grade"] == "U"
    assert "not attributable to light" in found["statement"]
