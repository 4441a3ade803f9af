"""Effect sizes by the short names of the field, and the numbers each is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from openpbm.evidence.effect_sizes.events import odds_ratio, peto_odds_ratio, rate_ratio, risk_difference, risk_ratio
from openpbm.evidence.effect_sizes.means import mean_difference, ratio_of_means, standardised_mean_difference
from openpbm.evidence.effect_sizes.size import EffectSize, Floats

__all__ = ["effect_of", "effect_words", "is_ratio", "shape_of"]

_MEANS = ("m1", "sd1", "n1", "m2", "sd2", "n2")
_EVENTS = ("e1", "n1", "e2", "n2")
_RATES = ("e1", "t1", "e2", "t2")
_SHAPES = {_MEANS: "means", _EVENTS: "events", _RATES: "rates"}

#: What computes an effect, the columns it takes in their order, and what a reader calls it.
_NAMED: dict[str, tuple[Callable[..., EffectSize], tuple[str, ...], str]] = {
    "md": (mean_difference, _MEANS, "mean difference"),
    "smd": (standardised_mean_difference, _MEANS, "standardised mean difference (Hedges' g)"),
    "rom": (ratio_of_means, _MEANS, "log ratio of means"),
    "rr": (risk_ratio, _EVENTS, "log risk ratio"),
    "or": (odds_ratio, _EVENTS, "log odds ratio"),
    "rd": (risk_difference, _EVENTS, "risk difference"),
    "peto": (peto_odds_ratio, _EVENTS, "log odds ratio (Peto)"),
    "irr": (rate_ratio, _RATES, "log rate ratio"),
}


def shape_of(effect: str) -> str:
    """The kind of numbers an effect is made of: means, events or rates."""
    return _SHAPES[_NAMED[effect][1]]


def effect_words(effect: str) -> str:
    """What a reader calls the effect; "effect" for one without a name."""
    return _NAMED[effect][2] if effect else "effect"


def is_ratio(effect: str) -> bool:
    """Whether the effect is the logarithm of a ratio."""
    return effect_words(effect).startswith("log ")


def effect_of(effect: str, numbers: Mapping[str, Floats]) -> EffectSize:
    """The effects and variances of these columns; `yi` and `vi` stand as they are.

    effect : md, smd, rom, rr, or, rd, peto or irr; any, or "", with yi and vi
    """
    if "yi" in numbers:
        return EffectSize(numbers["yi"], numbers["vi"])
    compute, columns, _ = _NAMED[effect]
    return compute(*(numbers[name] for name in columns))
