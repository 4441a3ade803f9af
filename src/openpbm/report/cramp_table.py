"""Cramps before and under light, as the rows of one table and a sentence on how much rarer they became."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openpbm.outcomes.measures import CrampPart
from openpbm.wording import percent_in_words, quantity

__all__ = ["CrampRow", "cramp_ratio_in_words", "cramp_rows"]

#: The commonest words of a tally that stand by themselves; the rest stand together.
_MOST_WORDS = 4
_NOT_SAID = "not said"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrampRow:
    """One line: what is counted, before light and under light; `part` of the line above."""

    label: str
    before: str
    now: str
    part: bool = False


def cramp_rows(cramps: Mapping[str, Any]) -> list[CrampRow]:
    """Days known, cramps and days with cramps a week, the burden, then how often which muscle and which trigger."""
    before, now = cramps["baseline"], cramps["recent"]
    parts = (before, now)
    rows = [
        _row("Days known", *(f"{part['days_known']} of {part['days']}" for part in parts)),
        _row("Cramps a week (90 % interval)", *(_rate(part) for part in parts)),
        _row("Days with a cramp a week", *(quantity(part["cramp_days_per_week"]) for part in parts)),
    ]
    if any(part["cramps_with_burden"] for part in parts):
        burden = (quantity(part["median_burden_pain_seconds"]) for part in parts)
        rows.append(_row("Middle burden of a cramp (pain 0-10 times seconds)", *burden))
    rows += _tally("Cramps by muscle", before["by_muscle"], now["by_muscle"])
    return rows + _tally("Cramps by trigger", before["by_trigger"], now["by_trigger"])


def cramp_ratio_in_words(cramps: Mapping[str, Any], grade: str) -> str:
    """How often cramps came under light for each before, with its interval, grade and chances; or why nobody can tell.

    >>> ratio = {"value": 0.5, "interval_90": [0.3, 0.9], "probability_fewer": 0.97, "reason": ""}
    >>> ratio |= {"probability_quarter_fewer": 0.9, "probability_halved": 0.5}
    >>> cramp_ratio_in_words({"rate_ratio": ratio}, "U").partition(":")[0]
    'Under light cramps came 0.5 times as often as before (90 % interval 0.3 to 0.9, grade U). Chance of fewer'
    """
    ratio = cramps["rate_ratio"]
    if ratio["value"] is None:
        return f"How much rarer cramps became cannot be told: {ratio['reason']}."
    between = ""
    if ratio["interval_90"]:
        low, high = (quantity(end) for end in ratio["interval_90"])
        between = f"90 % interval {low} to {high}, "
    return (
        f"Under light cramps came {quantity(ratio['value'])} times as often as before ({between}grade {grade}). "
        f"Chance of fewer: {percent_in_words(ratio['probability_fewer'])}; "
        f"of at least a quarter fewer: {percent_in_words(ratio['probability_quarter_fewer'])}; "
        f"of half as many at most: {percent_in_words(ratio['probability_halved'])}."
    )


def _rate(part: CrampPart) -> str:
    """The rate with its interval; of a judgement kept from before there was one, the rate alone."""
    rate, bounds = quantity(part["cramps_per_week"]), part.get("cramps_per_week_90")
    if not bounds:
        return rate
    low, high = (quantity(bound) for bound in bounds)
    return f"{rate} ({low} to {high})"


def _row(label: str, before: str, now: str, *, part: bool = False) -> CrampRow:
    return CrampRow(label=label, before=before, now=now, part=part)


def _tally(label: str, before: Mapping[str, int], now: Mapping[str, int]) -> list[CrampRow]:
    """The commonest words and the rest; nothing where the word was never said."""
    total = {word: before.get(word, 0) + now.get(word, 0) for word in (*before, *now)}
    if not set(total) - {_NOT_SAID}:
        return []
    ordered = sorted(total, key=lambda word: (word == _NOT_SAID, -total[word], word))
    # One word left over takes the line that "other" would take.
    kept = ordered if len(ordered) <= _MOST_WORDS + 1 else ordered[:_MOST_WORDS]
    rows = [_row(word, str(before.get(word, 0)), str(now.get(word, 0)), part=True) for word in kept]
    rest = ordered[len(kept) :]
    if rest:
        counts = (str(sum(tally.get(word, 0) for word in rest)) for tally in (before, now))
        rows.append(_row(f"other or {_NOT_SAID}" if _NOT_SAID in rest else "other", *counts, part=True))
    return [_row(label, "", ""), *rows]
