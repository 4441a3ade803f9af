"""Plain words for the codes of a checkpoint; no number is decided here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from openpbm.delivery import due_in_words
from openpbm.facts.scales import outcome_scale
from openpbm.outcomes import measures
from openpbm.wording import date_in_words

__all__ = [
    "adherence_in_words",
    "crisis_text",
    "lasting_in_words",
    "measure_in_words",
    "scale_in_words",
    "symptoms_compared",
]


def symptoms_compared(content: Mapping[str, Any]) -> bool:
    """Whether a checkpoint's content may speak of a change: before week 4 only of a worsening."""
    return (content["stage"], content["symptom_verdict"]) != ("safety", "not_assessed")


def adherence_in_words(row: Mapping[str, Any]) -> str:
    """Sessions done, with what they are a share of.

    >>> adherence_in_words({"due": 12, "done": 9, "unknown": 0, "ratio": 0.75, "as_of": "2026-12-01"})
    '9 of 12 sessions done (75 %); of all 12 sessions planned before 1 December 2026'
    """
    whole = due_in_words(row["due"], row["unknown"], date_in_words(row["as_of"]))
    if row["ratio"] is None:
        return whole
    share = f"{row['done']} of {row['due']} sessions done ({100 * row['ratio']:.0f} %)"
    elsewhere = row.get("elsewhere", 0)
    instead = f"; in {elsewhere} of them the light went to another place instead" if elsewhere else ""
    return f"{share}; of {whole}{instead}"


_LASTING = {
    "unknown": "not known",
    "nothing_gained": "nothing was gained",
    "lasts": "it lasts so far",
    "relapse": "a relapse",
}


def lasting_in_words(content: Mapping[str, Any]) -> str:
    """Whether what was gained lasts without light, or with fewer sessions; "" where that is not asked yet.

    >>> lasting_in_words({"lasting": {"word": "relapse", "why": "half is gone"}})
    'a relapse: half is gone'
    """
    row = content.get("lasting")
    # A judgement of before it was kept has no such word.
    if row is None or row["word"] == "not_asked":
        return ""
    return f"{_LASTING[row['word']]}: {row['why']}"


def measure_in_words(row: Mapping[str, Any]) -> str:
    """What a measure is called; a questionnaire with its version, since two versions are never one line."""
    name = scale_in_words(row["scale"], row["source"])
    return f"{name}, version {row['version']}" if row["source"] == "scores" else name


def scale_in_words(id: str, source: str) -> str:
    """The name of a scale; its daily ratings are the diary.

    >>> scale_in_words("isi", "scores"), scale_in_words("daily_severity", "diary")
    ('Insomnia Severity Index', 'Diary, worst of the day (0-10)')
    """
    name = outcome_scale(id).name
    if source == "cramps":
        return "Cramps a week, counted day by day"
    return "Diary, worst of the day (0-10)" if source == "diary" else f"{name[:1].upper()}{name[1:]}"


def crisis_text(scale_ids: Iterable[str]) -> str | None:
    """What is said at once beside any scale that asks about mood; None where none of `scale_ids` does."""
    return measures.crisis_text() if any(outcome_scale(id).mood_items for id in scale_ids) else None
