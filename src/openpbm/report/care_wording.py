"""The eight stages of care as the rows of a table: who sees to each, how it stands, what shows it or is lacking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from openpbm.wording import date_in_words

__all__ = ["OWNERS", "PROOFS", "STATUSES", "CareRow", "care_rows"]

OWNERS: dict[str, str] = {"person": "the person", "clinician": "the clinician", "both": "both"}

#: A sign as well as a word, so that no colour is needed.
STATUSES: dict[str, str] = {"done": "✓ done", "due": "! due", "open": "○ not yet", "unknown": "? unknown"}

#: What each proof is, for the line that says it is lacking.
PROOFS: dict[str, str] = {
    "screened": "the answers to the candidacy questions (plan.json)",
    "baseline_rated": "ratings from before the first session (diary.csv or scores.csv)",
    "other_care_written": "a line about other care (timeline.csv)",
    "material_handed_out": "what was handed out or shown (case_report.toml, materials)",
    "dose_for_this_person": "the person, the places and the dose at the skin (plan.json)",
    "schedule": "the dates of the sessions (plan.json)",
    "session_given": "a session that was given (sessions.csv)",
    "rated_lately": "a rating since the last checkpoint (diary.csv or scores.csv)",
    "harm_asked_lately": "whether skin or harm was asked about since the last checkpoint (sessions.csv or events.csv)",
    "clinician_rated": "a rating by a clinician after the first session (scores.csv)",
    "rated_after_light": "ratings from two weeks after the last session on (diary.csv or scores.csv)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CareRow:
    """One stage for people.

    text : what shows it, or what is lacking, or from when on it is asked for
    lacking : it is asked for and the record does not show it
    """

    stage: str
    owner: str
    status: str
    text: str
    lacking: bool


def care_rows(care_plan: Iterable[Mapping[str, Any]]) -> list[CareRow]:
    """A row for every stage of a checkpoint's care plan, in its order."""
    return [
        CareRow(
            stage=row["name"],
            owner=OWNERS[row["owner"]],
            status=STATUSES[row["status"]],
            text=_text(row),
            lacking=row["status"] in ("due", "unknown"),
        )
        for row in care_plan
    ]


def _text(row: Mapping[str, Any]) -> str:
    found = "; ".join(row["proof"])
    next_time = f"; next on {date_in_words(row['next_due'])}" if row["next_due"] else ""
    if row["status"] == "done":
        return f"{found}{next_time}"
    if row["status"] == "open":
        return f"asked for from {date_in_words(row['due'])} on"
    lacking = f"lacking: {'; '.join(PROOFS[proof] for proof in row['lacking'])}"
    return f"{found}; {lacking}{next_time}" if found else f"{lacking}{next_time}"
