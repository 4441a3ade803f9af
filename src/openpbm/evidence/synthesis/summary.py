"""All trials of a condition put together: pooled, or why they cannot be."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpbm.evidence.pool import make_studies, pool
from openpbm.evidence.synthesis.figures import PRE_POST_CORRELATION
from openpbm.evidence.synthesis.results import TrialResult, is_sham_trial, left_out_because, trial_result
from openpbm.evidence.table.listing import StudyEntry, entries
from openpbm.evidence.table.rows import EvidenceTable
from openpbm.facts.main_outcomes import MainOutcome, main_outcome
from openpbm.facts.study_rows import Study

__all__ = ["ConditionSummary", "PooledEffect", "pooled_effect", "summarise"]

_NORMAL = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledEffect:
    """Several trials as one: REML, Knapp and Hartung with the floor; one trial alone stands as it is, by the normal.

    estimate, low, high : in the unit of the main outcome, negative in favour of light; 95 percent
    prediction : where a new trial is expected, from three trials on; None before
    i2_percent, tau2 : how far the trials differ; None with one
    weights : percent, in the order of the trials
    """

    trials: tuple[str, ...]
    estimate: float
    low: float
    high: float
    prediction: tuple[float, float] | None
    i2_percent: float | None
    tau2: float | None
    weights: tuple[float, ...]

    @property
    def count(self) -> int:
        """Trials in it."""
        return len(self.trials)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionSummary:
    """What the table holds on a condition.

    results : of the trials with sham light that count, with and without a number
    left_out : trials with sham light that do not, each with its reason
    pooled, without_null : None where no trial has a number; the same without the trials that found no advantage
    own : studies of the reader's own folder among `studies`
    """

    condition: str
    outcome: MainOutcome
    studies: tuple[Study, ...]
    entries: tuple[StudyEntry, ...]
    results: tuple[TrialResult, ...]
    left_out: tuple[tuple[str, str], ...]
    pooled: PooledEffect | None
    without_null: PooledEffect | None
    own: int

    @property
    def numbers(self) -> tuple[TrialResult, ...]:
        """The results that are pooled."""
        return tuple(result for result in self.results if result.difference is not None)

    @property
    def wordless(self) -> tuple[TrialResult, ...]:
        """The results without a number."""
        return tuple(result for result in self.results if result.difference is None)

    @property
    def people(self) -> int:
        """People in the trials that are pooled, as far as they are printed."""
        return sum(result.people or 0 for result in self.numbers)

    @property
    def reviews(self) -> tuple[StudyEntry, ...]:
        """Published syntheses."""
        return tuple(entry for entry in self.entries if entry.study.kind == "review")

    @property
    def found(self) -> tuple[Study, ...]:
        """Studies that are no review and no second look at the same people."""
        return tuple(study for study in self.studies if study.kind not in ("review", "reanalysis"))


def summarise(
    table: EvidenceTable,
    condition: str,
    *,
    own_ids: Iterable[str] = (),
    correlation: float = PRE_POST_CORRELATION,
) -> ConditionSummary:
    """What the rows of a table say of one condition.

    own_ids : ids of studies that the reader added
    correlation : between the scores before and after, where a text prints no spread of the change
    """
    rows = table.about(condition)
    outcome = main_outcome(condition)
    found = entries(rows)
    sham = [entry for entry in found if is_sham_trial(entry)]
    kept = [entry for entry in sham if not left_out_because(entry)]
    results = tuple(trial_result(entry, outcome, correlation) for entry in kept)
    numbers = [result for result in results if result.difference is not None]
    return ConditionSummary(
        condition=condition,
        outcome=outcome,
        studies=rows.studies,
        entries=found,
        results=results,
        left_out=tuple((entry.study.id, left_out_because(entry)) for entry in sham if left_out_because(entry)),
        pooled=pooled_effect(numbers),
        without_null=pooled_effect([result for result in numbers if not result.no_advantage]),
        own=len({study.id for study in rows.studies} & set(own_ids)),
    )


def pooled_effect(results: Sequence[TrialResult]) -> PooledEffect | None:
    """The results with numbers as one; None where there is none."""
    numbers = [result for result in results if result.difference is not None and result.error is not None]
    if not numbers:
        return None
    names = tuple(result.study for result in numbers)
    values = [result.difference or 0.0 for result in numbers]
    errors = [result.error or 0.0 for result in numbers]
    if len(numbers) == 1:
        half = _NORMAL * errors[0]
        return PooledEffect(
            trials=names, estimate=values[0], low=values[0] - half, high=values[0] + half, prediction=None,
            i2_percent=None, tau2=None, weights=(100.0,),
        )  # fmt: skip
    return _pooled(names, values, errors)


def _pooled(names: tuple[str, ...], values: Sequence[float], errors: Sequence[float]) -> PooledEffect:
    fit = pool(make_studies(values, [error**2 for error in errors]), "reml", knapp_hartung=True, floor=True)
    low, high = (float(bound) for bound in fit.interval[0, 0])
    prediction = (float(fit.prediction[0, 0]), float(fit.prediction[0, 1]))
    shown = len(names) > 2 and all(map(math.isfinite, prediction))
    return PooledEffect(
        trials=names,
        estimate=float(fit.coefficients[0, 0]),
        low=low,
        high=high,
        prediction=prediction if shown else None,
        i2_percent=float(fit.i2_percent[0]),
        tau2=float(fit.tau2[0]),
        weights=tuple(float(weight) for weight in fit.weight_percent[0]),
    )
