"""How much opioid is taken by mouth, as milligrams of oral morphine a day, before light and now.

It describes a burden. It is no table for changing from one opioid to another, and a smaller number is never asked for.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpbm.course.mark import Mark, MarkText, mark_in_folder, marks_together
from openpbm.course.records import TimelineChange
from openpbm.facts.medicine_text import read_medicines
from openpbm.facts.opioids import Opioid, opioid
from openpbm.files import JsonObject
from openpbm.outcomes.harm.medicines import read_action

__all__ = ["OpioidBurden", "compute_opioid_burden", "daily_dose_mg"]

Range = tuple[float, float]

# The micro sign and the Greek mu look alike and are two characters; people type either.
_UNIT_MG = {"mg": 1.0, "milligram": 1.0, "milligrams": 1.0, "mcg": 0.001, "µg": 0.001, "μg": 0.001, "ug": 0.001}
_WORD_COUNTS = {"once": 1.0, "twice": 2.0, "thrice": 3.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "six": 6.0}
_COUNT = rf"(?P<count>\d+|{'|'.join(_WORD_COUNTS)})"
_PER_DAY = r"(?:(?:a|per|each|every)\s*day|/\s*(?:d|day|24\s*h)|daily|in 24 (?:h|hours))"
#: How often a day, tried in this order: a pattern, and how many doses it means (0: read from the pattern).
_OFTEN: tuple[tuple[str, float], ...] = (
    (rf"{_COUNT}\s*(?:x|times)?\s*{_PER_DAY}", 0.0),
    (r"(?:every|q)\s*(?P<hours>\d+)\s*(?:h|hr|hrs|hours|hourly)", 0.0),
    (r"(?P<hours>\d+)[- ]hourly", 0.0),
    (r"b\.?i\.?d\.?|in the morning and (?:in the )?evening|morning and (?:evening|night)", 2.0),
    (r"t\.?i\.?d\.?|t\.?d\.?s\.?", 3.0),
    (r"q\.?i\.?d\.?|q\.?d\.?s\.?", 4.0),
    (r"(?:every|each) (?:night|morning|evening)|nightly|at (?:night|bedtime)|in the (?:evening|morning)|o\.?d\.?", 1.0),
    (_PER_DAY, 1.0),
)
_STRENGTH = (
    rf"(?:(?P<pieces>\d+)\s*(?:x|tablets?(?: of)?|capsules?(?: of)?)\s*)?"
    rf"(?P<amount>\d+(?:[.,]\d{{1,2}})?)\s*(?P<unit>{'|'.join(_UNIT_MG)})"
)
#: What may stand beside a dose without changing it; anything else makes the line unreadable, since it may change it.
_SILENT = {
    *("tablet", "tablets", "capsule", "capsules", "of", "oral", "orally", "po", "taken", "take"),
    *(
        "er",
        "sr",
        "cr",
        "ir",
        "xr",
        "mr",
        "retard",
        "prolonged",
        "modified",
        "immediate",
        "slow",
        "release",
        "extended",
    ),
    *("naloxone", "sulfate", "sulphate", "hydrochloride", "hcl", "phosphate", "to", "now"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpioidBurden:
    """Oral morphine equivalent before light and now [mg/day], lower and upper where conversion tables differ.

    baseline, now : None is unknown, never zero; (0, 0) only where the lines say that none was taken
    medicines : opioids that stand in the timeline
    marks : why a number is missing or doubtful
    """

    baseline: Range | None
    now: Range | None
    medicines: tuple[str, ...]
    marks: tuple[Mark, ...]

    @property
    def change(self) -> Range | None:
        """Now less baseline [mg/day], each bound by its own factor; None where either is unknown."""
        if self.baseline is None or self.now is None:
            return None
        lower, upper = (now - before for now, before in zip(self.now, self.baseline, strict=True))
        return min(lower, upper), max(lower, upper)

    def to_dict(self, mark_text: MarkText = mark_in_folder) -> JsonObject:
        """Plain JSON content, its intervals lower and upper; `mark_text` is how a mark is said."""
        return {
            "baseline_mg_day": _as_list(self.baseline),
            "now_mg_day": _as_list(self.now),
            "change_mg_day": _as_list(self.change),
            "medicines": list(self.medicines),
            "marks": list(map(mark_text, marks_together(self.marks))),
        }


def _as_list(bounds: Range | None) -> list[float] | None:
    return bounds and list(bounds)


def compute_opioid_burden(timeline: Iterable[TimelineChange], began: dt.date, as_of: dt.date) -> OpioidBurden:
    """Burden on the day before light began and on the day before `as_of`, from the doses in the timeline.

    Each opioid's dose is that of its last line; before its first line it was nothing if that line is a start, the same
    if it merely went on, else unknown. No line about opioids is not "none": both are then unknown.
    """
    rows = sorted((row for row in timeline if row.date < as_of and _is_opioid(row)), key=lambda row: row.date)
    if not rows:
        none = Mark(id="no_opioid_line", message="no line about opioids; nobody said none")
        return OpioidBurden(baseline=None, now=None, medicines=(), marks=(none,))
    marks: list[Mark] = []
    by_name: dict[str, list[TimelineChange]] = {}
    for row in rows:
        found = opioid(f"{row.name} {row.dose}")
        if found is None or found.name == "opioid":
            marks.append(_mark(row, "opioid_not_clear", "which opioid is not clear; write its name and dose"))
            by_name.setdefault("", []).append(row)
        else:
            by_name.setdefault(found.name, []).append(row)
    baseline = _total(by_name, began - dt.timedelta(days=1), marks)
    now = _total(by_name, as_of - dt.timedelta(days=1), marks)
    names = tuple(sorted(name for name in by_name if name))
    return OpioidBurden(baseline=baseline, now=now, medicines=names, marks=tuple(dict.fromkeys(marks)))


def _written(named: Opioid, text: str) -> set[str]:
    """The names of an opioid, and the words by which the text calls it."""
    called = {found.written.casefold() for found in read_medicines(text).found if found.medicine.name == named.name}
    return {named.name, *named.aliases} | called


def daily_dose_mg(text: str, named: Opioid | None = None) -> float | None:
    """Milligrams a day of a dose as written; None where it cannot be read with certainty, never a guess.

    Needed are one strength with its unit and how often a day; "as needed", a range, a patch or an unknown word make it
    unreadable. The name of the medicine may stand in the text.

    >>> daily_dose_mg("10 mg oxycodone twice daily", opioid("oxycodone"))
    20.0
    >>> daily_dose_mg("2 tablets of 50 mg 3x/day")
    300.0
    >>> daily_dose_mg("10 mg when needed") is None
    True
    """
    # "by 5 mg" is a step, not a dose; "by mouth" is neither.
    rest = f" {text.casefold().strip()} ".replace(" by mouth ", " ")
    # The longest first, or a short name is cut out of a longer one and leaves half a word nobody can read.
    for name in sorted(_written(named, text) if named else (), key=len, reverse=True):
        rest = re.sub(rf"\b{re.escape(name)}\b", " ", rest)
    strengths = list(re.finditer(rf"(?<![\d.,/+-]){_STRENGTH}\b(?!\s*/\s*\d)", rest))
    # Two strengths may be a range, a change or a morning and an evening dose, and nothing says which.
    if len(strengths) != 1:
        return None
    strength = strengths[0]
    rest = f"{rest[: strength.start()]} | {rest[strength.end() :]}"
    often, rest = _times_a_day(rest)
    words = re.findall(r"[^\s|,;()]+", rest)
    if often is None or any(word.strip(".") not in _SILENT for word in words):
        return None
    amount = float(strength["amount"].replace(",", ".")) * float(strength["pieces"] or 1)
    return amount * _UNIT_MG[strength["unit"]] * often


def _times_a_day(text: str) -> tuple[float | None, str]:
    """Doses a day, and the text without the words that say so."""
    for pattern, fixed in _OFTEN:
        found = re.search(rf"(?<![\w.]){pattern}(?![\w])", text)
        if found is None:
            continue
        rest = f"{text[: found.start()]} {text[found.end() :]}"
        groups = found.groupdict()
        if groups.get("hours"):
            hours = int(groups["hours"])
            # Every five hours is no whole number of doses a day: which it was on that day is not written.
            return (24.0 / hours if hours and 24 % hours == 0 else None), rest
        if groups.get("count"):
            return _WORD_COUNTS.get(groups["count"]) or float(groups["count"]), rest
        return fixed, rest
    return None, text


def _is_opioid(row: TimelineChange) -> bool:
    return opioid(row.name) is not None or opioid(row.kind) is not None or opioid(row.dose) is not None


def _total(by_name: dict[str, list[TimelineChange]], day: dt.date, marks: list[Mark]) -> Range | None:
    """Sum over opioids on one day, None when any of them is unknown."""
    lower = upper = 0.0
    known = True
    for name, rows in by_name.items():
        dose = _dose_on(name, rows, day)
        if isinstance(dose, Mark):
            known = False
            marks.append(dose)
            continue
        lower, upper = lower + dose[0], upper + dose[1]
    return (round(lower, 3), round(upper, 3)) if known else None


def _dose_on(name: str, rows: Sequence[TimelineChange], day: dt.date) -> Range | Mark:
    """Oral morphine equivalent of one opioid on one day, or why it is unknown."""
    past = [row for row in rows if row.date <= day]
    dates = [row.date for row in past] or [min(row.date for row in rows)]
    same_day = [row for row in rows if row.date == max(dates)]
    row = same_day[0]
    # The timeline has dates and no times, so of two lines on a day nobody knows which came last.
    if len({(one.action, one.name, one.dose) for one in same_day}) > 1:
        message = f"more than one line about {name or 'an opioid'}; write one with the whole dose"
        return Mark(id="several_opioid_lines", message=message, dates=(row.date,))
    action, changes, doubt = read_action(row)
    if doubt:
        return _mark(row, "action_not_listed", doubt)
    if (not past and action == "start") or (past and action == "stop"):
        return (0.0, 0.0)
    if not past and changes:
        message = "what was taken before this change is not written; add a line that says so"
        return _mark(row, "earlier_opioid_unknown", message)
    named = opioid(name)
    if named is None or named.oral_morphine_mg_per_mg_lower is None or named.oral_morphine_mg_per_mg_upper is None:
        return _mark(row, "opioid_not_converted", f"{name} is not converted to morphine" if name else "not named")
    milligrams = daily_dose_mg(row.dose, named)
    if milligrams is None and not row.dose.strip():
        milligrams = daily_dose_mg(row.name, named)
    if milligrams is None:
        message = f'dose {row.dose!r} cannot be read; write it like "10 mg twice daily"'
        return _mark(row, "opioid_dose_unreadable", message)
    return (milligrams * named.oral_morphine_mg_per_mg_lower, milligrams * named.oral_morphine_mg_per_mg_upper)


def _mark(row: TimelineChange, identifier: str, message: str) -> Mark:
    if not row.line:
        return Mark(id=identifier, message=f"{row.name}: {message}", file="treatments.csv")
    return Mark(id=identifier, message=message, file="timeline.csv", lines=(row.line,))
