"""Whether the change may be laid to the start of treatment, or to the light: only where a lot was drawn beforehand.

A design is judged once, at the week it announced, so that looking often earns nothing. Randomised start: the exact test
over the admissible start days. Blinded blocks: the exact test over the orders within the pairs, and the same test on
what the person's guesses leave unexplained; a person who sees through the blinding leaves nothing to explain.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from openpbm.course.records import Course, DiaryDay
from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.outcomes.diary_change import daily_series
from openpbm.outcomes.phases import Phases

__all__ = ["Attribution", "attribution_of"]

Cause = Literal["none", "treatment_started", "light"]

_GUESS = {"active": 1.0, "sham": -1.0, "unsure": 0.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """What the design allows to be said.

    design : U where nothing was drawn by lot or the draw was not kept to, R, or B with its blinding check recorded
    due : the announced week of analysis has come
    cause : what the test supports
    tests : the tests with their p, for the reader
    reasons : plain sentences
    """

    design: Literal["U", "R", "B"]
    due: bool
    cause: Cause
    tests: Mapping[str, Any]
    reasons: tuple[str, ...]


_NOTHING_DRAWN = Attribution(
    design="U", due=False, cause="none", tests={}, reasons=("nothing was drawn by lot before the course",)
)


def attribution_of(course: Course, phases: Phases) -> Attribution:
    """What may be said of causes at this checkpoint; raises BadInput where the sealed draw was tampered with."""
    if course.design is None:
        return _NOTHING_DRAWN
    if course.design_key is None:
        return _not_kept("the sealed draw (design.key.json) is not in the folder, so its order is not known here")
    from openpbm.single_case.design import verify

    draw = verify(course.design, course.design_key)
    first_day = dt.date.fromisoformat(draw["first_day"])
    if dt.date.fromisoformat(draw["made_on"]) > first_day:
        return _not_kept("the lot was drawn after the baseline had begun, so it decides nothing")
    due = phases.week >= int(draw["analysis_week"])
    if draw["kind"] == "start":
        return _by_start(course, phases, draw, first_day, due)
    return _by_blocks(course, draw, due)


def _not_kept(why: str) -> Attribution:
    return Attribution(design="U", due=False, cause="none", tests={}, reasons=(why,))


def _by_start(course: Course, phases: Phases, draw: Mapping[str, Any], first_day: dt.date, due: bool) -> Attribution:
    from openpbm.single_case.randomisation import randomisation_test
    from openpbm.single_case.series import Series

    drawn = first_day + dt.timedelta(days=int(draw["start_index"]) - 1)
    if phases.began != drawn:
        return _not_kept(f"the first session was on {phases.began}, the lot had drawn {drawn}")
    if not due:
        return Attribution(design="R", due=False, cause="none", tests={}, reasons=(_wait(draw),))
    last = first_day + dt.timedelta(weeks=int(draw["analysis_week"])) - dt.timedelta(days=1)
    _, values = daily_series(_ratings(course.diary), first_day, last)
    first_b = int(draw["start_index"]) - 1
    series = Series(name="", values=values, times=np.arange(len(values), dtype=np.float64), first_b=first_b)
    test = randomisation_test([series], better="lower", start_points=tuple(draw["start_points"]))
    passed = test.p <= outcome_limit("randomisation_alpha")
    text = f"start day drawn by lot: p = {test.p:.3f} over {test.distribution_size} possible starts"
    row = {"statistic": test.statistic, "p": test.p, "distribution_size": test.distribution_size}
    return Attribution(
        design="R",
        due=True,
        cause="treatment_started" if passed else "none",
        tests={"start": row},
        reasons=(text,),
    )


def _by_blocks(course: Course, draw: Mapping[str, Any], due: bool) -> Attribution:
    from openpbm.single_case.blocks import bang_index, belief_adjusted_test, guesses_right, paired_blocks_test

    blinded = bool(draw["blinded"])
    periods = draw["periods"]
    design: Literal["R", "B"] = "B" if blinded and _guessed_share(course, periods) >= _least_guesses() else "R"
    if not due:
        return Attribution(design="R", due=False, cause="none", tests={}, reasons=(_wait(draw),))
    means = np.array([_period_mean(course.diary, period) for period in periods])
    active = np.array([period["treatment"] == "active" for period in periods])
    pair = np.arange(len(periods)) // 2
    whole = np.array([not np.isnan(means[pair == k]).any() for k in pair])
    if not whole.any():
        return _not_kept("no pair of periods has ratings in both")
    means, active, pair = means[whole], active[whole], pair[whole]
    plain = paired_blocks_test(means[active], means[~active], "lower")
    alpha = outcome_limit("randomisation_alpha")
    tests: dict[str, Any] = {
        "blocks": {"statistic": plain.statistic, "p": plain.p, "distribution_size": plain.distribution_size}
    }
    reasons = [f"order of the pairs drawn by lot: p = {plain.p:.3f} over {plain.distribution_size} possible orders"]
    cause: Cause = "treatment_started" if plain.p <= alpha else "none"
    if design == "B":
        guess = np.array([_guess(course, period) for period in periods])[whole]
        adjusted = belief_adjusted_test(means, active, guess, pair, "lower")
        right, asked, by_chance = guesses_right(active, guess)
        tests["belief_adjusted"] = {"statistic": adjusted.statistic, "p": adjusted.p}
        tests["blinding"] = {"right": right, "asked": asked, "p": by_chance, "bang": bang_index(active, guess)}
        reasons.append(
            f"{right} of {asked} guesses about the lamp were right; with belief taken out p = {adjusted.p:.3f}"
        )
        if plain.p <= alpha and adjusted.p <= alpha and by_chance > alpha:
            cause = "light"
    elif blinded:
        reasons.append("too few guesses were written down to check the blinding")
    return Attribution(design=design, due=True, cause=cause, tests=tests, reasons=tuple(reasons))


def _wait(draw: Mapping[str, Any]) -> str:
    return f"the draw is analysed once, at week {draw['analysis_week']}"


def _least_guesses() -> float:
    return outcome_limit("least_guesses")


def _ratings(diary: Sequence[DiaryDay]) -> dict[dt.date, float]:
    return {row.date: row.severity for row in diary if row.severity is not None}


def _period_mean(diary: Sequence[DiaryDay], period: Mapping[str, Any]) -> float:
    first, last = dt.date.fromisoformat(period["first_day"]), dt.date.fromisoformat(period["last_day"])
    values = [value for day, value in _ratings(diary).items() if first <= day <= last]
    return float(np.mean(values)) if values else math.nan


def _guess(course: Course, period: Mapping[str, Any]) -> float:
    """The last guess of the period; none written down is the same as unsure."""
    first, last = dt.date.fromisoformat(period["first_day"]), dt.date.fromisoformat(period["last_day"])
    inside = [row for row in course.guesses if first <= row.date <= last]
    return _GUESS[max(inside, key=lambda row: (row.date, row.guess)).guess] if inside else 0.0


def _guessed_share(course: Course, periods: Sequence[Mapping[str, Any]]) -> float:
    return float(np.mean([_guess_written(course, period) for period in periods])) if periods else 0.0


def _guess_written(course: Course, period: Mapping[str, Any]) -> bool:
    first, last = dt.date.fromisoformat(period["first_day"]), dt.date.fromisoformat(period["last_day"])
    return any(first <= row.date <= last for row in course.guesses)
