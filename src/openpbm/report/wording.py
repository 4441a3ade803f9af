"""Plain words for the codes of a plan. No number is decided here; codes become words, dates and figures readable."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = [
    "MONTHS",
    "PROGRAMMES",
    "URGENCY",
    "VERDICTS",
    "WEEKDAYS",
    "VerdictWords",
    "date_in_words",
    "dates_in_words",
    "gap_in_words",
    "in_words",
    "level_in_words",
    "minutes_in_words",
    "percent_in_words",
    "place_in_words",
    "quantity",
    "range_in_words",
    "touches",
    "verdict_words",
]

#: Nearer than this nobody measures: the lamp lies on the skin.
_TOUCHES_BELOW_MM = 1.0
# Written out, not asked of the locale: a plan must read the same on every machine.
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictWords:
    """A verdict for people: a title, what it means, what to do next, and a sign that needs no colour."""

    title: str
    meaning: str
    next_step: str
    sign: str


VERDICTS: dict[str, VerdictWords] = {
    "allowed": VerdictWords(
        title="A careful trial of light is allowed",
        meaning="Nothing in your answers stops it, and a schedule within the safety limits was found. "
        "This says that a trial is acceptable. It does not say that light will help.",
        next_step="Read the cautions and the evidence first. Then follow the home sheet, keep the diary, "
        "and go on with your standard care.",
        sign="✓",
    ),
    "ask": VerdictWords(
        title="Some answers are missing",
        meaning="The plan cannot be judged yet. An answer that is not known is never taken as “no”.",
        next_step="Answer the questions below, with help from your clinician or pharmacist if you need it, "
        "and make the plan again. Do not start light before that.",
        sign="?",
    ),
    "needs_clinician": VerdictWords(
        title="A clinician must decide first",
        meaning="Something in your answers or about this lamp needs a clinician’s judgement before any light is used.",
        next_step="Show this report to your clinician, who may release each point. Until then the plan stays closed.",
        sign="!",
    ),
    "refused": VerdictWords(
        title="No light with this plan",
        meaning="With these answers, this place on the body and this lamp, light is not acceptable "
        "or would not reach its target within the limits.",
        next_step="Do not use the lamp here. Read what would change the answer, and talk to your clinician.",
        sign="✕",
    ),
    "refer": VerdictWords(
        title="See a health professional first",
        meaning="Something in your answers needs medical attention before anybody thinks about light.",
        next_step="Do not use the lamp. Go where the points below say, as soon as they say.",
        sign="➜",
    ),
}

#: What each programme is called.
PROGRAMMES: dict[str, str] = {
    "rls": "Restless legs",
    "neuropathic_pain": "Nerve pain",
    "neuropathy": "Nerve damage",
    "muscle_spasm": "Muscle spasm and cramps",
}

URGENCY: dict[str, str] = {
    "emergency": "Emergency: now. Call your local emergency number.",
    "same_day": "Today.",
    "urgent": "Urgent: call today and ask how soon you can be seen.",
    "routine": "At the next appointment you can get.",
}

LEVELS: dict[str, str] = {
    "red_flag": "see someone first",
    "refer_before": "see someone first",
    "absolute": "stops the plan",
    "relative": "a clinician may release it",
    "ask": "answer needed",
    "caution": "caution",
}


def verdict_words(verdict: str) -> VerdictWords:
    """Words of one verdict. A verdict this report does not know is a bug of ours: KeyError."""
    return VERDICTS[verdict]


def in_words(code: str) -> str:
    """`sural_nerve` becomes "sural nerve"."""
    return code.replace("_", " ")


def level_in_words(level: str) -> str:
    """What the level of a rule does to the plan, in words."""
    return LEVELS.get(level, in_words(level))


def place_in_words(row: Mapping[str, Any]) -> str:
    """Site and side of a row of the plan, as a heading.

    >>> place_in_words({"site": "posterior_calf", "side": "both"})
    'Posterior calf, both sides'
    """
    site = in_words(str(row["site"])).capitalize()
    side = row.get("side")
    if not side:
        return site
    return f"{site}, both sides" if side == "both" else f"{site}, {side}"


def date_in_words(date: str, *, weekday: bool = False) -> str:
    """An ISO date as people write it.

    >>> date_in_words("2026-12-01", weekday=True)
    'Tuesday 1 December 2026'
    """
    day = dt.date.fromisoformat(date)
    words = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{WEEKDAYS[day.weekday()]} {words}" if weekday else words


def dates_in_words(text: str) -> str:
    """A sentence with its ISO dates as people write them.

    >>> dates_in_words("all 12 sessions planned before 2026-12-01")
    'all 12 sessions planned before 1 December 2026'
    """
    return re.sub(r"\b\d{4}-\d{2}-\d{2}\b", lambda found: date_in_words(found[0]), text)


def quantity(value: object, digits: int = 2) -> str:
    """A number with `digits` significant figures and no exponent; unknown is a dash.

    >>> quantity(0.0837), quantity(27.46, 3), quantity(1532.0), quantity(None)
    ('0.084', '27.5', '1500', '–')
    """
    # A value nobody could compute reaches the page as None or as a missing key; both print as a dash.
    if not isinstance(value, int | float):
        return "–"
    number = float(value)
    if 0.0 < number < 1e-4:
        return "under 0.0001"
    rounded = float(f"{number:.{digits - 1}e}")
    return f"{rounded:.0f}" if abs(rounded) >= 10.0 ** (digits - 1) else f"{rounded:.6f}".rstrip("0").rstrip(".")


def minutes_in_words(minutes: float) -> str:
    """A session's length as one sets a timer.

    >>> minutes_in_words(25.0), minutes_in_words(1.7), minutes_in_words(0.5)
    ('25 min', '1 min 42 s', '30 s')
    """
    whole, seconds = divmod(round(60.0 * float(minutes)), 60)
    if not whole:
        return f"{seconds} s"
    return f"{whole} min {seconds} s" if seconds else f"{whole} min"


def range_in_words(limits: Sequence[float]) -> str:
    """A range, or the one value it holds.

    >>> range_in_words([12, 90]), range_in_words([4, 4])
    ('12–90', '4')
    """
    lower, upper = (quantity(limit, 3) for limit in limits)
    return lower if lower == upper else f"{lower}–{upper}"


def percent_in_words(chance: object) -> str:
    """A chance as a percentage that never claims certainty.

    >>> percent_in_words(0.724), percent_in_words(0.0), percent_in_words(1.0)
    ('72 %', 'under 1 %', 'over 99 %')
    """
    if not isinstance(chance, int | float):
        return "–"
    if chance < 0.01:
        return "under 1 %"
    return "over 99 %" if chance > 0.99 else f"{100.0 * chance:.0f} %"


def gap_in_words(distance_mm: float | None) -> str:
    """From lamp to skin [mm], as whoever holds the lamp measures it.

    >>> gap_in_words(25.0), gap_in_words(0.0), gap_in_words(None)
    ('2.5 cm', 'touching the skin', '–')
    """
    if distance_mm is None:
        return "–"
    return "touching the skin" if touches(distance_mm) else f"{quantity(distance_mm / 10.0, 3)} cm"


def touches(distance_mm: float | None) -> bool:
    """Whether a lamp that near [mm] is laid on the skin, for whoever holds it.

    >>> touches(0.9), touches(2.0), touches(None)
    (True, False, False)
    """
    return distance_mm is not None and distance_mm < _TOUCHES_BELOW_MM
