"""Is a change larger than the error of the scale? Reliable change, detectable change, regression to the mean.

Numbers or arrays in, the same out. `sd` is the spread between people, `reliability` the correlation of two
measurements of a person who has not changed [0-1].
"""

from __future__ import annotations

from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from openpbm.errors import BadInput, Problem

__all__ = [
    "change_beyond_error",
    "changes_in_errors",
    "minimal_detectable_change",
    "regression_to_the_mean",
    "reliable_change_index",
    "standard_error_of_difference",
    "standard_error_of_measurement",
]

Number = TypeVar("Number", float, NDArray[np.float64])
_TWO_SIDED_95 = 1.96


def standard_error_of_measurement(sd: Number, reliability: Number) -> Number:
    """SEM = s sqrt(1 - r), in the units of the scale. Method of Jacobson and Truax (1991).

    BadInput when a spread is negative or a reliability lies outside 0 to 1.

    >>> round(float(standard_error_of_measurement(7.5, 0.80)), 3)
    3.354
    """
    if np.any(np.less(sd, 0.0)):
        raise BadInput(
            Problem(
                key="sd",
                value=sd,
                message="a spread is never negative",
                remedy="give the standard deviation between people",
            )
        )
    if np.any(np.less(reliability, 0.0)) or np.any(np.greater(reliability, 1.0)):
        raise BadInput(
            Problem(
                key="reliability",
                value=reliability,
                message="must lie between 0 and 1",
                remedy="give the correlation of two measurements",
            )
        )
    error: Number = sd * np.sqrt(1.0 - reliability)
    return error


def standard_error_of_difference(sd: Number, reliability: Number) -> Number:
    """S_diff = SEM sqrt(2): the error of the difference between two measurements of an unchanged person.

    >>> round(float(standard_error_of_difference(7.5, 0.80)), 3)
    4.743
    """
    error: Number = standard_error_of_measurement(sd, reliability) * np.sqrt(2.0)
    return error


def reliable_change_index(
    before: Number, after: Number, sd: Number, reliability: Number, *, better: Literal["lower", "higher"]
) -> Number:
    """(after - before) / S_diff, its sign turned so that positive is better; beyond 1.96 is more than error [-].

    With reliability 1 there is no error to divide by: a change is infinite and no change not a number.

    >>> round(float(reliable_change_index(47.5, 32.5, 7.5, 0.80, better="lower")), 2)
    3.16
    """
    return changes_in_errors(before, after, standard_error_of_measurement(sd, reliability), better=better)


def changes_in_errors(before: Number, after: Number, error: Number, *, better: Literal["lower", "higher"]) -> Number:
    """The same index from the standard error of measurement itself, in points [-].

    >>> round(float(changes_in_errors(47.5, 32.5, 3.354, better="lower")), 2)
    3.16
    """
    # Written out rather than times a sign: 0.0 stays 0.0 and is not printed as -0.
    change = before - after if better == "lower" else after - before
    index: Number = change / (error * np.sqrt(2.0))
    return index


def minimal_detectable_change(sd: Number, reliability: Number) -> Number:
    """MDC95 = 1.96 S_diff: the smallest change that an unchanged person shows in fewer than 5 of 100 pairs.

    >>> round(float(minimal_detectable_change(6.0, 0.81)), 2)
    7.25
    """
    return change_beyond_error(standard_error_of_measurement(sd, reliability))


def change_beyond_error(error: Number) -> Number:
    """MDC95 from the standard error of measurement itself, in points.

    >>> round(float(change_beyond_error(2.52)), 2)
    6.99
    """
    detectable: Number = _TWO_SIDED_95 * np.sqrt(2.0) * error
    return detectable


def regression_to_the_mean(first: Number, population_mean: Number, retest: Number) -> Number:
    """Change expected of an untreated person merely because the first score was extreme: (1 - r)(mu - y0).

    first : score at the start; population_mean : of the people from whom this one comes; retest : r over the same gap

    >>> round(float(regression_to_the_mean(32.0, 24.0, 0.81)), 2)
    -1.52
    """
    # Expected of the measurement alone: what sham arms do holds it already, so it is never taken off beside them.
    return (1.0 - retest) * (population_mean - first)
