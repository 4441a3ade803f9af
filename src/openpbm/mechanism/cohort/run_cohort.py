"""A cohort from its specification to a table of people and its summary, over as many workers as there are."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from openpbm.errors import BadInput, Problem
from openpbm.files import JsonObject
from openpbm.mechanism.cohort.part import PEOPLE_AT_ONCE, Part, compute_part, parts_of, write_whole
from openpbm.mechanism.cohort.spec import CohortSpec
from openpbm.mechanism.cohort.summary import summarise
from openpbm.mechanism.cohort.target_light import TargetLight, target_light
from openpbm.mechanism.optional_packages import optional_package

__all__ = ["run_cohort"]

Progress = Callable[[int, int], None]


def run_cohort(
    spec: CohortSpec,
    people: int,
    folder: Path,
    *,
    case_folder: Path = Path(),
    workers: int | None = None,
    at_once: int = PEOPLE_AT_ONCE,
    progress: Progress = lambda done, total: None,
) -> JsonObject:
    """Compute a cohort and write `people.parquet` and `summary.json` into a folder; returns the summary.

    case_folder : from where the path of the specification's case counts
    workers : processes on this machine; None, as joblib's `parallel_config` says, which may be a Dask cluster
    at_once : people of a part; another number draws other people
    Parts stand in `folder/parts` as they are done, until all are: the same call goes on from there. Rows do not depend
    on the workers, nor on the order in which they finish. Raises BadInput where a package is missing or a worker died.
    """
    light = target_light(spec, case_folder)
    parts = parts_of(spec, light, people, at_once)
    kept = folder / "parts"
    kept.mkdir(parents=True, exist_ok=True)
    _compute_missing(parts, spec, light, kept, workers, progress)
    table = folder / "people.parquet"
    _join(parts, kept, table)
    summary = summarise(table, spec, people)
    (folder / "summary.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    _clear(parts, kept)
    return summary


def _compute_missing(
    parts: Sequence[Part],
    spec: CohortSpec,
    light: TargetLight,
    kept: Path,
    workers: int | None,
    progress: Progress,
) -> None:
    joblib = optional_package("joblib")
    optional_package("pyarrow.parquet")
    missing = [part for part in parts if not part.path(kept).exists()]
    done = len(parts) - len(missing)
    progress(done, len(parts))
    # As they finish: a part waits for none before it, in memory or on the way to its file.
    work = joblib.Parallel(n_jobs=workers, return_as="generator_unordered")
    try:
        for part, rows in work(joblib.delayed(compute_part)(part, spec, light) for part in missing):
            write_whole(rows, part.path(kept))
            done += 1
            progress(done, len(parts))
    except joblib.externals.loky.process_executor.BrokenProcessPool as error:
        remedy = (
            f"the same command goes on from the {done} that are kept in {kept}; use fewer workers if memory is short"
        )
        message = f"a worker ended with {done} of {len(parts)} parts done"
        raise BadInput(Problem(key="cohort", message=message, remedy=remedy)) from error


def _join(parts: Sequence[Part], kept: Path, table: Path) -> None:
    """All parts in the order of their people, one after the other, so that memory holds one of them."""
    parquet = optional_package("pyarrow.parquet")
    unfinished = table.with_suffix(".unfinished")
    schema = parquet.read_schema(parts[0].path(kept))
    with parquet.ParquetWriter(unfinished, schema, compression="zstd") as writer:
        for part in parts:
            writer.write_table(parquet.read_table(part.path(kept)))
    unfinished.replace(table)


def _clear(parts: Sequence[Part], kept: Path) -> None:
    for part in parts:
        part.path(kept).unlink()
    # Parts of another specification stay for whoever goes on with it.
    if not any(kept.iterdir()):
        kept.rmdir()
