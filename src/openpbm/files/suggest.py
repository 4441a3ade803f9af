"""What may have been meant by a word that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["nearest", "suggest"]

_MOST_LISTED = 20


def suggest(word: str, known: Iterable[str]) -> str:
    """The nearest known word as a question; all of them where none is near.

    >>> suggest("lft", ("left", "right"))
    'did you mean left?'
    """
    words = sorted(known)
    near = nearest(word, words)
    if near is not None:
        return f"did you mean {near}?"
    if len(words) <= _MOST_LISTED:
        return f"known: {', '.join(words)}"
    return f"nothing like it among {len(words)} known"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like this one; None where none is near."""
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.5)
    return close[0] if close else None
