"""Effect sizes: from the numbers a paper prints to an effect and its variance; numbers in, numbers out."""

from openpbm.evidence.effect_sizes.conversions import (
    change_sd,
    effective_size,
    luo_mean_from_quartiles,
    luo_mean_from_range,
    paired_difference_variance,
    sd_from_interval,
    sd_from_standard_error,
    wan_sd_from_quartiles,
    wan_sd_from_range,
)
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
    "change_sd",
    "effect_of",
    "effect_words",
    "effective_size",
    "hedges_correction",
    "is_ratio",
    "luo_mean_from_quartiles",
    "luo_mean_from_range",
    "mean_difference",
    "odds_ratio",
    "paired_difference_variance",
    "peto_odds_ratio",
    "rate_ratio",
    "ratio_of_means",
    "risk_difference",
    "risk_ratio",
    "sd_from_interval",
    "sd_from_standard_error",
    "shape_of",
    "standardised_mean_difference",
    "wan_sd_from_quartiles",
    "wan_sd_from_range",
]
