"""The trials of a condition put together: their numbers, the pool, how sure it is, and the statement in words."""

from openpbm.evidence.synthesis.certainty import CertaintyProfile, Downgrade, certainty_profile
from openpbm.evidence.synthesis.current import current_summary, evidence_statement
from openpbm.evidence.synthesis.results import TrialResult, trial_result
from openpbm.evidence.synthesis.statement import make_statement
from openpbm.evidence.synthesis.summary import ConditionSummary, PooledEffect, pooled_effect, summarise

__all__ = [
    "CertaintyProfile",
    "ConditionSummary",
    "Downgrade",
    "PooledEffect",
    "TrialResult",
    "certainty_profile",
    "current_summary",
    "evidence_statement",
    "make_statement",
    "pooled_effect",
    "summarise",
    "trial_result",
]
