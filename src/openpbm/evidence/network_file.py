"""A CSV of comparisons between treatments, and the network they make."""

from __future__ import annotations

import math
from pathlib import Path

from openpbm.errors import BadInput, Problem
from openpbm.evidence.pool import Contrast, NetworkPool, pool_network
from openpbm.files import Column, Line, read_table, suggest

__all__ = ["network_to_dict", "read_contrasts", "solve_network"]

_COLUMNS = (
    Column(name="study", needed=True),
    Column(name="first", needed=True, aliases=("treat1",)),
    Column(name="second", needed=True, aliases=("treat2",)),
    Column(name="effect", needed=True, number=True, aliases=("te",)),
    Column(name="standard_error", needed=True, number=True, aliases=("sete",)),
)
_LARGEST = 1e12


def read_contrasts(path: Path) -> list[Contrast]:
    """The comparisons of a file, each the effect of `first` less that of `second`; BadInput with every problem.

    A study of three arms has three rows under one name, of four arms six.
    """
    problems: list[Problem] = []
    table = read_table(path, _COLUMNS, problems)
    rows = [_contrast(line) for line in table.lines] if table is not None else []
    if table is not None and not rows and not problems:
        problems.append(Problem(message="holds no comparison", remedy="write one row a comparison", document=path.name))
    if problems:
        raise BadInput(problems)
    return rows


def _contrast(line: Line) -> Contrast:
    first, second = line.text("first", needed=True), line.text("second", needed=True)
    if first and first == second:
        line.add_problem("second", "the same treatment as in first", "name the other one")
    effect = line.value("effect", -_LARGEST, _LARGEST, needed=True)
    error = line.value("standard_error", 0.0, _LARGEST, needed=True)
    if error == 0.0:
        line.add_problem("standard_error", "must be above 0", "give the standard error of the difference")
    return Contrast(
        study=line.text("study", needed=True),
        first=first,
        second=second,
        effect=effect or 0.0,
        standard_error=error or 1.0,
    )


def solve_network(contrasts: list[Contrast], reference: str, *, random: bool, document: str) -> NetworkPool:
    """The network against the reference; BadInput where it hangs in parts or a study lacks one of its comparisons."""
    names = sorted({name for row in contrasts for name in (row.first, row.second)})
    if reference not in names:
        raise BadInput(
            Problem("--reference", reference, "no such treatment", suggest(reference, names), None, document)
        )
    try:
        return pool_network(contrasts, reference, random=random)
    except ValueError as error:
        remedy = "add the comparison, or pool the parts apart"
        raise BadInput(Problem(document=document, message=str(error), remedy=remedy)) from error


def network_to_dict(network: NetworkPool) -> dict[str, object]:
    """The network as JSON."""
    rows = zip(network.treatments, network.effects, network.standard_errors, strict=True)
    p = network.q_p if network.degrees_of_freedom else math.nan
    return {
        "reference": network.reference,
        "treatments": [
            {
                "name": name,
                "estimate": float(effect),
                "standard_error": float(error),
                "ci": [float(effect - 1.959963984540054 * error), float(effect + 1.959963984540054 * error)],
            }
            for name, effect, error in rows
        ],
        "q": {"value": network.q, "df": network.degrees_of_freedom, "p": p if math.isfinite(p) else None},
        "i2": network.i2_percent,
        "tau2": network.tau2,
    }
