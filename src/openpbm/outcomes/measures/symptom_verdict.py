"""Is it better than before light? One word: that of the first primary outcome with enough data."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Sequence

from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.facts.scales import outcome_scale
from openpbm.outcomes.measures.change_word import SymptomVerdict
from openpbm.outcomes.measures.measure import Measure
from openpbm.wording import SYMPTOMS, date_in_words

__all__ = ["deciding_measure", "overall_verdict", "with_age"]

_BETTER: tuple[SymptomVerdict, ...] = ("improved", "better_not_yet_sure")
_NO_BETTER: tuple[SymptomVerdict, ...] = ("unchanged", "not_better", "somewhat_worse")


def with_age(measure: Measure, as_of: dt.date, relapses: Collection[dt.date] = ()) -> Measure:
    """The measure, marked where its last value that counts is too old to speak of now.

    relapses : days on which a relapse was written down; they too say how things are
    """
    last = max((r.date for r in measure.readings if r.phase in ("light", "recent", "off")), default=None)
    days = [day for day in (last, *relapses) if day is not None]
    if last is None or (as_of - max(days)).days <= outcome_limit("oldest_now_days"):
        return measure
    age = f"{date_in_words(last)}, {(as_of - last).days} days before this checkpoint"
    return dataclasses.replace(measure, outdated_reason=f"the last value ({_name(measure)}) is of {age}")


def deciding_measure(measures: Sequence[Measure], primary: Sequence[str]) -> Measure | None:
    """The first primary outcome with enough data of now, else the first that anybody wrote; None where none is asked.

    primary : ids of scales in the order in which they decide; other measures are shown and decide nothing
    """
    asked = [m for id in primary for m in measures if m.scale.id == id]
    able = [m for m in asked if not m.insufficient_reason and m.verdict != "not_assessed"]
    enough = [m for m in asked if not m.insufficient_reason]
    written = [m for m in asked if sum(m.counts) > 0]
    return next(iter([*able, *enough, *written, *asked]), None)


def overall_verdict(measures: Sequence[Measure], primary: Sequence[str]) -> tuple[SymptomVerdict, str]:
    """The word of the deciding measure and why; harm seen by another primary outcome is heard first.

    A worsening that any measure sees takes the word of success away; one that a primary outcome sees replaces a word
    of no change. An improvement that only a later primary outcome sees makes a word of no change inconclusive.
    """
    first = deciding_measure(measures, primary)
    if first is None:
        return "inconclusive", "nothing was written down that could be compared"
    word, passed = first.verdict, _passed_over(first, measures, primary)
    others = [m for m in measures if m is not first and not m.insufficient_reason]
    worse = [m for m in others if m.verdict == "worse"]
    if word in _BETTER and worse:
        return "inconclusive", f"the measures contradict each other: {_sayings([first, *worse])}"
    worse = [m for m in worse if m.scale.id in primary]
    if word in _NO_BETTER and worse:
        return "worse", _sayings([first, *worse])
    improved = [m for m in others if m.verdict == "improved" and m.scale.id in primary]
    if word in _NO_BETTER and improved:
        return "inconclusive", f"the measures contradict each other: {_sayings([first, *improved])}"
    if word == "inconclusive":
        return word, _sentences(passed, first.model_doubt or _why_inconclusive(measures))
    if word == "not_assessed":
        return word, first.outdated_reason or first.no_room_reason
    return word, passed


def _passed_over(first: Measure, measures: Sequence[Measure], primary: Sequence[str]) -> str:
    """That an outcome which comes first by the plan had no data, so that a later one decided; "" where none had to."""
    place = primary.index(first.scale.id) if first.scale.id in primary else 0
    earlier = primary[:place]
    if not earlier or first.insufficient_reason:
        return ""
    why = {m.scale.id: m.insufficient_reason or m.outdated_reason or m.no_room_reason for m in reversed(measures)}
    lacking = "; ".join(f"{outcome_scale(id).name} ({why.get(id) or 'nothing is written down'})" for id in earlier)
    return f"by the plan {lacking} decides first and cannot; {first.scale.name} decided instead"


def _sayings(measures: Sequence[Measure]) -> str:
    return " and ".join(f"{_name(m)} ({m.source}) says {SYMPTOMS[m.verdict]}" for m in measures)


def _sentences(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _name(measure: Measure) -> str:
    return measure.scale.plain_name


def _why_inconclusive(measures: Sequence[Measure]) -> str:
    """What keeps the measures that were written down from speaking; those nobody wrote are not complained about."""
    written = [m for m in measures if sum(m.counts) > 0]
    lacking = "; ".join(m.insufficient_reason for m in written if m.insufficient_reason)
    if lacking or written:
        return lacking or "an improvement that matters is neither shown nor excluded"
    return "no daily rating and no questionnaire that can be compared is written down"
