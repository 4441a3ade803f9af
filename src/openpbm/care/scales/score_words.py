"""The sentences under a score: what it is, how it moved, and what neither of the two allows to be said."""

from __future__ import annotations

from openpbm.care.scales.models import ScoreEntry
from openpbm.facts.scales import Scale, has_total

__all__ = ["better_word", "headline", "honest_words"]

_WHY = "A score says how it is, not why. Hope, time, sleep and medicines move it as well as light may."


def better_word(of: Scale) -> str:
    """Which way is better."""
    return f"{of.direction} is better"


def headline(of: Scale, entry: ScoreEntry) -> str:
    """The score in one sentence."""
    value, band = entry.score.value, entry.score.band
    if value is None:
        if has_total(of):
            return "Too few questions were answered to make a score. The answers are kept."
        return "This form has no total; its parts stand alone."
    if of.minimum is None or of.maximum is None:
        return f"Score: {value:g}."
    # "Called", not "is": the band is the manual's name for a range, no diagnosis.
    name = f", called {band}" if band else ""
    return f"Score: {round(value, 2):g} of {of.minimum:g} to {of.maximum:g}{name}; {better_word(of)}."


def honest_words(of: Scale, entry: ScoreEntry, before: ScoreEntry | None) -> list[str]:
    """What a reader must know beside the number."""
    sentences = []
    score = entry.score
    if score.value is not None and of.for_change:
        sentences.append(_change(of, score.value, before))
    if score.prorated:
        sentences.append("Some answers were left blank; they were filled in by the mean of the others.")
    if not of.for_change:
        sentences.append("This form only looks for a problem. Its score must not be followed over time.")
    sentences.append(_WHY)
    if not of.verified:
        sentences.append("Parts of the rules of this form are not yet checked against its manual.")
    return sentences


def _change(of: Scale, value: float, before: ScoreEntry | None) -> str:
    earlier = None if before is None else before.score.value
    if before is None or earlier is None:
        return "This is the first score here, so nothing can be said about a change."
    difference = value - earlier
    last = f"On {before.date.day} {before.date:%B %Y} it was {round(earlier, 2):g}"
    if abs(difference) < 1e-9:
        return f"{last}: no difference."
    way = "lower" if difference < 0 else "higher"
    moved = f"{last}: {round(abs(difference), 2):g} {way} now."
    if of.reliability is None:
        return f"{moved} How far two scores lie apart when nothing has changed is not known for this form."
    # Loads SciPy, which most pages never need.
    from openpbm.single_case.reliable_change import change_beyond_error

    least = float(change_beyond_error(of.reliability.error_at(earlier)))
    chance = "so this may be chance" if abs(difference) < least else "so this is more than the usual scatter"
    return f"{moved} Two scores can differ by up to {round(least, 1):g} when nothing has changed, {chance}."
