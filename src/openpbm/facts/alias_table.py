"""A table of rows by every word that means them, whatever its case, spaces, hyphens and underscores."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from openpbm.errors import FactsError

__all__ = ["plain", "rows_by_alias"]


class _HasAliases(Protocol):
    @property
    def aliases(self) -> tuple[str, ...]: ...


Row = TypeVar("Row", bound=_HasAliases)


def plain(word: str) -> str:
    """A text as its letters and digits alone, in lower case, one space between words.

    >>> plain("Open_sore on-foot")
    'open sore on foot'
    """
    # Letters of any alphabet count, the underscore does not: people write open_sore, "open sore" and "Open-sore".
    return " ".join(re.findall(r"[^\W_]+", word.casefold()))


def rows_by_alias(rows: Iterable[Row], names: Sequence[str], file: str) -> dict[str, Row]:
    """Every id, name and alias, in plain letters, with its row; FactsError when two rows share one."""
    found: dict[str, Row] = {}
    for row in rows:
        own = [str(getattr(row, name)) for name in names]
        for word in {plain(text) for text in (*own, *row.aliases, *getattr(row, "kind_only", ()))}:
            # A word of two meanings would make the answer depend on the order of the rows.
            if word in found:
                raise FactsError(f"facts/data/outcomes/{file}: {word!r} stands in two rows; keep one")
            found[word] = row
    return found
