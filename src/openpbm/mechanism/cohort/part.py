"""One part of a cohort: so many people under a seed of their own, computed anywhere, written once."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from openpbm.facts.table import digest
from openpbm.mechanism.cohort.people_table import People, people_columns
from openpbm.mechanism.cohort.spec import CohortSpec
from openpbm.mechanism.cohort.target_light import CaseLight, TargetLight
from openpbm.mechanism.optional_packages import optional_package
from openpbm.mechanism.virtual_people import VirtualPeople
from openpbm.version import __version__

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["PEOPLE_AT_ONCE", "Part", "compute_part", "parts_of", "write_whole"]

#: People of a part. Never the workers' choice: it decides who is drawn.
PEOPLE_AT_ONCE = 10_000


@dataclass(frozen=True)
class Part:
    """People `first` to `first + count - 1` of a cohort; `key` names what they depend on."""

    number: int
    first: int
    count: int
    key: str

    def path(self, folder: Path) -> Path:
        """Where it is kept until all are there: nothing of another specification, seed or release has that name."""
        return folder / f"{self.key}-{self.number:06d}-{self.count}.parquet"


def parts_of(spec: CohortSpec, light: TargetLight, people: int, at_once: int = PEOPLE_AT_ONCE) -> list[Part]:
    """So many people cut into parts, the last with what is left."""
    key = _key(spec, light)
    return [
        Part(number, first, min(at_once, people - first), key) for number, first in enumerate(range(0, people, at_once))
    ]


def _key(spec: CohortSpec, light: TargetLight) -> str:
    told = hashlib.sha256(json.dumps(asdict(spec), sort_keys=True).encode())
    told.update(f"{__version__} {digest()}".encode())
    if isinstance(light, CaseLight):
        # The file of the case may have changed under its name: what counts is the light that came of it.
        for array in (light.fluence_rates, *light.rises_c.values()):
            told.update(np.ascontiguousarray(array).tobytes())
    return told.hexdigest()[:16]


def compute_part(part: Part, spec: CohortSpec, light: TargetLight) -> tuple[Part, pa.Table]:
    """The rows of one part, in float32 where they are measured: nothing is known to seven digits."""
    pa = optional_package("pyarrow")
    seed = int(np.random.SeedSequence([spec.seed, part.number]).generate_state(1, np.uint64)[0])
    people = People.of(VirtualPeople(part.count, seed=seed), spec, light)
    person = pa.array(np.arange(part.first, part.first + part.count))
    tables = []
    for regimen, columns in zip(spec.regimens, people_columns(people, spec), strict=True):
        arrays = {"person": person, "regimen": pa.array([regimen.name] * part.count)}
        for name, values in columns.items():
            arrays[name] = pa.array(values.astype(np.float32) if values.dtype.kind == "f" else values)
        tables.append(pa.table(arrays))
    return part, pa.concat_tables(tables)


def write_whole(table: pa.Table, path: Path) -> None:
    """A file that is there whole or not at all."""
    parquet = optional_package("pyarrow.parquet")
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    parquet.write_table(table, unfinished, compression="zstd")
    unfinished.replace(path)
