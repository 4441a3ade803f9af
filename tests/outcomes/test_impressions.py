"""Global impressions: 1-2 is a responder as published, 5 and more is worse; only recent ones contradict a verdict."""

from __future__ import annotations

import dataclasses

import pytest
from courses import make_course, scores

from openpbm.outcomes.measures.change_word import SymptomVerdict
from openpbm.outcomes.measures.impressions import Impression, contradiction_of, read_impressions
from openpbm.outcomes.measures.phases import find_phases
from openpbm.wording import SYMPTOMS


def told(rows: dict[int, float], scale: str = "pgic", week: int = 6) -> list[Impression]:
    course = make_course(scores=scores(rows, scale))
    return read_impressions(course.scores, find_phases(course, week))


@pytest.mark.parametrize(
    ("value", "answer", "responder", "worse"),
    [
        (1, "very much better", True, False),
        (2, "much better", True, False),
        (3, "a little better", False, False),
        (4, "no change", False, False),
        (5, "a little worse", False, True),
        (7, "very much worse", False, True),
    ],
)
@pytest.mark.parametrize("scale", ["pgic", "cgi_i"])
def test_answers_have_their_published_meaning(
    scale: str, value: float, answer: str, responder: bool, worse: bool
) -> None:
    """Published use of PGIC and CGI-I: 1 and 2 are responders."""
    (row,) = told({41: value}, scale)
    assert (row["answer"], row["responder"], row["worse"]) == (answer, responder, worse)


def test_only_scales_that_speak_of_change_and_only_up_to_the_checkpoint() -> None:
    """Property: a questionnaire with a baseline is no impression, and what comes later is not heard yet."""
    assert told({41: 20}, "irls") == []
    assert [row["value"] for row in told({42 + 4: 2, 42 + 5: 1})] == [2.0]


def test_answer_from_items_counts_like_a_written_value() -> None:
    """Property: the one item of the form is its score."""
    row = dataclasses.replace(scores({41: 6}, "pgic")[0], value=None, items={"1": 6.0})
    course = make_course(scores=(row,))
    assert read_impressions(course.scores, find_phases(course, 6))[0]["answer"] == "much worse"


@pytest.mark.parametrize(
    ("value", "verdict", "speaks"),
    [
        (5, "improved", True),
        (5, "better_not_yet_sure", True),
        (2, "not_better", True),
        (1, "somewhat_worse", True),
        (4, "improved", False),
        (2, "worse", True),
        (2, "unchanged", True),
        (3, "unchanged", False),
        (6, "worse", False),
        (7, "inconclusive", False),
        (7, "not_assessed", False),
    ],
)
def test_opposites_are_said(value: float, verdict: SymptomVerdict, speaks: bool) -> None:
    """Every pair of the rule: improved against 5 and more, worse and unchanged against 1 and 2."""
    sentence = contradiction_of(told({40: value}), verdict)
    assert bool(sentence) is speaks
    if speaks:
        assert SYMPTOMS[verdict] in sentence
        assert "2027-02-13" in sentence


def test_latest_impression_alone_is_heard() -> None:
    """Property: what was said earlier is taken back by what is said last."""
    assert contradiction_of(told({30: 6, 40: 2}), "improved") == ""
    assert contradiction_of(told({30: 2, 40: 6}), "improved") != ""


@pytest.mark.parametrize("day", [-3, 0, 10])
def test_impression_from_before_light_or_long_ago_contradiction_of_nothing(day: int) -> None:
    """Property: an impression speaks of its own days; three weeks on it is no contradiction any more."""
    rows = told({day: 7})
    assert rows[0]["recent"] is False
    assert contradiction_of(rows, "improved") == ""


def test_impression_of_the_first_day_is_no_impression_of_light() -> None:
    """Property: at week 2 the first day lies within three weeks, yet no light had come."""
    assert [row["recent"] for row in told({0: 7, 13: 4}, week=2)] == [False, True]
