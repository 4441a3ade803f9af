"""The checkpoint's page: the statement and the decision first, what they rest on beneath, the numbers last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from openpbm.report.beside_verdict import (
    band_in_words,
    beyond_error_in_words,
    contradiction,
    events_together,
    impressions_in_words,
    opioids_in_words,
)
from openpbm.report.care_wording import care_rows
from openpbm.report.checkpoint_sources import cited_sources, source_mark
from openpbm.report.checkpoint_wording import (
    adherence_in_words,
    crisis_text,
    lasting_in_words,
    measure_in_words,
    scale_in_words,
    symptoms_compared,
)
from openpbm.report.cramp_table import cramp_ratio_in_words, cramp_rows
from openpbm.report.page import page_environment
from openpbm.report.sensation_table import sensation_lines
from openpbm.report.timing_wording import (
    lead_in_words,
    regularity_in_words,
    sessions_a_week_in_words,
    skin_check_in_words,
)
from openpbm.wording import DECISIONS, DOSES, GRADES, SYMPTOMS

__all__ = ["render_checkpoint"]

_BESIDE_DECISION = ("symptoms", "dose", "delivery")


def render_checkpoint(content: Mapping[str, Any], *, scales_asked: Iterable[str], picture: str) -> str:
    """Render a checkpoint's JSON content as one HTML page.

    scales_asked : ids of every questionnaire written down, so that help stands beside one that asks about mood
    picture : name of the chart's file, which lies beside the page
    """
    sources = cited_sources(content)
    return (
        page_environment()
        .get_template("checkpoint.html")
        .render(
            checkpoint=content,
            decision=DECISIONS[content["decision"]],
            compared=symptoms_compared(content),
            symptoms=SYMPTOMS,
            grade_reasons=_grade_reasons(content),
            doses=DOSES,
            grades=GRADES,
            lasting=lasting_in_words(content),
            adherence=adherence_in_words(content["adherence"]),
            decided=[row for row in content["reasons"] if row["about"] == "decision"],
            sentences=[_sentence(row["text"]) for row in content["reasons"] if row["about"] in _BESIDE_DECISION],
            events=events_together(content["events"]),
            other_treatments=[row["text"] for row in content["reasons"] if row["about"] == "other treatment"],
            skin_looked_at=any(row["kind"] == "skin_none" for row in content["events"]),
            measure_name=measure_in_words,
            scale_name=scale_in_words,
            crisis=crisis_text(scales_asked),
            sources=sources,
            source=lambda id: source_mark(id, sources),
            picture=picture,
            signed=_signed,
            sentence=_sentence,
            **_beside(content),
        )
    )


def _grade_reasons(content: Mapping[str, Any]) -> list[str]:
    """Why the grade is no higher; other treatments have their sentences further up, which are not repeated."""
    arranged, *blurred_by = content["grade_reasons"]
    if not blurred_by:
        return [arranged]
    return [arranged, "another treatment changed in these days, as said under “Other treatments”"]


def _beside(content: Mapping[str, Any]) -> dict[str, Any]:
    """What stands beside the verdict and never decides it."""
    timing, cramps = content["timing"], content["cramps"]
    return {
        "contradiction": contradiction(content["reasons"]),
        "impressions": impressions_in_words(content["impressions"]),
        "reliable": [row for row in content["measures"] if row["reliable_change"]],
        "band": band_in_words,
        "beyond_error": beyond_error_in_words,
        "cramp_rows": cramp_rows(cramps) if cramps else [],
        "cramp_ratio": cramp_ratio_in_words(cramps, content["grade"]) if cramps else "",
        "sensation_lines": sensation_lines(content["sensations"]),
        "lead": lead_in_words(timing),
        "regularity": regularity_in_words(timing),
        "fewest_sessions": sessions_a_week_in_words(timing),
        "skin_check": skin_check_in_words(timing),
        "opioids": opioids_in_words(content["opioid_burden"]),
        "care": care_rows(content["care_plan"]),
        "care_sources": list(dict.fromkeys(row["source"] for row in content["care_plan"])),
    }


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _signed(value: object, digits: int = 1) -> str:
    """A change with its sign and a true minus; unknown is a dash."""
    if not isinstance(value, int | float):
        return "–"
    text = f"{value:+.{digits}f}"
    # A tiny change rounds to "-0.0", and a sign on nothing would look like news.
    return "0" if float(text) == 0.0 else text.replace("-", "−")
