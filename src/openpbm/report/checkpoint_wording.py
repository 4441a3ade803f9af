"""Plain words for the codes of a checkpoint; no number is decided here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from openpbm.facts.scales import scales
from openpbm.outcomes import mood
from openpbm.report.wording import dates_in_words

__all__ = [
    "DECISIONS",
    "DOSES",
    "GRADES",
    "SYMPTOMS",
    "DecisionWords",
    "adherence_in_words",
    "crisis_text",
    "measure_in_words",
    "scale_in_words",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionWords:
    """A decision for people: a title, a sign that needs no colour, and the tone of its banner.

    No tone is one of success: nothing a checkpoint of one person finds is proof.
    """

    title: str
    sign: str
    tone: str


DECISIONS: dict[str, DecisionWords] = {
    "continue": DecisionWords(title="Go on as planned", sign="→", tone="plain"),
    "adjust": DecisionWords(title="Change one thing", sign="!", tone="ask"),
    "maintain": DecisionWords(title="Keep what was reached", sign="=", tone="plain"),
    "taper": DecisionWords(title="Step down, then pause", sign="↘", tone="plain"),
    "stop": DecisionWords(title="Stop the light", sign="✕", tone="refused"),
    "refer": DecisionWords(title="See a health professional first", sign="➜", tone="refer"),
    "inconclusive": DecisionWords(title="No decision: too little is known", sign="?", tone="ask"),
}

#: What each letter of the evidence grade means.
GRADES: dict[str, str] = {
    "U": "Uncontrolled: before and after in one person, with nothing to compare it with.",
    "W": "Withdrawal: before, under and after light in one person, without a lot or blinding.",
    "R": "Randomised: the start or the order was drawn by lot, but the person could know when the light was on.",
    "B": "Blinded: on and off by lot, the person did not know which, and the blinding was checked.",
}

SYMPTOMS: dict[str, str] = {
    "improved": "better than before light",
    "unchanged": "no change that matters",
    "worse": "worse than before light",
    "inconclusive": "cannot be told",
    "not_assessed": "not asked before week 4",
}

DOSES: dict[str, str] = {
    "delivered": "given as planned",
    "under_delivered": "less than planned",
    "over_delivered": "more than planned",
    "unknown": "cannot be told from what is written down",
    "inconclusive": "cannot be judged: the lamp was not measured",
}


def adherence_in_words(row: Mapping[str, Any]) -> str:
    """Sessions done, with what they are a share of.

    >>> adherence_in_words({"due": 12, "done": 9, "ratio": 0.75, "denominator": "all 12 sessions planned so far"})
    '9 of 12 sessions done (75 %); of all 12 sessions planned so far'
    """
    if row["ratio"] is None:
        return dates_in_words(str(row["denominator"]))
    share = f"{row['done']} of {row['due']} sessions done ({100 * row['ratio']:.0f} %)"
    return f"{share}; of {dates_in_words(row['denominator'])}"


def measure_in_words(row: Mapping[str, Any]) -> str:
    """What a measure is called; a questionnaire with its version, since two versions are never one line."""
    name = scale_in_words(row["scale"], row["source"])
    return name if row["source"] == "diary" else f"{name}, version {row['version']}"


def scale_in_words(id: str, source: str) -> str:
    """The name of a scale; its daily ratings are the diary.

    >>> scale_in_words("isi", "scores"), scale_in_words("daily_severity", "diary")
    ('Insomnia Severity Index', 'Diary, worst of the day (0-10)')
    """
    name = scales[id].name
    return "Diary, worst of the day (0-10)" if source == "diary" else f"{name[:1].upper()}{name[1:]}"


def crisis_text(scale_ids: Iterable[str]) -> str | None:
    """What is said at once beside any scale that asks about mood; None where none of `scale_ids` does."""
    return mood.crisis_text() if any(scales[id].mood_items for id in scale_ids) else None
