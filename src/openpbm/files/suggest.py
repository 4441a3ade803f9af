"""What may have been meant by a word that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["suggest"]

_MOST_LISTED = 20


def suggest(word: str, known: Iterable[str]) -> str:
    """The nearest known word as a question; all of them where none is near.

    >>> suggest("lft", ("left", "right"))
    'did you mean left?'
    """
    words = sorted(known)
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]}?"
    if len(words) <= _MOST_LISTED:
        return f"known: {', '.join(words)}"
    return f"nothing like it among {len(words)} known"
