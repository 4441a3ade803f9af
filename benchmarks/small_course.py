"""The small model of a course in JAX, by which it is calibrated: that of `openpbm.response.weeks` without mediators.

One study at a time; parameters are scalars, so that `jax.vmap` gives many.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array, nn

from openpbm.facts.data_sets import DataSet

TOLERANCE_D = 14.0
REGRESSION_D = 14.0


class Course(NamedTuple):
    """Parameters of one study."""

    placebo: Array
    placebo_d: Array
    regression: Array
    carry_over_d: Array
    tolerance: Array
    gain: Array


class Shape(NamedTuple):
    """Parameters of the forms of dose."""

    half: Array
    excess: Array
    steepness: Array
    width: Array


def stimulus(form: str, dose: Array, shape: Shape) -> Array:
    """Of one session, as in `openpbm.response.weeks.dose_forms`; of form M5 by the dose of its states."""

    def hill(half: Array, power: Array | float) -> Array:
        raised = (dose / half) ** power
        return raised / (1.0 + raised)

    if form == "M0":
        return jnp.zeros_like(dose)
    if form == "M1":
        return hill(shape.half, 1.0)
    if form == "M2":
        return hill(shape.half, shape.steepness) - hill(shape.excess, shape.steepness)
    if form == "M3":
        return (1.0 + dose / shape.half) / (1.0 + (dose / shape.excess) ** (1.0 + shape.steepness)) - 1.0
    if form == "M5":
        return dose / (shape.half + jnp.abs(dose))
    return jnp.exp(-0.5 * (jnp.log(dose / shape.half) / shape.width) ** 2)


def effect(course: Course, each_session: Array, session_days: tuple[float, ...], days: np.ndarray) -> Array:
    """Effect on the days asked for, (days,): exact between sessions, both jumps by the tolerance before them."""
    now, level, dulled, kept = 0.0, jnp.zeros(()), jnp.zeros(()), []
    for day in session_days:
        level = level * jnp.exp(-(day - now) / course.carry_over_d)
        dulled = dulled * jnp.exp(-(day - now) / TOLERANCE_D)
        arrived = each_session * (1.0 - dulled)
        level, dulled, now = level + arrived, dulled + course.tolerance * jnp.abs(arrived), day
        kept.append(level)
    # A day is reached from the last session at or before it.
    last = np.searchsorted(np.array(session_days), days, side="right") - 1
    return jnp.stack(kept)[last] * jnp.exp(-(days - np.array(session_days)[last]) / course.carry_over_d)


def arm_scores(
    course: Course, each_session: Array, session_days: tuple[float, ...], days: np.ndarray, start_share: float
) -> tuple[Array, Array]:
    """Share of the maximum under sham and under light, (days,) each."""
    until = session_days[-1]
    built = -jnp.expm1(-np.minimum(days, until) / course.placebo_d)
    expected = course.placebo * built * jnp.exp(-np.maximum(days - until, 0.0) / course.placebo_d)
    regressed = course.regression * -np.expm1(-days / REGRESSION_D)
    sham = np.log(start_share / (1.0 - start_share)) - expected - regressed
    level = effect(course, each_session, session_days, days)
    return nn.sigmoid(sham), nn.sigmoid(sham - course.gain * level / (1.0 + jnp.abs(level)))


def set_predictions(course: Course, each_session: Array, data_set: DataSet) -> Array:
    """What the model says of every fitted point of a set, (points,) [share of the maximum]."""
    points = [row for row in data_set.points if not row.part]
    days = np.array([row.at for row in points])
    maximum = data_set.maximum
    assert maximum is not None
    starts = {arm: start / maximum for arm, start in data_set.start.items()}
    sham = arm_scores(course, each_session, data_set.session_days, days, starts["sham"])[0]
    lit = arm_scores(course, each_session, data_set.session_days, days, starts["active"])[1]
    by_arm = {"active": lit, "sham": sham, "difference": lit - sham}
    return jnp.stack([by_arm[row.arm][place] for place, row in enumerate(points)])
