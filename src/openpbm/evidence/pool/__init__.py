"""The statistics of pooling: numbers in, numbers out, many pools at once."""

from openpbm.evidence.pool.bayes import Posterior, bayes_pool
from openpbm.evidence.pool.diagnostics import Influence, influence, leave_one_out, permutation_p_values
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
from openpbm.evidence.pool.robust import RobustPool, ThreeLevels, robust_pool, three_levels
from openpbm.evidence.pool.sequential import SequentialView, sequential_view
from openpbm.evidence.pool.small_studies import Asymmetry, SelectionModel, egger, pet_peese, selection_model
from openpbm.evidence.pool.studies import Floats, Studies, make_studies, weighted_fit

__all__ = [
    "Asymmetry",
    "Contrast",
    "DosePool",
    "DoseStudy",
    "Floats",
    "Influence",
    "Model",
    "NetworkPool",
    "Pooled",
    "Posterior",
    "RobustPool",
    "SelectionModel",
    "SequentialView",
    "Studies",
    "ThreeLevels",
    "bayes_pool",
    "best_dose",
    "dose_basis",
    "egger",
    "estimate_tau2",
    "greenland_longnecker",
    "influence",
    "leave_one_out",
    "make_studies",
    "permutation_p_values",
    "pet_peese",
    "pool",
    "pool_doses",
    "pool_network",
    "q_profile",
    "robust_pool",
    "selection_model",
    "sequential_view",
    "standardised_by_dose",
    "three_levels",
    "typical_variance",
    "weighted_fit",
]
