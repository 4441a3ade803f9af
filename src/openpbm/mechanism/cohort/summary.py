"""The summary of a cohort: bands of every regimen, chance of an important gain, and what one has over another."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from openpbm.facts.mechanism import arrows
from openpbm.facts.notice import NOTICE
from openpbm.facts.scales import outcome_scale
from openpbm.files import JsonObject
from openpbm.mechanism.cohort.people_table import START_SHARE, scored_weeks
from openpbm.mechanism.cohort.spec import CohortRegimen, CohortSpec
from openpbm.mechanism.course_answer import important_change
from openpbm.mechanism.optional_packages import optional_package

__all__ = ["summarise"]

Array = NDArray[np.float32]
# The week until which a course has to have brought a gain that is worth having.
_GAIN_WEEK = 6


class PeopleTable:
    """The columns of a written cohort by regimen, read one at a time: each is as long as there are people."""

    def __init__(self, path: Path, spec: CohortSpec) -> None:
        parquet = optional_package("pyarrow.parquet")
        # As numbers: the names of ten regimens in a million people would be ten million texts.
        self._file = parquet.ParquetFile(path, read_dictionary=["regimen"])
        written = self._file.read(["regimen"]).column("regimen").unify_dictionaries().combine_chunks()
        names, codes = written.dictionary.to_pylist(), written.indices.to_numpy()
        self._rows = {regimen.name: np.flatnonzero(codes == names.index(regimen.name)) for regimen in spec.regimens}
        self.names = tuple(self._file.schema_arrow.names)

    def column(self, name: str, regimen: str) -> Array:
        """(people,), in the order of the people."""
        return np.asarray(self._file.read([name]).column(name).to_numpy()[self._rows[regimen]])


def summarise(path: Path, spec: CohortSpec, people: int) -> JsonObject:
    """The keys of docs/mechanism.md, under `openpbm cohort`."""
    table, scale = PeopleTable(path, spec), outcome_scale(spec.scale)
    maximum = scale.maximum or 0.0
    return {
        "people": people,
        "seed": spec.seed,
        "scale": scale.id,
        "maximum": maximum,
        "start": spec.start or START_SHARE * maximum,
        "important_change": important_change(scale),
        "regimens": [_regimen(table, regimen, spec) for regimen in spec.regimens],
        "differences": [
            _difference(table, one.name, other.name, scored_weeks(spec))
            for one, other in itertools.combinations(spec.regimens, 2)
        ],
        "arrows": [
            {"id": arrow.id, "grade": arrow.grade, "weight": arrow.weight, "on": spec.forced.get(arrow.id, "by weight")}
            for arrow in arrows
        ],
        "notice": NOTICE,
    }


def _regimen(table: PeopleTable, regimen: CohortRegimen, spec: CohortSpec) -> JsonObject:
    weeks, name = scored_weeks(spec), regimen.name
    sham = [table.column(f"sham_week_{week}", name) for week in weeks]
    specific = [table.column(f"specific_week_{week}", name) for week in weeks]
    worth = important_change(outcome_scale(spec.scale))
    chance = None
    if worth is not None:
        chance = float((specific[weeks.index(_GAIN_WEEK)] <= -worth).mean())
    warm = [each.removeprefix("thermal_") for each in table.names if each.startswith("thermal_")]
    return {
        "name": name,
        "minutes": regimen.minutes,
        "sessions_per_week": regimen.sessions_per_week,
        "weeks": regimen.weeks,
        "session_fluence_j_cm2": _band([table.column("session_fluence_j_cm2", name)]),
        "session": [_observable(table, each, name) for each in warm],
        "scored_weeks": weeks,
        "sham": _band(sham),
        "specific": _band(specific),
        "total": _band([without + light for without, light in zip(sham, specific, strict=True)]),
        "chance_of_gain": chance,
        "weight_null": float((table.column("stimulus", name) == 0.0).mean()),
    }


def _observable(table: PeopleTable, observable: str, regimen: str) -> JsonObject:
    thermal = table.column(f"thermal_{observable}", regimen)
    return {
        "name": observable,
        **_band([table.column(observable, regimen)]),
        "thermal_median": _rounded([np.median(thermal)]),
    }


def _difference(table: PeopleTable, one: str, other: str, weeks: list[int]) -> JsonObject:
    """What light itself does under one regimen less what it does under the other, in the same people."""
    pairs = [
        table.column(f"specific_week_{week}", one) - table.column(f"specific_week_{week}", other) for week in weeks
    ]
    by_week_six = pairs[weeks.index(_GAIN_WEEK)]
    return {
        "regimen": one,
        "less": other,
        "scored_weeks": weeks,
        **_band(pairs),
        "share_better": float((by_week_six < 0.0).mean()),
        "share_worse": float((by_week_six > 0.0).mean()),
    }


def _band(columns: list[Array]) -> dict[str, list[float]]:
    """p5, median and p95 over the people of each column."""
    bands = np.array([np.percentile(column, [5, 50, 95]) for column in columns]).T
    return dict(zip(("p5", "median", "p95"), map(_rounded, bands), strict=True))


def _rounded(values: object) -> list[float]:
    return [float(f"{value:.6g}") for value in np.asarray(values).tolist()]
