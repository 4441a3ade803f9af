"""The statistics of pooling: numbers in, numbers out, many pools at once."""

from openpbm.evidence.pool.fit import Pooled, pool
from openpbm.evidence.pool.heterogeneity import Model, estimate_tau2, q_profile, typical_variance
from openpbm.evidence.pool.studies import Floats, Studies, make_studies, weighted_fit

__all__ = [
    "Floats",
    "Model",
    "Pooled",
    "Studies",
    "estimate_tau2",
    "make_studies",
    "pool",
    "q_profile",
    "typical_variance",
    "weighted_fit",
]
