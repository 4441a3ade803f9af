"""The trials of a condition put together: their numbers, the pool, how sure it is, and the statement in words."""

from openpbm.evidence.synthesis.certainty import CertaintyProfile, Downgrade, certainty_profile
from openpbm.evidence.synthesis.current import (
    current_gaps,
    current_summary,
    current_table,
    evidence_statement,
    known_condition,
    pooled_conditions,
)
from openpbm.evidence.synthesis.gaps import GapFinding, gap_register, people_an_arm
from openpbm.evidence.synthesis.results import TrialResult, trial_result
from openpbm.evidence.synthesis.statement import make_statement, pool_in_words, reference_of
from openpbm.evidence.synthesis.summary import ConditionSummary, PooledEffect, pooled_effect, summarise

__all__ = [
    "CertaintyProfile",
    "ConditionSummary",
    "Downgrade",
    "GapFinding",
    "PooledEffect",
    "TrialResult",
    "certainty_profile",
    "current_gaps",
    "current_summary",
    "current_table",
    "evidence_statement",
    "gap_register",
    "known_condition",
    "make_statement",
    "people_an_arm",
    "pool_in_words",
    "pooled_conditions",
    "pooled_effect",
    "reference_of",
    "summarise",
    "trial_result",
]
