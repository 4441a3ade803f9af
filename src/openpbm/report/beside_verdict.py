"""What stands beside the verdict and never decides it: impressions, opioids, and what measurement error could do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpbm.wording import date_in_words, days_in_words, quantity, range_in_words

__all__ = [
    "ImpressionWords",
    "band_in_words",
    "beyond_error_in_words",
    "contradiction",
    "events_together",
    "impressions_in_words",
    "opioids_in_words",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpressionWords:
    """The latest answer to one scale of change, and the earlier ones.

    about : whose view
    answer : in words, or the number where the scale has none
    old : it does not speak of the last weeks of light
    """

    about: str
    answer: str
    date: str
    old: bool
    earlier: str


def impressions_in_words(impressions: Iterable[Mapping[str, Any]]) -> list[ImpressionWords]:
    """The answers by scale, the person's and the clinician's kept apart."""
    by_scale: dict[str, list[Mapping[str, Any]]] = {}
    for row in impressions:
        by_scale.setdefault(row["scale"], []).append(row)
    return [_impression(rows) for rows in by_scale.values()]


def contradiction(reasons: Iterable[Mapping[str, Any]]) -> str:
    """The sentence for an impression that says the opposite of the verdict, else ""."""
    return " ".join(f"{row['text'][:1].upper()}{row['text'][1:]}." for row in reasons if row["about"] == "impression")


def events_together(events: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What is worth a line, each once with its days: `days text grade route mark`; an ungraded effect is left out."""
    same: dict[tuple[object, ...], list[Mapping[str, Any]]] = {}
    for row in events:
        if row["grade"] >= 1 or row["what"] != "adverse_event":
            same.setdefault((row["text"], row["grade"], row["route"]), []).append(row)
    return [
        {**{key: rows[0][key] for key in ("text", "grade", "route", "mark")}, "days": _days(rows)}
        for rows in same.values()
    ]


def _days(rows: Sequence[Mapping[str, Any]]) -> str:
    days = sorted({dt.date.fromisoformat(row["date"]) for row in rows})
    return days_in_words(tuple(days), len(rows))


def opioids_in_words(burden: Mapping[str, Any]) -> str:
    """Oral morphine equivalent before light and now; unknown is never a number.

    >>> opioids_in_words({"baseline_mg_day": [20, 30], "now_mg_day": [0, 0], "medicines": ["oxycodone"], "marks": []})
    'Opioids (oxycodone), as morphine by mouth: 20–30 mg a day before light, none now. Conversion tables differ.'
    """
    named = f" ({', '.join(burden['medicines'])})" if burden["medicines"] else ""
    before, now = burden["baseline_mg_day"], burden["now_mg_day"]
    why = "".join(f" {mark[:1].upper()}{mark[1:]}." for mark in burden["marks"])
    if before is None and now is None:
        return f"Opioids{named}: unknown, before light and now.{why}"
    tables = " Conversion tables differ." if any(ends and ends[0] != ends[1] for ends in (before, now)) else ""
    return f"Opioids{named}, as morphine by mouth: {_a_day(before)} before light, {_a_day(now)} now.{tables}{why}"


def band_in_words(reliable: Mapping[str, Any]) -> str:
    """The published bands before and now.

    >>> band_in_words({"band_before": "severe", "band_now": "moderate"})
    'severe → moderate'
    """
    before, now = reliable["band_before"], reliable["band_now"]
    if not before and not now:
        return "–"
    return f"still {now}" if before == now else f"{before or '–'} → {now or '–'}"


def beyond_error_in_words(reliable: Mapping[str, Any]) -> str:
    """Whether the change is larger than measurement error makes, and which way; the index is positive towards better.

    >>> beyond_error_in_words({"beyond_error": True, "index": -2.4}), beyond_error_in_words({"beyond_error": False})
    ('yes, worse', 'no')
    """
    if not reliable["beyond_error"]:
        return "no"
    return "yes, better" if reliable["index"] > 0 else "yes, worse"


def _impression(rows: Sequence[Mapping[str, Any]]) -> ImpressionWords:
    *before, last = rows
    return ImpressionWords(
        about=last["about"],
        answer=_answer(last),
        date=date_in_words(last["date"]),
        old=not last["recent"],
        earlier="; ".join(f"{_answer(row)} ({date_in_words(row['date'])})" for row in before),
    )


def _answer(row: Mapping[str, Any]) -> str:
    return str(row["answer"]) or quantity(row["value"])


def _a_day(ends: Sequence[float] | None) -> str:
    if ends is None:
        return "unknown"
    return f"{range_in_words(ends)} mg a day" if ends[1] else "none"
