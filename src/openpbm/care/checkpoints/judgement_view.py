"""A judgement as a clinician reads it: every reason, measure and doubt behind the proposal, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from openpbm.delivery import fluence_in_words
from openpbm.report.beside_verdict import events_together, impressions_in_words, opioids_in_words
from openpbm.report.checkpoint_wording import adherence_in_words, crisis_text, measure_in_words, scale_in_words
from openpbm.report.sensation_table import sensations_in_words
from openpbm.report.timing_wording import lead_in_words, regularity_in_words, skin_check_in_words
from openpbm.wording import SYMPTOMS, date_in_words, mean_in_words, percent_in_words

__all__ = ["JudgementView", "MeasureRow", "present_judgement"]

_ABOUT = {
    "symptoms": "Symptoms",
    "dose": "Dose",
    "delivery": "Sessions",
    "impression": "Impression",
    "event": "Effect",
    "medicine": "Medicine",
    "other treatment": "Other treatment",
}
_STATES = {
    "partial": "Partly done",
    "missed": "Missed",
    "elsewhere": "At another place instead",
    "unknown": "Nothing written",
    "extra": "Extra",
}
# The deciding rule stands above, effects and other treatments in their own card.
_SHOWN_ELSEWHERE = ("decision", "event", "other treatment")


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
    insufficient_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidingRule:
    """A rule the proposal rests on; an expert reads this page, so an unchecked source is shown."""

    text: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementView:
    """The judgement in parts.

    reasons : (about what, sentence) of everything beside the deciding rules
    quality : what must be known about the data
    """

    date: str
    deciding_rules: tuple[DecidingRule, ...]
    reasons: tuple[tuple[str, str], ...]
    proposal: str
    adherence: str
    counts: str
    light: str
    measures: tuple[MeasureRow, ...]
    thresholds: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    grade_reasons: tuple[str, ...]
    events: tuple[tuple[str, str, int], ...]
    windows: tuple[str, ...]
    quality: tuple[str, ...]
    days_rated: str
    timing: tuple[str, ...]
    opioids: str
    felt: str
    impressions: tuple[Any, ...]
    crisis: str
    provenance: str


def present_judgement(judgement: Mapping[str, Any]) -> JudgementView:
    """Put the content of a checkpoint into words."""
    return JudgementView(
        date=date_in_words(judgement["date"]),
        deciding_rules=_deciding_rules(judgement["reasons"]),
        reasons=_reasons(judgement["reasons"]),
        proposal=judgement["proposal"] or "",
        adherence=adherence_in_words(judgement["adherence"]),
        counts=_counts(judgement["adherence"]),
        light=_light(judgement["cumulative_fluence"]),
        measures=tuple(map(_measure, judgement["measures"])),
        thresholds=_thresholds(judgement["probabilities"]),
        grade_reasons=tuple(judgement["grade_reasons"]),
        events=_events(judgement["events"]),
        windows=tuple(row["text"] for row in judgement["reasons"] if row["about"] == "other treatment"),
        quality=tuple(_sentence(mark["text"]) for mark in judgement["data_quality"]["marks_together"]),
        days_rated=_days_rated(judgement["data_quality"]["diary"]),
        timing=_timing(judgement["timing"]),
        opioids=opioids_in_words(judgement["opioid_burden"]),
        # A judgement that was kept from before sensations were asked for has none.
        felt=sensations_in_words(judgement.get("sensations")),
        impressions=tuple(impressions_in_words(judgement["impressions"])),
        crisis=crisis_text({measure["scale"] for measure in judgement["measures"]}) or "",
        provenance=_provenance(judgement["provenance"]),
    )


def _light(cumulative: Mapping[str, Any]) -> str:
    course = cumulative["course_j_cm2"]
    interval = course["lower"], course["planned"], course["upper"]
    return fluence_in_words(interval, cumulative["sessions_unknown"], unit="J/cm²")


def _deciding_rules(reasons: Iterable[Mapping[str, Any]]) -> tuple[DecidingRule, ...]:
    return tuple(
        DecidingRule(text=reason["text"], source=reason["source"], verified=reason["verified"])
        for reason in reasons
        if reason["about"] == "decision"
    )


def _reasons(reasons: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (_ABOUT.get(reason["about"], reason["about"]), _sentence(reason["text"]))
        for reason in reasons
        if reason["about"] not in _SHOWN_ELSEWHERE
    )


def _events(events: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str, int], ...]:
    """(days, sentence, grade); an ungraded line stays out unless it says something else than an effect."""
    return tuple((event["days"], _sentence(event["text"]), event["grade"]) for event in events_together(events))


def _timing(timing: Mapping[str, Any]) -> tuple[str, ...]:
    sentences = (lead_in_words(timing), regularity_in_words(timing), skin_check_in_words(timing))
    return tuple(sentence for sentence in sentences if sentence)


def _provenance(provenance: Mapping[str, Any]) -> str:
    # The start of the digest tells two sets of facts apart and still fits a line.
    return f"OpenPBM {provenance['openpbm']}, facts {provenance['facts_digest'][:19]}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _counts(row: Mapping[str, Any]) -> str:
    """How the sessions went that were not done as planned; "" where all were."""
    counted = [f"{words}: {row[state]}." for state, words in _STATES.items() if row[state]]
    return " ".join(counted)


def _measure(row: Mapping[str, Any]) -> MeasureRow:
    low, high = row["interval_90"]
    values = row["values"]
    return MeasureRow(
        name=measure_in_words(row),
        before=mean_in_words(row["baseline_mean"], values["baseline"]),
        now=mean_in_words(row["recent_mean"], values["recent"]),
        without=mean_in_words(row["off_mean"], values["off"]),
        change=_signed(row["change"]),
        interval="" if low is None else f"{_signed(low)} to {_signed(high)}",
        readings=f"{values['baseline']} before, {values['recent']} lately",
        verdict=SYMPTOMS[row["symptom_verdict"]],
        insufficient_reason=row["insufficient_reason"],
    )


def _signed(value: object) -> str:
    # A real minus sign, which lines up with the plus and is read aloud as one.
    return f"{value:+.1f}".replace("-", "−") if isinstance(value, int | float) else "–"


def _thresholds(probabilities: Mapping[str, Any]) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Of each scale (what would matter, how probable the change is at least that) where it was computed."""
    of_scale: dict[str, list[tuple[str, str]]] = {}
    for row in probabilities.get("thresholds") or ():
        if isinstance(row.get("probability"), int | float):
            scale = scale_in_words(row["scale"], row["source_of_values"])
            of_scale.setdefault(scale, []).append((row["label"], percent_in_words(row["probability"])))
    return tuple((scale, tuple(rows)) for scale, rows in of_scale.items())


def _days_rated(diary: Mapping[str, Any]) -> str:
    gap = diary["longest_gap_days"]
    return (
        f"{diary['observed_days']} of {diary['expected_days']} days are rated in the diary,"
        f" {diary['baseline_days']} of them before light; the longest gap is {gap} day{'' if gap == 1 else 's'}."
    )
