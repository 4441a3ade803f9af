"""How long without light until nothing that matters of it is left: the wash-out of a comparison in one person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["WASHOUT_BELOW", "WASHOUT_WEEKS", "Washout", "left_over", "washout"]

Array = NDArray[np.float64]
#: Share of the largest change by light below which it is taken to be gone.
WASHOUT_BELOW = 0.1
#: Weeks after the last session that are looked at; longer than anybody would wait between two periods.
WASHOUT_WEEKS = 26
# Of the people in whom light does something.
_CHANCE = 0.9


@dataclass(frozen=True)
class Washout:
    """Weeks of no light after which the carry-over stays below a share of what light had changed at most.

    below    that share
    chance   in how many of the people in whom light does something
    weeks    None where it takes longer than `WASHOUT_WEEKS`, or where light does nothing in anybody
    """

    below: float
    chance: float
    weeks: int | None


def left_over(specific: Array, after: Array) -> Array:
    """Share of the largest change by light that is left after each week without it, (people, weeks).

    specific : (people, days) of the course;  after : (people, weeks) from the last session on, both what light changes
    """
    most = np.maximum(np.abs(specific).max(axis=1), np.abs(after).max(axis=1))
    return np.abs(after) / np.where(most > 0.0, most, 1.0)[:, None]


def washout(left: Array, acts: NDArray[np.bool_], *, below: float, weights: Array | None = None) -> Washout:
    """Of the people in whom light does something: those who do not differ by light would need no wash-out.

    left : (people, weeks) as `left_over` gives it;  acts : (people,)
    weights : (people,) of people who do not count alike
    """
    counted = np.ones(acts.size) if weights is None else weights
    counted = np.where(acts, counted, 0.0)
    if counted.sum() == 0.0:
        return Washout(below, _CHANCE, None)
    # From which week on it stays below: mediators that follow slowly can bring it back.
    passed = left > below
    weeks = np.where(passed.any(axis=1), left.shape[1] - np.argmax(passed[:, ::-1], axis=1), 0)
    gone = np.array([counted[weeks <= week].sum() for week in range(left.shape[1])]) / counted.sum()
    enough = np.flatnonzero(gone >= _CHANCE)
    return Washout(below, _CHANCE, int(enough[0]) if enough.size else None)
