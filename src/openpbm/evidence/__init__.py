"""Evidence: what the trials say together, pooled as the field pools."""

from openpbm.evidence.answer import PoolAnswer, PoolRequest, pool_answer
from openpbm.evidence.pool import Model, Pooled, make_studies, pool, q_profile
from openpbm.evidence.pool_file import EFFECTS, Effect, PoolData, read_pool_file

__all__ = [
    "EFFECTS",
    "Effect",
    "Model",
    "PoolAnswer",
    "PoolData",
    "PoolRequest",
    "Pooled",
    "make_studies",
    "pool",
    "pool_answer",
    "q_profile",
    "read_pool_file",
]
