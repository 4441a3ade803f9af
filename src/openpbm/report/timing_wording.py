"""When the light came, in sentences: how far ahead of the symptoms, how regular, whether the skin was looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpbm.wording import quantity

__all__ = ["lead_in_words", "regularity_in_words", "sessions_a_week_in_words", "skin_check_in_words"]

_STATES = {
    "as meant": "as meant, one to two hours ahead",
    "too early": "earlier than the one to two hours meant",
    "too late": "later than the one to two hours ahead that are meant",
}
_ONSET_FROM = {"days before light": "of the days before light", "all days so far": "of all days so far"}


def lead_in_words(timing: Mapping[str, Any]) -> str:
    """The usual onset, and how far ahead of it light began and was planned to begin."""
    lead, start = timing["lead"], timing["regularity"]["usual_start"]
    if lead["usual_onset"] is None:
        return "When symptoms usually begin is unknown: no time of the first symptom is written down."
    onset = (
        f"Symptoms usually began at {lead['usual_onset']} "
        f"({lead['onset_days']} {_ONSET_FROM[lead['onset_from']]} have a time)."
    )
    planned = "" if lead["planned"]["minutes"] is None else f" The plan had {_ahead(lead['planned']['minutes'])}."
    if lead["given"]["minutes"] is None:
        return f"{onset} When light usually began is unknown.{planned}"
    given = f" Light usually began at {start}, {_ahead(lead['given']['minutes'])}: {_STATES[lead['given']['state']]}."
    return f"{onset}{given}{planned if lead['planned'] != lead['given'] else ''}"


def regularity_in_words(timing: Mapping[str, Any]) -> str:
    """Share of the days with light that began within an hour of the usual start."""
    row = timing["regularity"]
    if row["index"] is None:
        return "How regular the sessions were is unknown: no times, or none that agree, are written down."
    unknown = row["days_with_light"] - row["days_with_a_time"]
    untold = f"; {unknown} days with light have no time" if unknown else ""
    near = round(row["index"] * row["days_with_a_time"])
    return f"Light began within an hour of its usual time on {near} of {row['days_with_a_time']} days{untold}."


def skin_check_in_words(timing: Mapping[str, Any]) -> str:
    """How often the skin was looked at, what was found, and how often the day after was written about."""
    row = timing["skin_check"]
    if not row["days_with_light"]:
        return "No light was given yet, so that there was no skin to look at."
    found = ", ".join(f"{_found(kind)} {_times(count)}" for kind, count in row["reactions"].items())
    after = f" The day after was written about for {row['next_days_written']} of {row['next_days_due']} of them."
    return (
        f"The skin was looked at on {row['days_looked_at']} of {row['days_with_light']} days with light"
        f"{f' ({found})' if found else ''}.{after if row['next_days_due'] else ''}"
    )


def sessions_a_week_in_words(timing: Mapping[str, Any]) -> str:
    """The fewest sessions a week with which symptoms stayed better, with its caution; "" before week 4."""
    row = timing["sessions_a_week"]
    if row is None:
        return ""
    reason = f"{row['reason'][:1].upper()}{row['reason'][1:]}." if row["reason"] else ""
    if row["fewest_with_benefit"] is None:
        return f"With how few sessions a week symptoms stay better is unknown. {reason}".rstrip()
    fewest = f"The fewest sessions a week with which symptoms stayed better: {quantity(row['fewest_with_benefit'])}."
    return " ".join(part for part in (fewest, reason, row["note"]) if part)


def _ahead(minutes: float) -> str:
    """The lead as people say it.

    >>> _ahead(90.0), _ahead(-30.0), _ahead(0.0)
    ('90 minutes ahead', '30 minutes after it', 'at the same time')
    """
    if not minutes:
        return "at the same time"
    return f"{minutes:.0f} minutes ahead" if minutes > 0 else f"{-minutes:.0f} minutes after it"


def _found(kind: str) -> str:
    return "nothing found" if kind == "none" else kind.replace("_", " ")


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
