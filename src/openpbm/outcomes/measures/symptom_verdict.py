"""Is it better than before light? One word for all measures together."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from openpbm.outcomes.measures.change_word import SymptomVerdict
from openpbm.outcomes.measures.measure import Measure

__all__ = ["deciding_measure", "overall_verdict"]


def deciding_measure(measures: Sequence[Measure], primary: Collection[str]) -> Measure | None:
    """The measure that speaks: the first that reaches a word, else that has enough data, else that anybody wrote.

    measures : in the order of their weight, the diary with its many days first
    primary : ids of the scales that ask for the symptom itself; others are shown and decide nothing
    """
    asked = [m for m in measures if m.source == "diary" or m.scale.id in primary]
    decided = [m for m in asked if m.verdict != "inconclusive"]
    enough = [m for m in asked if not m.insufficient_reason]
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
    word = first.verdict
    against = [m for m in measures if m is not first and _contradicts(m.verdict, word, m, primary)]
    if not against and word == "inconclusive":
        return word, _why_inconclusive(measures)
    if not against:
        return word, ""
    names = " and ".join(f"{m.scale.plain_name} ({m.source}) says {m.verdict}" for m in (first, *against))
    if word == "unchanged" and all(m.verdict == "worse" for m in against):
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
    best = measure.scale.minimum
    if measure.scale.direction == "higher":
        best = measure.scale.maximum
    return important is None or best is None or abs(measure.baseline_mean - best) >= 2.0 * important


def _why_inconclusive(measures: Sequence[Measure]) -> str:
    """What keeps the measures that were written down from speaking; those nobody wrote are not complained about."""
    written = [m for m in measures if sum(m.counts) > 0]
    lacking = "; ".join(m.insufficient_reason for m in written if m.insufficient_reason)
    if lacking or written:
        return lacking or "an improvement that matters is neither shown nor excluded"
    return "no daily rating and no questionnaire that can be compared is written down"
