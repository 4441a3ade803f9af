"""What would be said many times is said once, with how often and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from openpbm.wording.values import date_in_words

__all__ = ["SaidOnce", "days_in_words", "said_once"]

#: So many days are each named; of more the first and the last.
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOnce:
    """One sentence, how often it would have been said, and the days it is about in their order."""

    text: str
    count: int
    dates: tuple[dt.date, ...]

    @property
    def dated(self) -> str:
        """The sentence behind its days; without a day the sentence, with how often where that is more than once.

        >>> days = tuple(dt.date(2026, 9, day) for day in (7, 9, 11, 14))
        >>> SaidOnce(text="Skin red.", count=8, dates=days).dated
        '8 times on 4 days, 7 September 2026 to 14 September 2026: Skin red.'
        """
        if self.dates:
            return f"{days_in_words(self.dates, self.count)}: {self.text}"
        if self.count > 1:
            return f"{self.count} times: {self.text}"
        return self.text


def said_once(said: Iterable[tuple[str, dt.date | None]]) -> tuple[SaidOnce, ...]:
    """Each sentence once, in the order in which they first came; None where one is about no day."""
    days: dict[str, list[dt.date | None]] = {}
    for text, day in said:
        days.setdefault(text, []).append(day)
    return tuple(
        SaidOnce(text=text, count=len(found), dates=tuple(sorted({day for day in found if day is not None})))
        for text, found in days.items()
    )


def days_in_words(dates: tuple[dt.date, ...], count: int = 0) -> str:
    """Some days in their order: each of a few, else how many with the first and the last.

    count : how often something was, where that is more often than once a day
    """
    often = ""
    if count > len(dates):
        often = f"{count} times on "
    if len(dates) > _MOST_NAMED:
        return f"{often}{len(dates)} days, {date_in_words(dates[0])} to {date_in_words(dates[-1])}"
    *before, last = map(date_in_words, dates)
    named = last
    if before:
        named = f"{', '.join(before)} and {last}"
    return f"{often}{named}"
