"""A judgement as a clinician reads it: every reason, measure and doubt behind the proposal, in words."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openpbm.report.beside_verdict import impressions_in_words, opioids_in_words
from openpbm.report.care_wording import CareRow, care_rows
from openpbm.report.checkpoint_wording import (
    SYMPTOMS,
    adherence_in_words,
    crisis_text,
    measure_in_words,
    scale_in_words,
)
from openpbm.report.timing_wording import lead_in_words, regularity_in_words, skin_check_in_words
from openpbm.report.wording import date_in_words, percent_in_words, quantity

__all__ = ["Look", "MeasureRow", "look_at"]

_ABOUT = {
    "symptoms": "Symptoms",
    "dose": "Dose",
    "delivery": "Sessions",
    "impression": "Impression",
    "event": "Effect",
    "medicine": "Medicine",
    "other treatment": "Other treatment",
}


_PAGES = {
    "diary.csv": "diary",
    "scores.csv": "forms",
    "sessions.csv": "sessions",
    "events.csv": "effects",
    "timeline.csv": "timeline",
    "plan.json": "plan",
    "case_report.toml": "case report",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow:
    """One measure before and under light; `change` and `interval` "" before week 4."""

    name: str
    before: str
    now: str
    without: str
    change: str
    interval: str
    readings: str
    verdict: str
    lacking: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The judgement in parts.

    decided_by : (text, source, verified) of the rules the proposal rests on
    told : (about what, sentence) of everything else that was found
    quality : what must be known about the data
    """

    date: str
    decided_by: tuple[tuple[str, str, bool], ...]
    told: tuple[tuple[str, str], ...]
    proposal: str
    adherence: str
    counts: str
    light: str
    measures: tuple[MeasureRow, ...]
    thresholds: tuple[tuple[str, str, str], ...]
    grade_reasons: tuple[str, ...]
    events: tuple[tuple[str, str, int], ...]
    windows: tuple[str, ...]
    quality: tuple[str, ...]
    days_rated: str
    timing: tuple[str, ...]
    opioids: str
    impressions: tuple[Any, ...]
    care: tuple[CareRow, ...]
    crisis: str
    provenance: str


def look_at(judgement: Mapping[str, Any]) -> Look:
    """Put the content of a checkpoint into words."""
    row = judgement
    return Look(
        date=date_in_words(row["date"]),
        decided_by=tuple(
            (reason["text"], reason["source"], reason["verified"])
            for reason in row["reasons"]
            if reason["about"] == "decision"
        ),
        told=tuple(
            (_ABOUT.get(reason["about"], reason["about"]), _sentence(reason["text"]))
            for reason in row["reasons"]
            if reason["about"] not in ("decision", "event", "other treatment")
        ),
        proposal=row["proposal"] or "",
        adherence=adherence_in_words(row["adherence"]),
        counts=_counts(row["adherence"]),
        light=row["cumulative_fluence"]["statement"].replace("J/cm2", "J/cm²"),
        measures=tuple(map(_measure, row["measures"])),
        thresholds=_thresholds(row["probabilities"]),
        grade_reasons=tuple(row["grade_reasons"]),
        events=tuple(
            (date_in_words(event["date"]), _sentence(event["text"]), event["grade"])
            for event in row["events"]
            if event["grade"] >= 1 or event["what"] != "adverse_event"
        ),
        windows=tuple(window["text"] for window in row["confounded_windows"]),
        quality=tuple(_sentence(_without_files(mark["text"])) for mark in row["data_quality"]["marks"]),
        days_rated=_days_rated(row["data_quality"]["diary"]),
        timing=tuple(
            text
            for text in (
                lead_in_words(row["timing"]),
                regularity_in_words(row["timing"]),
                skin_check_in_words(row["timing"]),
            )
            if text
        ),
        opioids=opioids_in_words(row["opioid_burden"]),
        impressions=tuple(impressions_in_words(row["impressions"])),
        care=tuple(_stage(stage) for stage in care_rows(row["care_plan"])),
        crisis=crisis_text({measure["scale"] for measure in row["measures"]}) or "",
        provenance=f"OpenPBM {row['provenance']['openpbm']}, facts {row['provenance']['facts_digest'][:19]}",
    )


def _stage(row: CareRow) -> CareRow:
    return dataclasses.replace(row, text=_without_files(row.text))


def _without_files(text: str) -> str:
    """The engine speaks of files and their lines; here they are pages."""
    for file, page in _PAGES.items():
        text = text.replace(file, page)
    return re.sub(r" \((?:line|lines) [0-9, and more]+\)", "", text)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _counts(row: Mapping[str, Any]) -> str:
    return (
        f"Partly done: {row['partial']}. Missed: {row['missed']}."
        f" Nothing written: {row['unknown']}. Extra: {row['extra']}."
    )


def _measure(row: Mapping[str, Any]) -> MeasureRow:
    low, high = row["interval_90"]
    values = row["values"]
    return MeasureRow(
        name=measure_in_words(row),
        before=quantity(row["baseline_mean"], 3),
        now=quantity(row["recent_mean"], 3),
        without=quantity(row["off_mean"], 3),
        change=_signed(row["change"]),
        interval="" if low is None else f"{_signed(low)} to {_signed(high)}",
        readings=f"{values['baseline']} before, {values['recent']} lately",
        verdict=SYMPTOMS[row["symptom_verdict"]],
        lacking=row["lacking"],
    )


def _signed(value: object) -> str:
    return f"{value:+.1f}".replace("-", "−") if isinstance(value, int | float) else "–"


def _thresholds(probabilities: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """(scale, what would matter, how probable the change is at least that) where it was reckoned."""
    return tuple(
        (scale_in_words(row["scale"], row["source_of_values"]), row["label"], percent_in_words(row["probability"]))
        for row in probabilities.get("thresholds") or ()
        if isinstance(row.get("probability"), int | float)
    )


def _days_rated(diary: Mapping[str, Any]) -> str:
    return (
        f"{diary['observed_days']} of {diary['expected_days']} days are rated in the diary,"
        f" {diary['baseline_days']} of them before light; the longest gap is {diary['longest_gap_days']} days."
    )
