"""Other minutes are proposed where the checkpoint leaves them open, in every limit, by scores; else it says why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from openpbm.case import read_case
from openpbm.facts.checkpoint_rules import checkpoint_rules
from openpbm.facts.scales import outcome_scale
from openpbm.mechanism.course_answer import CourseDraws
from openpbm.mechanism.personal import reweighted
from openpbm.mechanism.proposal import CheckpointStand, DoseProposal, propose_minutes
from openpbm.planning import AllowedPlan, Quality, make_plan, rescale
from openpbm.safety import screen

DAYS = np.arange(0.0, 57.0)
PEOPLE = 2000
# Half of the people fall by 12 points whatever the minutes; the rest fall only with other minutes.
QUICK = np.arange(PEOPLE) % 2 == 0
OPEN = CheckpointStand(week=4, minutes_open=True, says="One thing may be changed.", minutes=0.0)
SCORES = {0.0: 24.0, 28.0: 24.0, 42.0: 24.0}


@pytest.fixture(scope="module")
def plan() -> AllowedPlan:
    made = make_plan(
        screen(read_case(Path(__file__).parents[2] / "examples" / "restless_legs.toml")), quality=Quality(scenarios=8)
    )
    assert isinstance(made, AllowedPlan)
    return made


def course(gained: np.ndarray) -> CourseDraws:
    fall = np.outer(np.where(gained, 12.0, 0.0), np.minimum(DAYS / 42.0, 1.0))
    sham = np.full((PEOPLE, DAYS.size), 24.0) + np.random.default_rng(1).normal(0.0, 1.0, (PEOPLE, 1))
    left = np.zeros((PEOPLE, 27))
    return CourseDraws(outcome_scale("irls"), 24.0, DAYS, sham, sham - fall, ~gained, left)


def proposed(
    plan: AllowedPlan,
    stand: CheckpointStand | None = OPEN,
    scores: Mapping[float, float] = SCORES,
    *,
    supposed: bool = False,
    other: np.ndarray = ~QUICK,
) -> DoseProposal:
    here = course(QUICK)
    if stand is not None and not stand.minutes:
        stand = replace(stand, minutes=plan.session_minutes)
    personal = reweighted(here, scores, washout_below=0.1) if scores else None
    return propose_minutes(plan, here, personal, stand, supposed=supposed, course_at=lambda minutes: course(other))


def test_r_000_23_scores_that_speak_for_other_minutes_move_them_and_every_limit_is_kept(plan: AllowedPlan) -> None:
    """Nothing at the planned minutes: the person is one of those whom only other minutes would help."""
    proposal = proposed(plan)
    assert proposal.minutes is not None
    assert proposal.minutes != plan.session_minutes
    assert proposal.chance_planned is not None
    assert proposal.chance_proposed is not None
    assert proposal.chance_planned < 0.1 < 0.9 < proposal.chance_proposed
    planned, other = (rescale(plan, minutes=minutes) for minutes in (plan.session_minutes, proposal.minutes))
    kept = {limit.rule for limit in (*planned.skin.limits, *planned.course.limits) if limit.passed}
    assert kept <= {limit.rule for limit in (*other.skin.limits, *other.course.limits) if limit.passed}
    assert "clinician" in proposal.reason


@pytest.mark.parametrize(
    ("stand", "scores", "supposed", "why"),
    [
        (replace(OPEN, minutes_open=False, says="Stop the light."), SCORES, False, "It says: Stop the light."),
        (replace(OPEN, minutes_open=False, says="Stop the light."), {}, False, "It says: Stop the light."),
        (None, SCORES, False, "no checkpoint was asked"),
        (OPEN, {}, False, "no score of this person after the first session"),
        (OPEN, {0.0: 24.0}, False, "no score of this person after the first session"),
        (OPEN, {28.0: 24.0}, False, "no score of this person before light"),
        (replace(OPEN, minutes=3.0), SCORES, False, "planned with 3 minutes"),
        (OPEN, SCORES, True, "set by hand"),
    ],
)
def test_what_stands_against_a_proposal_is_named(
    plan: AllowedPlan, stand: CheckpointStand | None, scores: dict[float, float], supposed: bool, why: str
) -> None:
    proposal = proposed(plan, stand, scores, supposed=supposed)
    assert proposal.minutes is None
    assert proposal.chance_proposed is None
    assert why in proposal.reason


def test_what_would_be_better_for_anybody_is_not_moved_by_the_person(plan: AllowedPlan) -> None:
    """Scores that say nothing of the minutes: an advantage that all people have is the plan's business, not theirs."""
    proposal = proposed(plan, scores={0.0: 24.0, 1.0: 24.0}, other=np.ones(PEOPLE, dtype=bool))
    assert proposal.minutes is None
    assert "clearly better by these scores" in proposal.reason


def test_only_the_rule_that_offers_other_minutes_leaves_them_open() -> None:
    assert [rule.id for rule in checkpoint_rules if rule.minutes_open] == ["first_look_adjust"]
