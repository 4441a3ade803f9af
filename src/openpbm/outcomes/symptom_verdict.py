"""Is it better than before light? One word for each measure, and one for all of them together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.outcomes.measure import Measure

__all__ = ["SymptomVerdict", "deciding_measure", "symptom_verdict", "verdict_of"]

SymptomVerdict = Literal["improved", "unchanged", "worse", "inconclusive", "not_assessed"]

_OPPOSITE = {"improved": ("worse", "unchanged"), "unchanged": ("improved", "worse"), "worse": ("improved",)}


def verdict_of(measure: Measure) -> SymptomVerdict:
    """One measure's word.

    improved: almost surely a fall, and by the best estimate at least the smallest published change that matters;
    worse: the mirror image; unchanged: an improvement that matters is excluded; else inconclusive.
    """
    important = measure.important_change()
    better = measure.probability_below(0.0)
    if measure.lacking or important is None or math.isnan(better):
        return "inconclusive"
    if better >= outcome_limit("improved_probability") and measure.toward_worse <= -important:
        return "improved"
    if 1.0 - better >= outcome_limit("worse_probability") and measure.toward_worse >= important:
        return "worse"
    if measure.probability_below(-important) <= outcome_limit("excluded_probability"):
        return "unchanged"
    return "inconclusive"


def deciding_measure(measures: Sequence[Measure]) -> Measure | None:
    """The measure that speaks: the first that reaches a word, else the first with enough data, else the first.

    `measures` stand in the order of their weight: the diary with its many days first.
    """
    decided = [m for m in measures if verdict_of(m) != "inconclusive"]
    enough = [m for m in measures if not m.lacking]
    return next(iter([*decided, *enough, *measures]), None)


def symptom_verdict(measures: Sequence[Measure]) -> tuple[SymptomVerdict, str]:
    """The word of all measures and why: where two with enough data contradict each other there is none.

    A worsening that one measure sees is kept unless another sees the opposite: harm is heard first.
    """
    first = deciding_measure(measures)
    if first is None:
        return "inconclusive", "nothing was written down that could be compared"
    word = verdict_of(first)
    against = [m for m in measures if m is not first and verdict_of(m) in _OPPOSITE.get(word, ())]
    if not against:
        return word, _why_silent(measures) if word == "inconclusive" else ""
    names = " and ".join(f"{m.scale.plain_name} ({m.source}) says {verdict_of(m)}" for m in (first, *against))
    if word == "unchanged" and all(verdict_of(m) == "worse" for m in against):
        return "worse", names
    return "inconclusive", f"the measures contradict each other: {names}"


def _why_silent(measures: Sequence[Measure]) -> str:
    """What keeps the measures that were written down from speaking; those nobody wrote are not complained about."""
    written = [m for m in measures if sum(m.counts) > 0]
    lacking = "; ".join(m.lacking for m in written if m.lacking)
    if lacking or written:
        return lacking or "an improvement that matters is neither shown nor excluded"
    return "no daily rating and no questionnaire that can be compared is written down"
