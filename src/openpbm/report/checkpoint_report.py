"""The checkpoint's page: the statement and the decision first, what they rest on beneath, the numbers last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from openpbm.report.checkpoint_wording import (
    DECISIONS,
    DOSES,
    GRADES,
    SYMPTOMS,
    adherence_in_words,
    crisis_text,
    measure_in_words,
)
from openpbm.report.page import page_environment

__all__ = ["render_checkpoint"]

_TOLD = ("symptoms", "dose", "delivery")
_SOURCES = {"openpbm_assumption": "our own rule"}


def render_checkpoint(content: Mapping[str, Any], *, scales_asked: Iterable[str], picture: str) -> str:
    """Render a checkpoint's JSON content as one HTML page.

    scales_asked : ids of every questionnaire written down, so that help stands beside one that asks about mood
    picture : name of the chart's file, which lies beside the page
    """
    return (
        page_environment()
        .get_template("checkpoint.html")
        .render(
            checkpoint=content,
            decision=DECISIONS[content["decision"]],
            compared=content["symptom_verdict"] != "not_assessed",
            symptoms=SYMPTOMS,
            doses=DOSES,
            grades=GRADES,
            adherence=adherence_in_words(content["adherence"]),
            decided=[row for row in content["reasons"] if row["about"] == "decision"],
            told=[_sentence(row["text"]) for row in content["reasons"] if row["about"] in _TOLD],
            events=[row for row in content["events"] if row["grade"] >= 1 or row["what"] != "adverse_event"],
            skin_looked_at=sum(row["kind"] == "skin_none" for row in content["events"]),
            measure_name=measure_in_words,
            crisis=crisis_text(scales_asked),
            sources=_SOURCES,
            picture=picture,
            signed=_signed,
        )
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _signed(value: object, digits: int = 1) -> str:
    """A change with its sign and a true minus; unknown is a dash."""
    if not isinstance(value, int | float):
        return "–"
    text = f"{value:+.{digits}f}"
    return "0" if float(text) == 0.0 else text.replace("-", "−")
