"""The eight stages of care as the rows of a table: who sees to each, how it stands, what shows it or is lacking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from openpbm.wording import date_in_words

__all__ = ["OWNERS", "PROOFS", "STATUSES", "CareRow", "care_rows"]

OWNERS: dict[str, str] = {"person": "the person", "clinician": "the clinician", "both": "both"}

#: A sign as well as a word, so that no colour is needed.
STATUSES: dict[str, str] = {"done": "✓ done", "due": "! due", "open": "○ not yet", "unknown": "? unknown"}

#: What each proof is, and the files of a course folder that would hold it.
PROOFS: dict[str, tuple[str, tuple[str, ...]]] = {
    "screened": ("the answers to the candidacy questions", ("plan.json",)),
    "baseline_rated": ("ratings from before the first session", ("diary.csv", "scores.csv")),
    "other_care_written": ("a line about other care", ("timeline.csv",)),
    "material_handed_out": ("what was handed out or shown", ("case_report.toml",)),
    "dose_for_this_person": ("the person, the places and the dose at the skin", ("plan.json",)),
    "schedule": ("the dates of the sessions", ("plan.json",)),
    "session_given": ("a session that was given", ("sessions.csv",)),
    "rated_lately": ("a rating since the last checkpoint", ("diary.csv", "scores.csv")),
    "harm_asked_lately": (
        "whether skin or harm was asked about since the last checkpoint",
        ("sessions.csv", "events.csv"),
    ),
    "clinician_rated": ("a rating by a clinician after the first session", ("scores.csv",)),
    "rated_after_light": ("ratings from two weeks after the last session on", ("diary.csv", "scores.csv")),
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


def care_rows(care_plan: Iterable[Mapping[str, Any]], name_file: Callable[[str], str] = str) -> list[CareRow]:
    """A row for every stage of a checkpoint's care plan, in its order.

    name_file : what a reader calls a file of the course folder; its own name as it stands
    """
    return [
        CareRow(
            stage=row["name"],
            owner=OWNERS[row["owner"]],
            status=STATUSES[row["status"]],
            text=_text(row, name_file),
            lacking=row["status"] in ("due", "unknown"),
        )
        for row in care_plan
    ]


def _text(row: Mapping[str, Any], name_file: Callable[[str], str]) -> str:
    found = "; ".join(row["proof"])
    next_time = f"; next on {date_in_words(row['next_due'])}" if row["next_due"] else ""
    if row["status"] == "done":
        return f"{found}{next_time}"
    if row["status"] == "open":
        return f"not asked for before {date_in_words(row['due'])}"
    lacking = f"lacking: {'; '.join(_proof(proof, name_file) for proof in row['lacking'])}"
    return f"{found}; {lacking}{next_time}" if found else f"{lacking}{next_time}"


def _proof(proof: str, name_file: Callable[[str], str]) -> str:
    what, files = PROOFS[proof]
    return f"{what} ({' or '.join(map(name_file, files))})"
