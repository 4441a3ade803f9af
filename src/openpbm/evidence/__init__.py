"""Evidence: what the trials say together, pooled as the field pools."""

from openpbm.evidence.answer import PoolAnswer, PoolRequest, pool_answer
from openpbm.evidence.pool import Model, Pooled, make_studies, pool, q_profile
from openpbm.evidence.pool_file import EFFECTS, Effect, PoolData, read_pool_file
from openpbm.evidence.sensitivity import Part, Sensitivity, Subgroups, sensitivity, subgroups

__all__ = [
    "EFFECTS",
    "Effect",
    "Model",
    "Part",
    "PoolAnswer",
    "PoolData",
    "PoolRequest",
    "Pooled",
    "Sensitivity",
    "Subgroups",
    "make_studies",
    "pool",
    "pool_answer",
    "q_profile",
    "read_pool_file",
    "sensitivity",
    "subgroups",
]
