"""One person's measurements in order of time: first without the treatment (A), then with it (B)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpbm.errors import BadInput, Problem

__all__ = ["SIGN", "Better", "Series", "make_series", "times_or_count"]

Floats = NDArray[np.float64]
Better = Literal["lower", "higher"]

# Times a value it turns a scale on which lower is better upside down, so that higher is better everywhere.
SIGN: dict[Better, float] = {"lower": -1.0, "higher": 1.0}

# Theil-Sen looks at every pair of points; more than this is no diary.
MOST_POINTS = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One case, sorted by time. A missing day keeps its place and is not a number.

    name : of the case
    time : (n,) strictly increasing, in the units of the file
    values : (n,) in the units of the scale, nan where missing
    first_b : place of the first B, counted from 0
    """

    name: str
    time: Floats
    values: Floats
    first_b: int

    @property
    def seen(self) -> NDArray[np.bool_]:
        """(n,) whether the day has a value."""
        return ~np.isnan(self.values)

    @property
    def missing(self) -> int:
        """How many days have no value."""
        return int(np.sum(~self.seen))

    def phase(self, which: Literal["A", "B"]) -> tuple[Floats, Floats]:
        """Times and values of the days of one phase that have a value."""
        part = {"A": slice(None, self.first_b), "B": slice(self.first_b, None)}[which]
        seen = self.seen[part]
        return self.time[part][seen], self.values[part][seen]


def make_series(
    phases: Sequence[str], values: ArrayLike, time: ArrayLike | None = None, *, name: str = "series"
) -> Series:
    """The case held in plain columns; the order of the rows counts only where no time is given.

    phases : (n,) "A" or "B"; values : (n,) nan where missing; time : (n,) numbers, by default 0, 1, 2, ...
    BadInput, every problem of the case in one, when columns differ in length, a number is infinite, a time stands
    twice, a B comes before an A, or a phase has no value.

    >>> make_series(["B", "A", "A"], [1.0, 3.0, 2.0], [9, 1, 4], name="alice").values
    array([3., 2., 1.])
    """
    numbers = np.asarray(values, dtype=np.float64)
    times = times_or_count(time, len(phases))
    letters = np.asarray(list(phases), dtype=np.str_)
    if not letters.shape == numbers.shape == times.shape or letters.ndim != 1:
        raise BadInput(
            Problem(
                key=name,
                message=f"{letters.size} phases, {numbers.size} values, {times.size} times",
                remedy="give as many of each",
            )
        )
    if letters.size > MOST_POINTS:
        raise BadInput(
            Problem(
                key=name, message=f"{letters.size} points, at most {MOST_POINTS}", remedy="average them by day or week"
            )
        )
    order = np.argsort(times, kind="stable")
    letters, numbers, times = letters[order], numbers[order], times[order]
    problems = [*_problems_of_numbers(name, numbers, times), *_problems_of_phases(name, letters, numbers)]
    if problems:
        raise BadInput(problems)
    return Series(name=name, time=times, values=numbers, first_b=int(np.argmax(letters == "B")))


def times_or_count(time: ArrayLike | None, count: int, *, first: int = 0) -> Floats:
    """The times given, else `count` steps of 1 from `first` on."""
    if time is None:
        return np.arange(first, first + count, dtype=np.float64)
    return np.asarray(time, dtype=np.float64)


def _problems_of_numbers(name: str, values: Floats, time: Floats) -> list[Problem]:
    problems = []
    if np.any(np.isinf(values)):
        problems.append(Problem(key=name, message="an infinite value", remedy="correct it or leave it blank"))
    if not np.all(np.isfinite(time)):
        problems.append(
            Problem(key=name, message="a time is not a finite number", remedy="give every row a time or none")
        )
        return problems
    # Two values of one time would each count as a day, and the series would seem longer than it is.
    twice = np.unique(time[1:][np.diff(time) == 0.0])
    if twice.size:
        listed = ", ".join(f"{moment:.12g}" for moment in twice[:5])
        problems.append(
            Problem(
                key=name,
                message=f"time {listed} stands twice",
                remedy="keep one row a time or part the cases by a case column",
            )
        )
    return problems


def _problems_of_phases(name: str, letters: NDArray[np.str_], values: Floats) -> list[Problem]:
    strange = sorted(set(letters.tolist()) - {"A", "B"})
    if strange:
        return [Problem(key=name, message=f"phase {strange[0]!r}: must be A or B", remedy="correct it")]
    problems = [
        Problem(
            key=name,
            message=f"no value in phase {phase}",
            remedy="at least one is needed, and five are the usual least",
        )
        for phase in ("A", "B")
        if not np.any(~np.isnan(values[letters == phase]))
    ]
    is_b = letters == "B"
    if np.any(is_b[:-1] & ~is_b[1:]):
        place = int(np.flatnonzero(is_b[:-1] & ~is_b[1:])[0]) + 2
        problems.append(
            Problem(
                key=name,
                message=f"an A follows a B at point {place}",
                remedy=("all A come first: correct the order or the times, or give each A-B pair a case of its own"),
            )
        )
    return problems
