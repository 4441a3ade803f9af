"""The numbers of two groups as a paper prints them: what cannot be, and what is probably something else."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence

from openpbm.files import Line

__all__ = ["check_groups", "read_number", "standard_error_cautions"]

_LARGEST = 1e12
_MOST_PEOPLE = 1e8
# A standard deviation this far below those of the other studies is another quantity, or another unit.
_TOO_SMALL = 1.0 / 3.0
_NEAR = 2.0


def read_number(line: Line, column: str) -> float:
    """The cell as a number within the limits of its column; NaN where it is none, with the problem noted."""
    before = len(line.problems)
    whole = column.startswith(("n", "e"))
    number = line.value(column, -_LARGEST, _LARGEST, needed=True)
    if number is None:
        return math.nan
    if column in ("vi", "sd1", "sd2", "t1", "t2") and number <= 0.0:
        line.add_problem(column, "must be above 0", _REMEDIES[column[0]])
    elif whole and number != int(number):
        line.add_problem(column, "must be a whole number of people", "correct it")
    elif whole and not (column.startswith("e") or number >= 1.0):
        line.add_problem(column, "must be 1 at least", "correct it or leave the study out")
    elif whole and not 0.0 <= number <= _MOST_PEOPLE:
        line.add_problem(column, f"must be from 0 to {_MOST_PEOPLE:g}", "correct it")
    return number if len(line.problems) == before else math.nan


_REMEDIES = {
    "v": "give the variance, the standard error squared",
    "s": "give the standard deviation of that group",
    "t": "give the time people were watched",
}


def check_groups(shape: str, effect: str, lines: Sequence[Line], cells: Sequence[Mapping[str, float]]) -> None:
    """Note what two numbers of a line cannot be together."""
    for line, row in zip(lines, cells, strict=True):
        if shape == "events":
            _check_events(line, row)
        if shape == "means":
            _check_means(line, row, effect)


def _check_events(line: Line, row: Mapping[str, float]) -> None:
    for group in ("1", "2"):
        events, people = row[f"e{group}"], row[f"n{group}"]
        if events > people:
            line.add_problem(f"e{group}", f"must not exceed n{group} = {people:g}", "correct one of the two")


def _check_means(line: Line, row: Mapping[str, float], effect: str) -> None:
    for group in ("1", "2"):
        if row[f"n{group}"] < 2:
            line.add_problem(f"n{group}", "must be 2 at least: one person has no standard deviation", "correct it")
    if effect == "rom" and row["m1"] * row["m2"] <= 0.0:
        line.add_problem("m1", "both means must lie on one side of 0 for a ratio", "choose md or smd")


def standard_error_cautions(names: Sequence[str], cells: Sequence[Mapping[str, float]]) -> Iterator[str]:
    """A sentence for every standard deviation that is more likely a standard error.

    One that lies below a third of the median of the others and comes near that median once it is multiplied by the
    root of its group. Three other studies are needed for a median.
    """
    for place, (name, row) in enumerate(zip(names, cells, strict=True)):
        others = [other[f"sd{group}"] for at, other in enumerate(cells) if at != place for group in "12"]
        if len(others) < 2 * 3:
            continue
        usual = statistics.median(others)
        for group in "12":
            printed, people = row[f"sd{group}"], row[f"n{group}"]
            meant = printed * math.sqrt(people)
            if printed < usual * _TOO_SMALL and usual / _NEAR < meant < usual * _NEAR:
                yield (
                    f"{name}: sd{group} {printed:g} may be a standard error: times the root of {people:g} it is"
                    f" {meant:.3g}, and the other studies have {usual:.3g}. Look at the paper again."
                )
