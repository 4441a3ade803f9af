"""The risk of bias of each trial as lights, each with a sign of its own so that no colour is needed to read it."""

from __future__ import annotations

from openpbm.evidence.synthesis import ConditionSummary
from openpbm.report.evidence.svg import circle, text

__all__ = ["DOMAINS", "bias_lights", "bias_of", "bias_rows"]

#: In the order of RoB 2, with the letter over their column.
DOMAINS = {
    "randomisation": "drawing lots",
    "deviations": "given as meant",
    "missing": "nobody missing",
    "measurement": "measured blind",
    "reporting": "all told",
}
_SIGNS = {
    "low": ("+", "#b9dfc4"), "some concerns": ("!", "#f3dfa2"), "high": ("−", "#f0b3ad"),
    "no information": ("?", "#d9dee4"), "": ("", "none"),
}  # fmt: skip


def bias_of(summary: ConditionSummary, study: str) -> dict[str, str]:
    """Judgement by domain; empty words where a domain was not judged."""
    rows = [row for entry in summary.entries for row in entry.bias if row.study == study]
    judged: dict[str, str] = {row.domain: row.judgement for row in rows}
    return {domain: judged.get(domain, "") for domain in DOMAINS}


def bias_lights(summary: ConditionSummary, study: str, x: float, y: float, step: float) -> list[str]:
    """A row of lights from x on."""
    parts = []
    for place, judgement in enumerate(bias_of(summary, study).values()):
        sign, fill = _SIGNS[judgement]
        parts += [circle(x + place * step, y, 6.5, fill=fill, kind="light")]
        parts += [_dark(text(x + place * step, y + 4.0, sign, anchor="middle", size=11))]
    return parts


def _dark(words: str) -> str:
    # On a pale disc, in dark mode too.
    return words.replace('fill="currentColor"', 'fill="#1d2733"')


def bias_rows(summary: ConditionSummary) -> list[tuple[str, dict[str, str], list[str]]]:
    """Study, judgements as sign and word, and the sentence behind each."""
    found = []
    for result in summary.results:
        judged = bias_of(summary, result.study)
        words = {domain: f"{_SIGNS[said][0]} {said or 'not judged'}".strip() for domain, said in judged.items()}
        why = [row.why for entry in summary.entries for row in entry.bias if row.study == result.study]
        found.append((result.study, words, why))
    return found
