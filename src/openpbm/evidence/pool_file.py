"""A CSV of studies to pool: their effects, or the numbers of two groups that effects are computed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from openpbm.errors import BadInput, Problem
from openpbm.evidence.effect_sizes import EffectSize, effect_of, shape_of
from openpbm.evidence.effect_sizes.size import Floats
from openpbm.evidence.group_cells import check_groups, read_number, standard_error_cautions
from openpbm.evidence.moderator import Moderator, read_moderator
from openpbm.files import Column, Line, Table, csv_rows, read_bytes, suggest, table_of

__all__ = ["EFFECTS", "Effect", "PoolData", "read_pool_file"]

#: Mean difference, Hedges' g, log risk ratio, log odds ratio, risk difference; log ratio of means, log odds ratio of
#: Peto, log ratio of rates.
Effect = Literal["md", "smd", "rr", "or", "rd", "rom", "peto", "irr"]
EFFECTS: tuple[Effect, ...] = ("md", "smd", "rr", "or", "rd", "rom", "peto", "irr")

# By the kind of number a file holds: its columns.
_SHAPES: dict[str, tuple[str, ...]] = {
    "effects": ("yi", "vi"),
    "means": ("n1", "m1", "sd1", "n2", "m2", "sd2"),
    "events": ("e1", "n1", "e2", "n2"),
    "rates": ("e1", "t1", "e2", "t2"),
}
_NUMBERS = tuple(dict.fromkeys(name for names in _SHAPES.values() for name in names))
_MOST_PROBLEMS = 40
_FEWEST_STUDIES = 2
# Beyond it the smaller weight is lost in the rounding of the larger.
_WIDEST = 1e10


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolData:
    """The studies of a file.

    effect : the scale they are on, "" where a file of effects does not say
    shape : effects, means, events or rates
    names, lines : of each study, and where it stands
    values, variances : (k,), logarithms for ratios
    cautions : what is plausible but worth a second look, a sentence each
    """

    document: str
    effect: Effect | Literal[""]
    shape: str
    names: tuple[str, ...]
    lines: tuple[int, ...]
    values: Floats
    variances: Floats
    moderators: tuple[Moderator, ...] = ()
    cautions: tuple[str, ...] = ()


def read_pool_file(path: Path, effect: Effect | None = None, moderators: Sequence[str] = ()) -> PoolData:
    """The studies of a CSV file; BadInput with every problem found.

    Columns: study and yi, vi; or n1, m1, sd1, n2, m2, sd2; or e1, n1, e2, n2; or e1, t1, e2, t2. Others may stand
    beside them. Group 1 is the treated one.
    moderators : columns that may explain the differences between the studies
    """
    problems: list[Problem] = []
    content = read_bytes(path)
    headings = _headings(content, path.name)
    shape = _shape(headings, effect, path.name)
    _check_moderators(headings, moderators, path.name)
    table = table_of(content, path.name, _columns(headings, shape), problems, _plain)
    if table is None:
        raise BadInput(problems)
    data = _data(path.name, table, shape, effect, moderators, problems)
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        rest = [Problem(message=f"and {more} more", remedy="correct these first")] if more > 0 else []
        raise BadInput([*problems[:_MOST_PROBLEMS], *rest])
    return data


def _plain(heading: str) -> str:
    return heading.strip().casefold()


def _headings(content: bytes, document: str) -> tuple[str, ...]:
    rows = csv_rows(content, document).rows
    if len(rows) < 2:
        remedy = "write the columns study,yi,vi and one row a study"
        raise BadInput(Problem(message="holds no study", remedy=remedy, document=document))
    return tuple(_plain(heading) for heading in rows[0][1])


def _columns(headings: Sequence[str], shape: str) -> list[Column]:
    """Every heading is a column: what a table of trials holds besides is left alone."""
    numbers = _SHAPES[shape]
    needed = [Column(name=name, needed=True, number=name in numbers) for name in ("study", *numbers)]
    others = [Column(name=name) for name in dict.fromkeys(headings) if name and name not in ("study", *numbers)]
    return [*needed, *others]


def _shape(headings: Sequence[str], effect: Effect | None, document: str) -> str:
    """Which of the kinds of number the file holds; BadInput where none is whole, or two are."""
    whole = [shape for shape, names in _SHAPES.items() if set(names) <= set(headings)]
    if len(whole) > 1:
        kinds = " and ".join(",".join(_SHAPES[shape]) for shape in whole)
        remedy = "keep one kind of number, so that nobody can tell two effects from one file"
        raise BadInput(Problem(document=document, line=1, message=f"a mix of formats: {kinds}", remedy=remedy))
    wanted = None if effect is None else shape_of(effect)
    if not whole:
        raise BadInput(_missing(headings, wanted, document))
    if wanted is not None and whole[0] not in ("effects", wanted):
        names = ",".join(_SHAPES[wanted])
        message = f"the columns {','.join(_SHAPES[whole[0]])} give no such effect"
        raise BadInput(Problem("--effect", effect, message, f"choose another effect, or give {names}", 1, document))
    if wanted is None and whole[0] != "effects":
        fitting = ", ".join(name for name in EFFECTS if shape_of(name) == whole[0])
        message = f"needed with the columns {','.join(_SHAPES[whole[0]])}"
        raise BadInput(Problem("--effect", None, message, f"choose one of {fitting}", 1, document))
    return whole[0]


def _missing(headings: Sequence[str], wanted: str | None, document: str) -> list[Problem]:
    def lacking(shape: str) -> list[str]:
        return [name for name in _SHAPES[shape] if name not in headings]

    def share(shape: str) -> float:
        return len(lacking(shape)) / len(_SHAPES[shape])

    shapes = [shape for shape in _SHAPES if wanted is None or shape in ("effects", wanted)]
    nearest = min(shapes, key=share)
    if share(nearest) == 1.0:
        kinds = "; ".join(",".join(_SHAPES[shape]) for shape in shapes)
        return [Problem(document=document, line=1, message="no column to pool", remedy=f"give study and {kinds}")]
    remedy = f"add it (columns: study,{','.join(_SHAPES[nearest])})"
    return [Problem(document=document, line=1, message=f"no column {name}", remedy=remedy) for name in lacking(nearest)]


def _check_moderators(headings: Sequence[str], moderators: Sequence[str], document: str) -> None:
    problems = [
        Problem("--moderator", name, "no such column", suggest(_plain(name), [one for one in headings if one]))
        for name in moderators
        if _plain(name) not in headings
    ]
    plain = [_plain(name) for name in moderators]
    problems += [
        Problem("--moderator", name, "given twice", "give it once")
        for place, name in enumerate(plain)
        if name in plain[:place]
    ]
    if problems:
        raise BadInput(problem.within(document, 1) for problem in problems)


def _data(
    document: str,
    table: Table,
    shape: str,
    effect: Effect | None,
    moderators: Sequence[str],
    problems: list[Problem],
) -> PoolData:
    names = tuple(line.text("study", needed=True) for line in table.lines)
    _check_names(names, table.lines)
    cells = [{name: read_number(line, name) for name in _SHAPES[shape]} for line in table.lines]
    check_groups(shape, effect or "", table.lines, cells)
    read = tuple(read_moderator(_plain(name), table.lines) for name in moderators)
    if not problems and len(names) < _FEWEST_STUDIES:
        remedy = "add studies, or report the one as it is"
        problems.append(Problem(document=document, message="1 study: a pool needs 2 at least", remedy=remedy))
    sizes = EffectSize(np.empty(0), np.empty(0))
    if not problems:
        sizes = effect_of(effect or "", {name: np.array([row[name] for row in cells]) for name in _SHAPES[shape]})
        _check_sizes(sizes, table.lines)
    return PoolData(
        document=document,
        effect=effect or "",
        shape=shape,
        names=names,
        lines=tuple(line.number for line in table.lines),
        values=sizes.effect,
        variances=sizes.variance,
        moderators=read,
        cautions=tuple(standard_error_cautions(names, cells)) if shape == "means" and not problems else (),
    )


def _check_names(names: Sequence[str], lines: Sequence[Line]) -> None:
    first: dict[str, int] = {}
    for name, line in zip(names, lines, strict=True):
        key = " ".join(name.casefold().split())
        if key and key in first:
            remedy = "give each study its own name, and the same people only once"
            line.add_problem("study", f"stands on line {first[key]} already", remedy)
        first.setdefault(key, line.number)


def _check_sizes(sizes: EffectSize, lines: Sequence[Line]) -> None:
    for line, value, variance in zip(lines, sizes.effect, sizes.variance, strict=True):
        if not (np.isfinite(value) and np.isfinite(variance) and variance > 0.0):
            message = "no effect with a variance above 0 comes of its numbers"
            line.add_problem("study", message, "leave it out and say so")
    if np.all(sizes.variance > 0.0) and sizes.variance.max() > _WIDEST * sizes.variance.min():
        message = f"its variance is more than {_WIDEST:g} times the smallest one"
        lines[int(sizes.variance.argmax())].add_problem("study", message, "give every study in one unit")
