"""Cohorts: very many virtual people under several regimens, in parts that any number of workers compute alike."""

from openpbm.mechanism.cohort.run_cohort import run_cohort
from openpbm.mechanism.cohort.spec import CohortSpec, read_cohort_spec

__all__ = ["CohortSpec", "read_cohort_spec", "run_cohort"]
