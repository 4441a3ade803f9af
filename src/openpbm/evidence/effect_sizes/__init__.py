"""Effect sizes: from the numbers a paper prints to an effect and its variance; numbers in, numbers out."""

from openpbm.evidence.effect_sizes.events import odds_ratio, peto_odds_ratio, rate_ratio, risk_difference, risk_ratio
from openpbm.evidence.effect_sizes.means import (
    hedges_correction,
    mean_difference,
    ratio_of_means,
    standardised_mean_difference,
)
from openpbm.evidence.effect_sizes.named import effect_of, effect_words, is_ratio, shape_of
from openpbm.evidence.effect_sizes.size import EffectSize

__all__ = [
    "EffectSize",
    "effect_of",
    "effect_words",
    "hedges_correction",
    "is_ratio",
    "mean_difference",
    "odds_ratio",
    "peto_odds_ratio",
    "rate_ratio",
    "ratio_of_means",
    "risk_difference",
    "risk_ratio",
    "shape_of",
    "standardised_mean_difference",
]
