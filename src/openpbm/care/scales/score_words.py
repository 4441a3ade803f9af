"""The sentences under a score: what it is, how it moved, and what neither of the two allows to be said."""

from __future__ import annotations

import datetime as dt

from openpbm.care.scales.models import ScoreEntry
from openpbm.facts.scales import Scale

__all__ = ["better_word", "headline", "honest_words"]

_WHY = "A score says how it is, not why. Hope, time, sleep and medicines move it as well as light may."


def better_word(of: Scale) -> str:
    """Which way is better."""
    return "lower is better" if of.direction == "lower" else "higher is better"


def headline(of: Scale, entry: ScoreEntry) -> str:
    """The score in one sentence."""
    value = entry.result["value"]
    if value is None:
        has_total = of.total is not None and of.total.method != "profile"
        if has_total:
            return "Too few questions were answered to make a score. The answers are kept."
        return "This form has no total; its parts stand alone."
    if of.minimum is None or of.maximum is None:
        return f"Score: {value:g}."
    band = entry.result["band"]
    name = f", called {band}" if band else ""
    return f"Score: {round(value, 2):g} of {of.minimum:g} to {of.maximum:g}{name}; {better_word(of)}."


def honest_words(of: Scale, entry: ScoreEntry, before: ScoreEntry | None) -> list[str]:
    """What a reader must know beside the number."""
    found = []
    value = entry.result["value"]
    if value is not None and of.for_change:
        earlier = None if before is None else before.result["value"]
        if before is None or earlier is None:
            found.append("This is the first score here, so nothing can be said about a change.")
        else:
            found.append(_change(of, value, earlier, before.date))
    if entry.result["prorated"]:
        found.append("Some answers were left blank; they were filled in by the mean of the others.")
    if not of.for_change:
        found.append("This form only looks for a problem. Its score must not be followed over time.")
    found.append(_WHY)
    if not of.verified:
        found.append("Parts of the rules of this form are not yet checked against its manual.")
    return found


def _change(of: Scale, value: float, earlier: float, date: dt.date) -> str:
    difference = value - earlier
    last = f"On {date.day} {date:%B %Y} it was {round(earlier, 2):g}"
    if abs(difference) < 1e-9:
        return f"{last}: no difference."
    way = "lower" if difference < 0 else "higher"
    moved = f"{last}: {round(abs(difference), 2):g} {way} now."
    if of.reliability is None:
        return f"{moved} How far two scores lie apart when nothing has changed is not known for this form."
    from openpbm.single_case.reliable_change import minimal_detectable_change

    least = float(minimal_detectable_change(of.reliability.sd, of.reliability.test_retest))
    chance = "so this may be chance" if abs(difference) < least else "so this is more than the usual scatter"
    return f"{moved} Two scores can differ by up to {least:.1f} when nothing has changed, {chance}."
