"""The line of one scale over time, for a chart and its table; two editions never share a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from openpbm.care.band_chart import BandChart, draw_dated
from openpbm.care.scales.models import ScoreEntry
from openpbm.care.scales.score_words import better_word
from openpbm.facts.scales import Scale, scales
from openpbm.wording import in_words

__all__ = ["Trend", "trends"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Two or more scores of one edition of one scale, oldest first."""

    scale: Scale
    version: str
    rows: tuple[ScoreEntry, ...]

    @property
    def id(self) -> str:
        """Name of the chart on the page."""
        return f"trend-{self.scale.id}-{self.version}".replace(".", "-")

    @property
    def title(self) -> str:
        """What the line shows."""
        if len(self.scale.versions) > 1:
            return f"{self.scale.plain_name}, edition {in_words(self.version)}"
        return self.scale.plain_name

    @property
    def sentence(self) -> str:
        """The line in words: its ends, and that it says nothing of the cause."""
        first, last = self.rows[0], self.rows[-1]
        return (
            f"{self.title}: {_value(first):g} points on {_day(first)}, {_value(last):g} on {_day(last)};"
            f" {len(self.rows)} scores, and {better_word(self.scale)}. They do not say why they changed."
        )

    @property
    def chart(self) -> BandChart:
        """The line as it is drawn."""
        lowest, highest = self.scale.minimum, self.scale.maximum
        limits = None if lowest is None or highest is None else (lowest, highest)
        day = dt.timedelta(days=1)
        ends = (self.rows[0].date - day, self.rows[-1].date + day)
        return draw_dated([(row.date, _value(row)) for row in self.rows], ends=ends, limits=limits)


def trends(rows: Iterable[ScoreEntry]) -> list[Trend]:
    """A line for every edition with two scores or more; tools that only screen have none."""
    lines: dict[tuple[str, str], list[ScoreEntry]] = {}
    for row in rows:
        of = scales.get(row.scale)
        if of is not None and of.for_change and row.score.value is not None:
            lines.setdefault((row.scale, row.version), []).append(row)
    return [
        Trend(scale=scales[id], version=version, rows=tuple(points))
        for (id, version), points in sorted(lines.items())
        if len(points) > 1
    ]


def _day(row: ScoreEntry) -> str:
    return f"{row.date.day} {row.date:%B %Y}"


def _value(row: ScoreEntry) -> float:
    value = row.score.value
    # `trends` takes no row without one.
    assert value is not None
    return value
