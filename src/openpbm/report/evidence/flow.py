"""How the studies of a condition were found and sorted, as the flow of PRISMA 2020, from the searches and the rows."""

from __future__ import annotations

from dataclasses import dataclass

from openpbm.evidence.synthesis import ConditionSummary
from openpbm.facts.studies import searches
from openpbm.report.evidence.svg import line, picture, rect, text

__all__ = ["Flow", "flow_of", "flow_picture"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Numbers of the boxes; `hits` are results read of the searches that name this condition."""

    searches: int
    hits: int
    kept: int
    studies: int
    reviews: int
    no_sham: int
    left_out: int
    no_number: int
    pooled: int


def flow_of(summary: ConditionSummary) -> Flow:
    """The numbers of one condition."""
    rows = [row for row in searches() if row.about == summary.condition]
    found = len(summary.studies)
    return Flow(
        searches=len(rows),
        hits=sum(row.hits or 0 for row in rows),
        kept=sum(row.kept for row in rows),
        studies=found,
        reviews=found - len(summary.found),
        no_sham=len(summary.found) - len(summary.results) - len(summary.left_out),
        left_out=len(summary.left_out),
        no_number=len(summary.wordless),
        pooled=len(summary.numbers),
    )


def flow_picture(summary: ConditionSummary) -> str:
    """The boxes and arrows."""
    flow = flow_of(summary)
    down = (
        f"{flow.searches} searches kept for this condition: {flow.hits} results read",
        f"{flow.studies} studies in the table (searches, reviews and references)",
        f"{flow.studies - flow.reviews} studies of people, each once",
        f"{flow.no_number + flow.pooled} randomised trials against sham light",
        f"{flow.pooled} with a number for the main outcome",
    )
    aside = (
        f"{flow.hits - flow.kept} results not kept",
        f"{flow.reviews} reviews and second looks",
        f"{flow.no_sham} without sham or draw of lots; {flow.left_out} left out",
        f"{flow.no_number} without a number that can be used",
    )
    parts: list[str] = []
    for place, words in enumerate(down):
        y = 12.0 + 72.0 * place
        parts += [rect(10.0, y, 440.0, 40.0, fill="none", kind="frame"), text(22.0, y + 25.0, words)]
        if place:
            parts += [line(120.0, y - 32.0, 120.0, y), *_head(120.0, y)]
    for place, words in enumerate(aside):
        y = 50.0 + 72.0 * place
        parts += [line(120.0, y + 18.0, 500.0, y + 18.0, faint=True), text(508.0, y + 22.0, words)]
    label = f"Flow of studies: {'; '.join(down)}."
    return picture(800.0, 348.0, parts, label=label, name=f"flow-{summary.condition}")


def _head(x: float, y: float) -> list[str]:
    return [line(x - 4.0, y - 6.0, x, y), line(x + 4.0, y - 6.0, x, y)]
