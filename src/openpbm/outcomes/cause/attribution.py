"""Whether the change may be laid to the start of treatment, or to the light: only where a lot was drawn beforehand.

A design is judged once, at the week it announced, so that looking often earns nothing. Randomised start: the exact test
over the admissible start days. Blinded blocks: the exact test over the orders within the pairs, and the same test on
what the person's guesses leave unexplained; a person who sees through the blinding leaves nothing to explain.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypedDict

import numpy as np
from numpy.typing import NDArray

from openpbm.course.records import Course, DiaryDay, Guess
from openpbm.errors import BadInput
from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.outcomes.measures import Phases, daily_series

if TYPE_CHECKING:
    from openpbm.single_case.design import Allocation, Period

__all__ = ["Attribution", "Cause", "DesignTests", "find_attribution"]

Cause = Literal["none", "treatment_started", "light"]


class ExactTest(TypedDict, total=False):
    """One exact test; `distribution_size` is how many orders or starts were possible."""

    statistic: float
    p: float
    distribution_size: int


class BlindingRow(TypedDict):
    """Guesses right of those asked, how probable that is by chance, and Bang's index."""

    right: int
    asked: int
    p: float
    bang: dict[str, float | None]


class DesignTests(TypedDict, total=False):
    """The tests of a design, each where it was made."""

    start: ExactTest
    blocks: ExactTest
    belief_adjusted: ExactTest
    blinding: BlindingRow


_GUESS = {"active": 1.0, "sham": -1.0, "unsure": 0.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """What the design allows to be said.

    design : U where nothing was drawn by lot or the draw was not kept to, R, or B with its blinding check recorded
    due : the announced week of analysis has come
    cause : what the test supports
    tests : the tests with their p, for the reader
    reasons : plain sentences
    active_days : days of real light in a finished order of active and sham periods, empty otherwise
    """

    design: Literal["U", "R", "B"]
    due: bool
    cause: Cause
    tests: DesignTests
    reasons: tuple[str, ...]
    active_days: frozenset[dt.date] = frozenset()


_NOTHING_DRAWN = Attribution(
    design="U", due=False, cause="none", tests={}, reasons=("nothing was drawn by lot before the course",)
)


def find_attribution(course: Course, phases: Phases) -> Attribution:
    """What may be said of causes at this checkpoint; raises BadInput where the sealed draw was tampered with."""
    if course.design is None:
        return _NOTHING_DRAWN
    # Nobody opens the seal while a blinded course runs, so a key that is not there is a sentence and no error.
    if course.design.get("blinded") is True and course.design_key is None:
        return _not_kept("the draw is still sealed (design.key.json is not in the folder), so nothing can be tested")
    from openpbm.single_case.design import verify

    draw = verify(course.design, course.design_key)
    # The exact test asks what the other draws would have given. A start somebody chose instead is no draw.
    if draw.kind == "start" and phases.began != draw.start_day:
        return _not_kept(f"the first session was on {phases.began}, the lot had drawn {draw.start_day}")
    # A test at every checkpoint would give chance several tries (decision 0009).
    if phases.as_of <= draw.last_day:
        wait = f"the draw is analysed once, after {draw.last_day}"
        return Attribution(design="R", due=False, cause="none", tests={}, reasons=(wait,))
    return _by_start(course.diary, draw) if draw.kind == "start" else _by_blocks(course, draw)


def _not_kept(why: str) -> Attribution:
    return Attribution(design="U", due=False, cause="none", tests={}, reasons=(why,))


def _by_start(diary: Sequence[DiaryDay], draw: Allocation) -> Attribution:
    from openpbm.single_case import make_series, randomisation_test

    assert draw.start_index is not None
    assert draw.start_points is not None
    _, values = daily_series(_ratings(diary), draw.first_day, draw.last_day)
    # The draw counts its days from 1, the series from 0.
    letters = ["A" if day < draw.start_index - 1 else "B" for day in range(len(values))]
    try:
        test = randomisation_test([make_series(letters, values)], *draw.start_points, "lower")
    except BadInput as error:
        return _not_kept(f"the draw cannot be tested: {error.problems[0]}")
    passed = test.p <= outcome_limit("randomisation_alpha")
    return Attribution(
        design="R",
        due=True,
        cause="treatment_started" if passed else "none",
        tests={"start": {"statistic": test.statistic, "p": test.p, "distribution_size": test.distribution_size}},
        reasons=(f"start day drawn by lot: p = {test.p:.3f} over {test.distribution_size} possible starts",),
    )


def _by_blocks(course: Course, draw: Allocation) -> Attribution:
    from openpbm.single_case.blocks import paired_blocks_test

    seen = _Blocks.of(course, draw)
    if seen is None:
        return _not_kept("no pair of periods has ratings in both")
    plain = paired_blocks_test(seen.means[seen.active], seen.means[~seen.active], "lower")
    tests: DesignTests = {
        "blocks": {"statistic": plain.statistic, "p": plain.p, "distribution_size": plain.distribution_size}
    }
    reason = f"order of the pairs drawn by lot: p = {plain.p:.3f} over {plain.distribution_size} possible orders"
    if draw.washout_days:
        reason += f", the first {draw.washout_days} days of each period left out as wash-out"
    passed = plain.p <= outcome_limit("randomisation_alpha")
    cause: Cause = "treatment_started" if passed else "none"
    days = _active_days(draw)
    if not draw.blinded:
        return Attribution(design="R", due=True, cause=cause, tests=tests, reasons=(reason,), active_days=days)
    # Whoever answers "unsure" all along is never right more often than chance, so most guesses must be real ones.
    if seen.guessed_share < outcome_limit("least_guesses") or seen.told_share < outcome_limit("least_told_guesses"):
        doubt = "too few guesses other than unsure were written down to check the blinding"
        return Attribution(design="R", due=True, cause=cause, tests=tests, reasons=(reason, doubt), active_days=days)
    # However well nobody guessed: where light may have looked or felt another way, or somebody was told, it is not
    # known who judged what.
    doubts = _mask_doubts(course, draw)
    if doubts:
        doubt = f"the mask is not shown to have held: {'; '.join(doubts)}"
        return Attribution(design="R", due=True, cause=cause, tests=tests, reasons=(reason, doubt), active_days=days)
    checked, blind, light, text = _blinding(seen)
    return Attribution(
        design="B" if blind else "R",
        due=True,
        cause="light" if passed and light else cause,
        tests=tests | checked,
        reasons=(reason, text),
        active_days=days,
    )


def _mask_doubts(course: Course, draw: Allocation) -> tuple[str, ...]:
    """Why the person, or who rates or treats them, may have known what a period was; none where nobody could."""
    if course.masking is None:
        return ("how the lamp was masked is not written down",)
    told = [row for row in course.unblindings if row.date <= draw.last_day]
    who = (f"the {row.who} learnt on {row.date} what a period was" for row in told)
    return (*course.masking.doubts(draw.periods[0].first_day), *who)


def _blinding(seen: _Blocks) -> tuple[DesignTests, bool, bool, str]:
    """The blinding check: its tests, whether the blinding held, whether it leaves light as the cause, a sentence."""
    from openpbm.single_case.blocks import bang_index, belief_adjusted_test, guesses_right

    alpha = outcome_limit("randomisation_alpha")
    adjusted = belief_adjusted_test(seen.means, seen.active, seen.guess, seen.pair, "lower")
    right, asked, by_chance = guesses_right(seen.active, seen.guess)
    checked: DesignTests = {
        "belief_adjusted": {"statistic": adjusted.statistic, "p": adjusted.p},
        "blinding": {"right": right, "asked": asked, "p": by_chance, "bang": bang_index(seen.active, seen.guess)},
    }
    # A light that works is guessed because it works, and such a person is denied the word as well: that is the
    # honest side to lose on (decision 0009).
    blind = by_chance > alpha
    seen_through = "" if blind else ", more than chance: the person saw through the blinding"
    guessed = f"{right} of {asked} guesses about the lamp were right{seen_through}"
    text = f"{guessed}; with belief taken out p = {adjusted.p:.3f}"
    return checked, blind, blind and adjusted.p <= alpha, text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Blocks:
    """The periods of every pair with ratings in both: means, lamp, guess (+1, 0, -1), pair; each (periods,).

    guessed_share, told_share : of all periods, those with any guess and those with another one than unsure
    """

    means: NDArray[np.float64]
    active: NDArray[np.bool_]
    guess: NDArray[np.float64]
    pair: NDArray[np.int64]
    guessed_share: float
    told_share: float

    @staticmethod
    def of(course: Course, draw: Allocation) -> _Blocks | None:
        means = np.array([_period_mean(course.diary, period, draw.washout_days) for period in draw.periods])
        pair = np.array([period.pair for period in draw.periods])
        # The lot was drawn inside each pair: a period without its partner has nothing it could be exchanged with.
        whole = np.array([not np.isnan(means[pair == number]).any() for number in pair])
        if not whole.any():
            return None
        guesses = [_guess(course.guesses, period) for period in draw.periods]
        return _Blocks(
            means=means[whole],
            active=np.array([period.treatment == "active" for period in draw.periods])[whole],
            guess=np.array([0.0 if guess is None else guess for guess in guesses])[whole],
            pair=pair[whole],
            guessed_share=float(np.mean([guess is not None for guess in guesses])),
            told_share=float(np.mean([guess not in (None, 0.0) for guess in guesses])),
        )


def _active_days(draw: Allocation) -> frozenset[dt.date]:
    """Days of real light, those of the wash-out left out: on them what came before still goes on."""
    active = [period for period in draw.periods if period.treatment == "active"]
    lengths = {period.number: (period.last_day - period.first_day).days + 1 for period in active}
    return frozenset(
        p.first_day + dt.timedelta(days=day) for p in active for day in range(draw.washout_days, lengths[p.number])
    )


def _ratings(diary: Sequence[DiaryDay]) -> dict[dt.date, float]:
    return {row.date: row.severity for row in diary if row.severity is not None}


def _period_mean(diary: Sequence[DiaryDay], period: Period, washout_days: int) -> float:
    first = period.first_day + dt.timedelta(days=washout_days)
    values = [value for day, value in _ratings(diary).items() if first <= day <= period.last_day]
    return float(np.mean(values)) if values else math.nan


def _guess(guesses: Sequence[Guess], period: Period) -> float | None:
    """The last guess of the period, None where none is written down."""
    inside = [row for row in guesses if period.first_day <= row.date <= period.last_day]
    return _GUESS[max(inside, key=lambda row: (row.date, row.guess)).guess] if inside else None
