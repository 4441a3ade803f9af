"""A cell that a spreadsheet would run as a formula, made plain text by a quote before it, and back."""

from __future__ import annotations

__all__ = ["guarded", "unguarded"]

# A spreadsheet begins a formula at any of these, the wide forms and leading blanks included.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(text: str) -> str:
    """The text with a quote before it where it could be a formula.

    >>> guarded("=1+1"), guarded(" @SUM(A1)"), guarded("plain")
    ("'=1+1", "' @SUM(A1)", 'plain')
    """
    # A quote of one's own before a formula is doubled, so that reading takes exactly one away.
    return f"'{text}" if _runs(text.lstrip("'")) else text


def unguarded(cell: str) -> str:
    """A cell as it was before `guarded`.

    >>> unguarded("'=1+1"), unguarded("'tis plain")
    ('=1+1', "'tis plain")
    """
    return cell[1:] if cell.startswith("'") and _runs(cell.lstrip("'")) else cell


def _runs(text: str) -> bool:
    return text.startswith(_STARTS) or text.lstrip().startswith(_STARTS)
