"""The words for a change: "no change that matters" once stood over a worsening, "little changed" over a fall by 5."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from courses import diary, make_course, scores

from openpbm.course.records import DiaryDay
from openpbm.facts.checkpoint_rules import checkpoint_rules
from openpbm.outcomes.decision.checkpoint_document import checkpoint
from openpbm.outcomes.decision.judgement import judge
from openpbm.outcomes.decision.rules import apply_rules
from openpbm.outcomes.measures import ChangeEvidence, change_word

#: Daily ratings of the worst symptom, a digit a day, `-` for none; the first fourteen before the light.
WORSENED = "43456644676437-3544546656756565--666-576885767756686866688-999-797778777768655876--657667679754667"
RESPONDER = "78868878887867676544445500112251144320220121122133313231321122102123023213332-1132002-223333223-12"


def rated(digits: str) -> tuple[DiaryDay, ...]:
    return diary([None if digit == "-" else float(digit) for digit in digits])


def evidence(better: float, gain: float = 0.5, harm: float = 0.5, reaches: str = "") -> ChangeEvidence:
    return ChangeEvidence(
        better=better,
        importantly_better=gain,
        importantly_worse=harm,
        reaches_improvement=reaches == "better",
        reaches_worsening=reaches == "worse",
    )


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (evidence(0.995, 0.7, 0.0, "better"), "improved"),
        (evidence(0.98, 0.7, 0.0, "better"), "better_not_yet_sure"),
        (evidence(0.999, 0.01, 0.0), "better_not_yet_sure"),
        (evidence(0.81, 0.01, 0.01), "better_not_yet_sure"),
        (evidence(0.5, 0.05, 0.05), "unchanged"),
        (evidence(0.5, 0.05, 0.2), "not_better"),
        (evidence(0.5, 0.2, 0.01), "inconclusive"),
        (evidence(0.01, 0.0, 0.6), "somewhat_worse"),
        (evidence(0.001, 0.0, 0.6, "worse"), "worse"),
        (evidence(0.001, 0.0, 0.1), "somewhat_worse"),
        (evidence(float("nan"), float("nan"), float("nan")), "inconclusive"),
        (evidence(0.5, float("nan"), 0.0), "inconclusive"),
        (evidence(0.5, 0.0, float("nan")), "not_better"),
    ],
)
def test_word(found: ChangeEvidence, word: str) -> None:
    assert change_word(found) == word


def test_little_changed_is_never_said_to_whoever_is_probably_better_or_worse() -> None:
    """Property over a grid: "unchanged" needs both sides excluded and neither direction likely."""
    for better, gain, harm in itertools.product(np.linspace(0, 1, 41), np.linspace(0, 1, 21), np.linspace(0, 1, 21)):
        if change_word(evidence(float(better), float(gain), float(harm))) == "unchanged":
            assert 0.2 <= better <= 0.8
            assert max(gain, harm) <= 0.05


def test_a_real_worsening_is_not_called_no_change() -> None:
    """4.9 before to 6.4 at week 6, P(better) 1 %: once "no change that matters"."""
    found = checkpoint(make_course(diary=rated(WORSENED)), 6)
    assert found["symptom_verdict"] in ("somewhat_worse", "worse")
    assert "worse" in found["statement"].lower()
    assert "No change" not in found["statement"]


@pytest.mark.parametrize("week", [4, 6, 12])
def test_probably_better_is_never_told_that_little_changed(week: int) -> None:
    """A fall by five points once read "little changed, change one thing" at week 4."""
    found = checkpoint(make_course(diary=rated(RESPONDER)), week)
    assert found["symptom_verdict"] in ("better_not_yet_sure", "improved")
    said = " ".join([found["statement"], *(row["text"] for row in found["reasons"])])
    assert "little changed" not in said
    assert "No improvement" not in said
    assert found["proposal"] is None or "minutes" not in found["proposal"]


def test_statement_holds_estimate_interval_and_probability() -> None:
    found = judge(make_course(scores=scores({-8: 25, -1: 25, 14: 21, 28: 20, 35: 21})), 6)
    assert found.symptom_verdict == "better_not_yet_sure"
    for part in (
        "Better so far, not yet sure",
        "Best estimate of the change: -4",
        "nine chances in ten",
        "better than before is",
    ):
        assert part in found.statement


@pytest.mark.parametrize("stage", ["first_look", "verdict", "long"])
@pytest.mark.parametrize(
    ("word", "dose"), list(itertools.product(("better_not_yet_sure", "somewhat_worse", "not_better"), (True, False)))
)
def test_only_unchanged_reads_little_changed(stage: str, word: str, dose: bool) -> None:
    facts = {
        "red_flag": False, "stop_event": False, "beyond_the_plan": False, "worst_grade": 0, "worst_skin_grade": 0,
        "augmentation": False, "some_measure_worse": False, "sessions_recorded": True, "mostly_elsewhere": False,
        "values_current": True, "room_to_improve": True,
        "symptom_verdict": word,
        "adherence": 1.0, "dose_known": dose, "data_sufficient": True, "off_known": False, "relapse": False,
        "adjusted_before": False,
    }  # fmt: skip
    decided = apply_rules(stage, facts, list(checkpoint_rules))  # type: ignore[arg-type]
    assert "little changed" not in decided.by.text
    if word == "better_not_yet_sure":
        assert decided.decision == "continue"


def test_what_the_baseline_did_stands_in_the_statement() -> None:
    """Ratings that fell before the light, or a light begun in a bad week, make "improved" by themselves."""
    falling = [9.0, 9.0, 8.0, 9.0, 8.0, 8.0, 7.0, 8.0, 7.0, 7.0, 6.0, 7.0, 6.0, 6.0] + [3.0, 4.0, 3.0] * 14
    spell = [5.0, 6.0, 5.0, 5.0, 6.0, 5.0, 6.0] + [9.0, 9.0, 8.0, 9.0, 9.0, 8.0, 9.0] + [4.0, 5.0, 4.0] * 14
    level = [7.0, 6.0, 8.0, 7.0, 6.0, 7.0, 8.0] * 2 + [3.0, 4.0, 3.0] * 14
    said = [judge(make_course(diary=diary(values)), 6).statement for values in (falling, spell, level)]
    assert "already getting better before the light" in said[0]
    assert "began in a bad spell" in said[1]
    assert "before the light began" not in said[2]
    assert "bad spell" not in said[2]


def test_a_benefit_is_followed_by_a_planned_pause_and_a_second_model_is_heard() -> None:
    """ "Maintain" once meant a dose for ever; a random walk is called improved in a quarter of people."""
    found = checkpoint(make_course(diary=rated(RESPONDER)), 6)
    assert found["decision"] == "maintain"
    assert "pause" in str(found["proposal"])
    assert any(row["id"] == "local_level" for row in found["reasons"])


def test_a_questionnaire_excludes_with_a_wider_error_than_its_retest() -> None:
    """IRLS two points higher: the retest error alone excludes +6, and 17 % of people six points worse read so."""
    course = make_course(scores=scores({-14: 25, -7: 25, 28: 26, 41: 27}))
    measure = judge(course, 6).deciding
    assert measure is not None
    assert 1.0 - measure.probability_below(6.0) < 0.05
    assert measure.evidence.importantly_worse > 0.05
    assert measure.verdict not in ("unchanged", "improved")
