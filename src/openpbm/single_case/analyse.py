"""Every statistic of a file of cases in one answer: overlap, slopes, two lines, and the test by lot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from openpbm.errors import BadInput, Problem
from openpbm.single_case.level_change import LevelChange, level_change
from openpbm.single_case.overlap import Overlap, mean_overlap, overlap
from openpbm.single_case.piecewise import Piecewise, piecewise
from openpbm.single_case.randomisation import RandomisationTest, randomisation_test
from openpbm.single_case.series import Better, Series
from openpbm.single_case.theil_sen import theil_sen_slope

__all__ = ["Analysis", "CaseAnalysis", "analyse"]

_LEAST_POINTS = 5
_LIMIT = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAnalysis:
    """One case.

    n : days with a value in phase A and B
    theil_sen : slope in each phase, in points per unit of time; None where a phase has too few values
    ar1 : change of level by REML; None where it was not asked for
    """

    n: dict[str, int]
    missing: int
    overlap: Overlap
    theil_sen: dict[str, float | None]
    piecewise: Piecewise
    ar1: LevelChange | None = None

    def to_dict(self) -> dict[str, object]:
        """The case as JSON."""
        return {
            "n": self.n,
            "missing": self.missing,
            **self.overlap.to_dict(),
            "theil_sen": self.theil_sen,
            "piecewise": self.piecewise.to_dict(),
            **({} if self.ar1 is None else {"ar1": self.ar1.to_dict()}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """All cases of one file.

    overlap : mean over the cases, each counted alike; None where a case has none
    theil_sen, piecewise : of the only case; None for several, since slopes of different people have no mean
    randomisation_test : None when nothing was drawn by lot
    """

    better: Better
    n: dict[str, int]
    missing: int
    overlap: Overlap
    theil_sen: dict[str, float | None]
    randomisation_test: RandomisationTest | None
    piecewise: Piecewise | None
    cases: dict[str, CaseAnalysis]
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """The answer as JSON (docs/methods/single-case.md)."""
        return {
            "better": self.better,
            "n": self.n,
            "missing": self.missing,
            **self.overlap.to_dict(),
            "theil_sen": self.theil_sen,
            "randomisation_test": self.randomisation_test and self.randomisation_test.to_dict(),
            "piecewise": self.piecewise and self.piecewise.to_dict(),
            "cases": {name: case.to_dict() for name, case in self.cases.items()},
            "notes": list(self.notes),
        }


def analyse(
    cases: Sequence[Series], better: Better, start_points: tuple[int, int] | None = None, *, ar1: bool = False
) -> Analysis:
    """The answer of `openpbm single-case` (docs/methods/single-case.md).

    start_points : first and last admissible place of the first B, counted from 1, None when nothing was drawn
    ar1 : also fit the change of level with autocorrelated noise
    BadInput as in `randomisation_test`, and when there is no case.
    """
    if not cases:
        raise BadInput(Problem(message="no case to analyse", remedy="give at least one row of each phase"))
    parts = {case.name: _one_case(case, better, ar1=ar1) for case in cases}
    test = start_points and randomisation_test(cases, *start_points, better)
    several = Analysis(
        better=better,
        n={phase: sum(part.n[phase] for part in parts.values()) for phase in ("A", "B")},
        missing=sum(part.missing for part in parts.values()),
        overlap=mean_overlap([part.overlap for part in parts.values()]),
        theil_sen={"A": None, "B": None},
        randomisation_test=test,
        piecewise=None,
        cases=parts,
        notes=tuple(_notes(parts, test)),
    )
    # Slopes and lines of different people have no mean that means anything.
    if len(parts) > 1:
        return several
    (only,) = parts.values()
    return replace(several, theil_sen=only.theil_sen, piecewise=only.piecewise)


def _one_case(case: Series, better: Better, *, ar1: bool) -> CaseAnalysis:
    phases = {"A": case.phase("A"), "B": case.phase("B")}
    return CaseAnalysis(
        n={phase: len(values) for phase, (_, values) in phases.items()},
        missing=case.missing,
        overlap=overlap(case, better),
        theil_sen={phase: theil_sen_slope(time, values) for phase, (time, values) in phases.items()},
        piecewise=piecewise(case),
        ar1=level_change(case) if ar1 else None,
    )


def _notes(parts: dict[str, CaseAnalysis], test: RandomisationTest | None) -> list[str]:
    notes = [
        "An index of overlap is not a probability that the treatment works.",
        "The intervals of NAP and Tau (Newcombe 2006, method 5) take the days as independent; where days resemble their"
        " neighbours by 0.3 they hold the truth in about 80 instead of 90 of 100 cases.",
        "tau_u has no standard error and may pass 1; tau_bc takes the phase A slope away whatever its size.",
        "piecewise: time from 0 at the first row; level and slope are changes at the first B, slope from 0 there;"
        " its standard errors take the days as independent.",
    ]
    if len(parts) > 1:
        notes.append("Overlap indices above are means over cases, each counted alike; slopes and lines stand per case.")
    short = [
        f"{name} ({phase})" for name, part in parts.items() for phase in ("A", "B") if part.n[phase] < _LEAST_POINTS
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
