"""Cohorts: very many virtual people under several regimens, in parts that any number of workers compute alike."""

from openpbm.mechanism.cohort.run_cohort import run_cohort
from openpbm.mechanism.cohort.spec import CohortSpec, read_cohort_spec
from openpbm.mechanism.cohort.target_light import case_verdict

__all__ = ["CohortSpec", "case_verdict", "read_cohort_spec", "run_cohort"]
