"""Every statistic of a file of cases in one answer: overlap, slopes, two lines, and the test by lot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from openpbm.errors import BadInput
from openpbm.single_case.overlap import Overlap, overlap
from openpbm.single_case.piecewise import piecewise
from openpbm.single_case.randomisation import RandomisationTest, randomisation_test
from openpbm.single_case.series import Better, Series
from openpbm.single_case.theil_sen import theil_sen_slope

__all__ = ["analyse"]

_LEAST_POINTS = 5
_LIMIT = 0.05


def analyse(cases: Sequence[Series], better: Better, start_points: tuple[int, int] | None = None) -> dict[str, Any]:
    """The answer of `openpbm single-case` as plain values (docs/methods/single-case.md).

    start_points : first and last admissible place of the first B, counted from 1, None when nothing was drawn
    Overlap indices of several cases are the mean of the cases, each counted alike; slopes and lines stand per case.
    BadInput as in `randomisation_test`, and when there is no case.
    """
    if not cases:
        raise BadInput("no case to analyse; give at least one row of each phase")
    parts = {case.name: _one_case(case, better) for case in cases}
    only = next(iter(parts.values())) if len(parts) == 1 else None
    test = randomisation_test(cases, *start_points, better) if start_points is not None else None
    return {
        "better": better,
        "n": {phase: sum(part["n"][phase] for part in parts.values()) for phase in ("A", "B")},
        "missing": sum(part["missing"] for part in parts.values()),
        **{field.name: _mean([part[field.name] for part in parts.values()]) for field in fields(Overlap)},
        "theil_sen": only["theil_sen"] if only else {"A": None, "B": None},
        "randomisation_test": test.to_dict() if test else None,
        "piecewise": only["piecewise"] if only else None,
        "cases": parts,
        "notes": _notes(parts, test),
    }


def _one_case(case: Series, better: Better) -> dict[str, Any]:
    phases = {"A": case.phase("A"), "B": case.phase("B")}
    return {
        "n": {phase: len(values) for phase, (_, values) in phases.items()},
        "missing": case.missing,
        **overlap(case, better).to_dict(),
        "theil_sen": {phase: theil_sen_slope(time, values) for phase, (time, values) in phases.items()},
        "piecewise": piecewise(case).to_dict(),
    }


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if len(known) == len(values) else None


def _notes(parts: dict[str, dict[str, Any]], test: RandomisationTest | None) -> list[str]:
    notes = [
        "An index of overlap is not a probability that the treatment works.",
        "tau_u has no standard error and may pass 1; tau_bc takes the phase A slope away whatever its size.",
        "piecewise: time from 0 at the first row; level and slope are changes at the first B, slope from 0 there;"
        " its standard errors take the days as independent.",
    ]
    if len(parts) > 1:
        notes.append("Overlap indices above are means over cases, each counted alike; slopes and lines stand per case.")
    short = [
        f"{name} ({phase})" for name, part in parts.items() for phase in ("A", "B") if part["n"][phase] < _LEAST_POINTS
    ]
    if short:
        notes.append(f"Fewer than {_LEAST_POINTS} values in a phase: {', '.join(short)}; read nothing into these.")
    if test is not None:
        notes.append("p holds only if the start was drawn by lot from these start points before the baseline.")
        if test.distribution_size * _LIMIT < 1:
            notes.append(
                f"{test.distribution_size} possible results: p can be no smaller than {1 / test.distribution_size:.3g}."
            )
        if not test.exact:
            notes.append("Too many combinations to visit: p is from a million drawn with a fixed seed.")
    return notes
