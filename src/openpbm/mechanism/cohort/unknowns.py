"""Which unknown carries what: Sobol indices of a cohort's outcomes over everything that differs between its people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from openpbm.files import JsonObject
from openpbm.mechanism.cohort.people_table import Columns, People, people_columns
from openpbm.mechanism.cohort.spec import CohortSpec
from openpbm.mechanism.cohort.target_light import TargetLight, target_light
from openpbm.mechanism.optional_packages import optional_package
from openpbm.mechanism.session_answer import OBSERVABLES
from openpbm.mechanism.virtual_people import RankedPeople

__all__ = ["SOBOL_BASE", "UnknownShare", "sobol_as_json", "sobol_indices"]

Array = NDArray[np.float64]
#: Points of the design that is repeated for every unknown; a power of two, as Sobol's sequence wants it.
SOBOL_BASE = 1024
# A rank of 0 or 1 would be an infinite value of a normal prior.
_NEAREST_END = 1e-6
_AT_ONCE = 20_000


@dataclass(frozen=True)
class UnknownShare:
    """Share of an outcome's variance between people that goes with one unknown.

    first : by itself; total : with all that it does together with others; error : of the total, for 95 of 100
    """

    unknown: str
    first: float
    total: float
    error: float


def sobol_indices(
    spec: CohortSpec, *, case_folder: Path = Path(), base: int = SOBOL_BASE
) -> dict[str, list[UnknownShare]]:
    """For each outcome of the first regimen the unknowns, the largest total first.

    Unknowns are the ranks by which a person is drawn: parameters, light at the target, form of dose, and every arrow
    that is not set. Saltelli's design and Jansen's estimates, by SALib. Raises BadInput where SALib is missing.
    """
    sample, analyze = optional_package("SALib.sample.sobol"), optional_package("SALib.analyze.sobol")
    light = target_light(spec, case_folder)
    names = _unknowns(spec, light)
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    ranks = np.clip(
        sample.sample(problem, base, calc_second_order=False, seed=spec.seed), _NEAREST_END, 1.0 - _NEAREST_END
    )
    outcomes: dict[str, list[Array]] = {}
    for first in range(0, len(ranks), _AT_ONCE):
        some = ranks[first : first + _AT_ONCE]
        for name, values in _outcomes(dict(zip(names, some.T, strict=True)), len(some), spec, light).items():
            outcomes.setdefault(name, []).append(values)
    return {name: _shares(analyze, problem, np.concatenate(values), spec.seed) for name, values in outcomes.items()}


def _unknowns(spec: CohortSpec, light: TargetLight) -> list[str]:
    """Every name under which a person is drawn and whose value is open."""
    middle = RankedPeople({}, 1)
    people_columns(People.of(middle, spec, light), spec)
    set_arrows = {f"arrow {id}" for id in spec.arrows}
    return [name for name in middle.asked if name not in set_arrows]


def _outcomes(ranks: Mapping[str, Array], count: int, spec: CohortSpec, light: TargetLight) -> dict[str, Array]:
    columns = people_columns(People.of(RankedPeople(ranks, count), spec, light), spec)[0]
    outcomes = {name: _numbers(columns, name) for name in OBSERVABLES[light.compartment] if name != "temperature_c"}
    if "flow_percent" in outcomes:
        outcomes["flow_percent_of_light"] = outcomes["flow_percent"] - _numbers(columns, "thermal_flow_percent")
    return outcomes | {"specific_week_6": _numbers(columns, "specific_week_6")}


def _numbers(columns: Columns, name: str) -> Array:
    return np.asarray(columns[name], dtype=np.float64)


def _shares(analyze: object, problem: JsonObject, values: Array, seed: int) -> list[UnknownShare]:
    if np.ptp(values) == 0.0:
        # Nothing differs, so that nothing carries a difference.
        return [UnknownShare(name, 0.0, 0.0, 0.0) for name in problem["names"]]
    found = analyze.analyze(problem, values, calc_second_order=False, seed=seed)  # type: ignore[attr-defined]
    rows = zip(problem["names"], found["S1"], found["ST"], found["ST_conf"], strict=True)
    shares = [UnknownShare(name, float(first), float(total), float(error)) for name, first, total, error in rows]
    return sorted(shares, key=lambda share: -share.total)


def sobol_as_json(indices: Mapping[str, list[UnknownShare]]) -> JsonObject:
    """The keys of sobol.json, docs/mechanism.md."""
    return {
        outcome: [
            {
                "unknown": share.unknown,
                "first": round(share.first, 4),
                "total": round(share.total, 4),
                "error": round(share.error, 4),
            }
            for share in shares
        ]
        for outcome, shares in indices.items()
    }
