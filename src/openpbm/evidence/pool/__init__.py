"""The statistics of pooling: numbers in, numbers out, many pools at once."""

from openpbm.evidence.pool.dose_response import (
    DosePool,
    DoseStudy,
    best_dose,
    dose_basis,
    greenland_longnecker,
    pool_doses,
    standardised_by_dose,
)
from openpbm.evidence.pool.fit import Pooled, pool
from openpbm.evidence.pool.heterogeneity import Model, estimate_tau2, q_profile, typical_variance
from openpbm.evidence.pool.network import Contrast, NetworkPool, pool_network
from openpbm.evidence.pool.studies import Floats, Studies, make_studies, weighted_fit

__all__ = [
    "Contrast",
    "DosePool",
    "DoseStudy",
    "Floats",
    "Model",
    "NetworkPool",
    "Pooled",
    "Studies",
    "best_dose",
    "dose_basis",
    "estimate_tau2",
    "greenland_longnecker",
    "make_studies",
    "pool",
    "pool_doses",
    "pool_network",
    "q_profile",
    "standardised_by_dose",
    "typical_variance",
    "weighted_fit",
]
