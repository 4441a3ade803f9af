"""What was felt before light and lately, as the rows of one table."""

from __future__ import annotations

from dataclasses import dataclass

from openpbm.facts.sensations import body_areas, sensations
from openpbm.outcomes.measures import SensationReport, SensationRow

__all__ = ["CHANGES", "SensationLine", "sensation_lines", "sensations_in_words"]

CHANGES = {
    "gone": "no longer felt",
    "new": "new",
    "fewer_days": "on fewer days",
    "more_days": "on more days",
    "as_before": "as before",
    "cannot_be_told": "too few days to tell",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SensationLine:
    """One line: what was felt, on how many days, and the word; `part`: in one area of the line above."""

    label: str
    before: str
    now: str
    word: str
    part: bool


def sensation_lines(report: SensationReport | None) -> list[SensationLine]:
    """A line for each sensation with a line for each area where it was felt; none where nothing is known."""
    if not report:
        return []
    known = report["baseline_known"], report["recent_known"]
    return [_line(row, *known) for row in report["rows"]]


def sensations_in_words(report: SensationReport | None) -> str:
    """What changed, in a sentence; "" where nothing is known.

    >>> row = {"sensation": "burning", "area": "", "baseline_days": 9, "recent_days": 0, "change": "gone"}
    >>> sensations_in_words({"baseline_known": 14, "recent_known": 12, "rows": [row], "basis": ""})
    'By sensation: burning: no longer felt (9 of 14 days before, 0 of 12 lately).'
    """
    lines = [line for line in sensation_lines(report) if not line.part]
    told = [f"{line.label.lower()}: {line.word} ({line.before} before, {line.now} lately)" for line in lines]
    return f"By sensation: {'; '.join(told)}." if told else ""


def _line(row: SensationRow, known_before: int, known_now: int) -> SensationLine:
    area = row["area"]
    return SensationLine(
        label=body_areas[area].plain_name if area else sensations[row["sensation"]].plain_name,
        before=f"{row['baseline_days']} of {known_before} days",
        now=f"{row['recent_days']} of {known_now}",
        word=CHANGES[row["change"]],
        part=bool(area),
    )
