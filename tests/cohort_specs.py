"""A cohort of two regimens, as it is written and as it is read."""

from __future__ import annotations

from pathlib import Path

from openpbm.mechanism.cohort import CohortSpec, read_cohort_spec

SPEC = """
scale = "irls"
start = 26
seed = 5

[target]
compartment = "muscle"

[[target.light]]
wavelength_nm = 850
fluence_rate_mw_cm2 = 10
absorption_per_cm = 0.29

[[regimens]]
name = "long"
minutes = 20
sessions_per_week = 3
weeks = 6

[[regimens]]
name = "short"
minutes = 10
sessions_per_week = 3
weeks = 6
"""


def spec_of(tmp_path: Path, text: str = SPEC) -> CohortSpec:
    path = tmp_path / "cohort.toml"
    path.write_text(text, encoding="utf-8")
    return read_cohort_spec(path)
