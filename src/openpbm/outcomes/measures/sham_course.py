"""What a course with a dark lamp would be expected to do, as a comparator and never as a correction."""

from __future__ import annotations

import math
from typing import TypedDict

import numpy as np

from openpbm.facts.scales import ShamCourse
from openpbm.outcomes.measures.measure import Measure

__all__ = ["ShamRow", "better_than_sham", "sham_row"]


class ShamRow(TypedDict):
    """The pooled sham course of a scale, with its source."""

    scale: str
    change_mean: float
    person_to_person_sd: float
    trial_to_trial_sd: float
    people: int
    trials: int
    basis: str
    source: str
    verified: bool


def better_than_sham(measure: Measure) -> float | None:
    """P(this person's change is better than that of another person on sham); None where no sham course is known.

    The sham change of a person is normal about the pooled mean, spread from person to person and from trial to trial;
    the own change is its t distribution. What sham arms do contains regression to the mean, which is therefore not
    subtracted as well.
    """
    sham = measure.scale.sham_course
    if sham is None or not math.isfinite(measure.standard_error):
        return None
    from scipy.stats import norm, t

    # Mid-points of 2,000 equal slices of the own distribution: exact to about 1e-4 and free of chance.
    slices = (np.arange(2000) + 0.5) / 2000
    own = measure.signed_change + measure.standard_error * t.ppf(slices, measure.degrees_of_freedom)
    mean, spread = measure.sign * sham.change_mean, spread_of(sham)
    return float(np.mean(norm.sf((own - mean) / spread)))


def spread_of(sham: ShamCourse) -> float:
    """Spread of one new person's sham change: persons and trials together."""
    return math.hypot(sham.person_sd, sham.trial_sd)


def sham_row(measure: Measure) -> ShamRow | None:
    """The comparator as plain numbers with its source, None where the scale has none."""
    sham = measure.scale.sham_course
    if sham is None:
        return None
    return {
        "scale": measure.scale.id,
        "change_mean": sham.change_mean,
        "person_to_person_sd": sham.person_sd,
        "trial_to_trial_sd": sham.trial_sd,
        "people": sham.n_people,
        "trials": sham.n_trials,
        "basis": sham.basis,
        "source": sham.source,
        "verified": sham.verified,
    }
