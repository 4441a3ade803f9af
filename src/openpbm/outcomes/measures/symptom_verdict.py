"""Is it better than before light? One word for each measure, and one for all of them together."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Literal

from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.outcomes.measures.measure import Measure

__all__ = ["SymptomVerdict", "deciding_measure", "overall_verdict", "verdict_of"]

SymptomVerdict = Literal["improved", "unchanged", "worse", "inconclusive", "not_assessed"]


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


def deciding_measure(measures: Sequence[Measure], primary: Collection[str]) -> Measure | None:
    """The measure that speaks: the first that reaches a word, else that has enough data, else that anybody wrote.

    measures : in the order of their weight, the diary with its many days first
    primary : ids of the scales that ask for the symptom itself; others are shown and decide nothing
    """
    asked = [m for m in measures if m.source == "diary" or m.scale.id in primary]
    decided = [m for m in asked if verdict_of(m) != "inconclusive"]
    enough = [m for m in asked if not m.lacking]
    written = [m for m in asked if sum(m.counts) > 0]
    return next(iter([*decided, *enough, *written, *asked]), None)


def overall_verdict(measures: Sequence[Measure], primary: Collection[str]) -> tuple[SymptomVerdict, str]:
    """The word of all measures and why: where two contradict each other there is none.

    A worsening that a primary scale sees is kept unless another sees the opposite: harm is heard first. That another
    scale did not move contradicts an improvement only where it had room to move.
    """
    first = deciding_measure(measures, primary)
    if first is None:
        return "inconclusive", "nothing was written down that could be compared"
    word = verdict_of(first)
    against = [m for m in measures if m is not first and _contradicts(verdict_of(m), word, m, primary)]
    if not against:
        return word, _why_silent(measures) if word == "inconclusive" else ""
    names = " and ".join(f"{m.scale.plain_name} ({m.source}) says {verdict_of(m)}" for m in (first, *against))
    if word == "unchanged" and all(verdict_of(m) == "worse" for m in against):
        return "worse", names
    return "inconclusive", f"the measures contradict each other: {names}"


def _contradicts(other: SymptomVerdict, word: SymptomVerdict, measure: Measure, primary: Collection[str]) -> bool:
    if word == "improved":
        return other == "worse" or (other == "unchanged" and measure.scale.id in primary and _has_room(measure))
    return measure.scale.id in primary and (word, other) in (
        ("unchanged", "improved"),
        ("unchanged", "worse"),
        ("worse", "improved"),
    )


def _has_room(measure: Measure) -> bool:
    """Whether the baseline lies far enough from the best end for an important improvement to show: twice its size."""
    important = measure.important_change()
    best = measure.scale.minimum if measure.better > 0 else measure.scale.maximum
    return important is None or best is None or abs(measure.baseline_mean - best) >= 2.0 * important


def _why_silent(measures: Sequence[Measure]) -> str:
    """What keeps the measures that were written down from speaking; those nobody wrote are not complained about."""
    written = [m for m in measures if sum(m.counts) > 0]
    lacking = "; ".join(m.lacking for m in written if m.lacking)
    if lacking or written:
        return lacking or "an improvement that matters is neither shown nor excluded"
    return "no daily rating and no questionnaire that can be compared is written down"
