"""The printed diary typed into a CSV: what each line says, as lines of sessions.csv, diary.csv and events.csv."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

from openpbm.course.paper_cells import (
    SKIN_WORDS,
    clock_text,
    minutes_done,
    no_light,
    printed_date,
    skin_reaction,
    sleep_minutes,
)
from openpbm.errors import BadInput, Problem
from openpbm.files import Column, Line, read_table
from openpbm.planning import AllowedPlan

__all__ = ["PaperDiary", "read_paper_diary"]

_WRITTEN = ("done", "worst", "began", "sleep", "bother", "skin", "notes")
_COLUMNS = ("number", "date", "time", *_WRITTEN)
# A heading is known by its first word; the sheets of one session a line said "Time" where "Session" stands now.
_HEADINGS = {
    "no": "number", "nr": "number", "number": "number", "date": "date", "day": "date", "time": "time",
    "session": "time", "planned": "time", "done": "done", "minutes": "done", "min": "done",
    "worst": "worst", "severity": "worst", "symptom": "worst", "began": "began", "begin": "began", "onset": "began",
    "started": "began", "sleep": "sleep", "slept": "sleep", "bother": "bother", "bothered": "bother",
    "skin": "skin", "eyes": "skin", "notes": "notes", "note": "notes",
}  # fmt: skip
# The sheet prints no unit: minutes of light, hours of sleep; a heading typed with another says so.
_PRINTED_UNITS = {"done": "min", "sleep": "h"}
_PRINTED = tuple(
    Column(
        name=name,
        needed=name == "date",
        number=name in ("number", "done", "worst", "sleep", "bother"),
        implied_unit=_PRINTED_UNITS.get(name, ""),
    )
    for name in _COLUMNS
)
# On a day without light a reaction belongs to no session: it is an event, under the word that events.csv knows.
_EVENT_OF_SKIN = {"blister": "blister", "pain": "skin_pain", "redness": "redness"}
_CLEARLY_LONGER = 1.1
_MORNING_HOURS = range(4, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDiary:
    """What a printed diary says: cells by column, (line on the paper, cells) for each session, day and event.

    events : skin reactions on days without light
    blank : lines on which nothing was written; nothing is known of them
    said : what a person should hear about how lines were read
    """

    name: str
    sessions: tuple[tuple[int, dict[str, str]], ...]
    days: tuple[tuple[int, dict[str, str]], ...]
    events: tuple[tuple[int, dict[str, str]], ...] = ()
    blank: int
    said: tuple[str, ...]


def read_paper_diary(path: Path, plan: AllowedPlan, entered_at: dt.datetime | None = None) -> PaperDiary:
    """Read the table as printed: No., Date, Session, Done, Worst, Began, Sleep, Bother, Skin, Notes, in any order.

    entered_at : when it was typed; blank in diary.csv where None
    `Done` 0 is a missed session, clearly fewer minutes than planned a partial one; blank is unknown. A line without
    a session number on a day without a planned session speaks of the day alone, unless light was written down.
    Raises BadInput with every line that cannot be read.
    """
    if not path.exists():
        remedy = "name the CSV the printed diary was typed into"
        raise BadInput(Problem(key=str(path), message="not there", remedy=remedy))
    problems: list[Problem] = []
    table = read_table(path, _PRINTED, problems, _column_of)
    reader = _PaperReader(plan, entered_at)
    for line in table.lines if table is not None else ():
        reader.take(line)
    reader.note_mornings()
    if problems:
        raise BadInput(problems)
    return PaperDiary(
        name=path.name,
        sessions=tuple(reader.sessions),
        days=tuple(reader.days),
        events=tuple(reader.events),
        blank=reader.blank,
        said=tuple(reader.said),
    )


def _column_of(heading: str) -> str:
    words = re.findall(r"[a-z]+", heading.lower())
    if heading.strip() == "#":
        return "number"
    if words[:1] == ["session"] and set(words[1:2]) & {"no", "nr", "number"}:
        return "number"
    return _HEADINGS.get(words[0], heading.strip().lower()) if words else heading.strip()


class _PaperReader:
    """Takes the lines of one paper one by one."""

    def __init__(self, plan: AllowedPlan, entered_at: dt.datetime | None) -> None:
        self.plan = plan
        self.entered_at = entered_at
        self.sessions: list[tuple[int, dict[str, str]]] = []
        self.days: list[tuple[int, dict[str, str]]] = []
        self.events: list[tuple[int, dict[str, str]]] = []
        self.blank = 0
        self.said: list[str] = []
        self._seen: dict[dt.date, int] = {}
        self._planned = frozenset(session.date for session in plan.schedule.sessions)
        self._mornings: list[int] = []

    def take(self, line: Line) -> None:
        """Add what one line says, or a problem to it."""
        if any(line.text(column).lower().startswith("check") for column in ("number", "date")):
            self.said.append(f"line {line.number}: a checkpoint's line, nothing to take")
            return
        if _column_of(line.text("date")) == "date" or _column_of(line.text("number")) == "number":
            # The headings once more, from the top of the next page.
            return
        if not any(line.text(column) for column in _WRITTEN):
            self.blank += 1
            return
        date = self._date(line)
        if date is None or not self._may_be(line, date):
            return
        free = not line.text("number") and date not in self._planned
        if free and no_light(line):
            self._day(line, date, self._skin_without_light(line, date))
        else:
            self._session(line, date)
            self._day(line, date, "")

    def note_mornings(self) -> None:
        """Say once which onsets were read as mornings though an evening may have been meant."""
        if self._mornings:
            numbers = ", ".join(map(str, self._mornings))
            self.said.append(f"began on line {numbers}: read as in the morning; write 21:30 or 9:30 pm for an evening")

    def _date(self, line: Line) -> dt.date | None:
        if line.text("date"):
            return printed_date(line)
        number = line.value("number", 1, 10_000, whole=True)
        planned = next((s.date for s in self.plan.schedule.sessions if s.number == number), None)
        if planned is None:
            line.add_problem("date", "blank, and no session of the plan has this number", "write the day")
        else:
            self.said.append(f"line {line.number}: no date; taken from session {number:g} of the plan, {planned}")
        return planned

    def _may_be(self, line: Line, date: dt.date) -> bool:
        if date in self._seen:
            line.add_problem("date", f"{date} already stands on line {self._seen[date]}", "write one line a day")
            return False
        self._seen[date] = line.number
        if self.entered_at is not None and date > self.entered_at.date():
            line.add_problem(
                "date", f"after {self.entered_at.date()}, when this was typed", "correct the date or --entered"
            )
            return False
        return True

    def _session(self, line: Line, date: dt.date) -> None:
        done = minutes_done(line, self.plan.session_minutes)
        if done is None:
            if line.text("skin") and not line.text("done"):
                line.add_problem(
                    "done", "blank, yet Skin is filled in", "write the minutes, or 0 where there was no session"
                )
            return
        status, minutes = done
        if date < self.plan.start_date and status != "missed":
            self.said.append(
                f"line {line.number}: light on {date}, before the course begins on {self.plan.start_date}; kept, and"
                " the days from then on are no longer days before light"
            )
        if minutes and float(minutes) > self.plan.session_minutes * _CLEARLY_LONGER:
            # Never divided by us: it may be all places together, or too long at each.
            self.said.append(
                f"line {line.number}: {minutes} min, planned are {self.plan.session_minutes:g} at each place; kept as"
                " written (write the minutes at one place)"
            )
        site, side = self._place()
        cells = {"date": date.isoformat(), "time": clock_text(line), "site": site, "side": side, "minutes": minutes}
        cells |= {"status": status, "skin_reaction": skin_reaction(line)}
        self.sessions.append((line.number, cells))

    def _place(self) -> tuple[str, str]:
        """The place of a session where the plan has only one; a blank one covers every place of the plan."""
        places = {place for session in self.plan.schedule.sessions for place in session.places}
        sites, sides = {site for site, _side in places}, {side for _site, side in places}
        if len(sites) != 1:
            return "", ""
        return sites.pop(), sides.pop() if len(sides) == 1 else "both"

    def _skin_without_light(self, line: Line, date: dt.date) -> str:
        """What the notes keep of the skin on a day without light; a reaction becomes an event as well."""
        kind, words = skin_reaction(line), line.text("skin")
        if kind in _EVENT_OF_SKIN and date >= self.plan.start_date:
            event = {
                "date": date.isoformat(),
                "kind": _EVENT_OF_SKIN[kind],
                "detail": f"on a day without light: {words}",
            }
            self.events.append((line.number, event))
            self.said.append(f"line {line.number}: {kind} on a day without light; written to events.csv")
        return f"skin: {words}" if words else ""

    def _day(self, line: Line, date: dt.date, skin_note: str) -> None:
        worst, bother = line.value("worst", 0.0, 10.0), line.value("bother", 0.0, 10.0)
        sleep, began = sleep_minutes(line), self._began(line)
        skin = line.text("skin")
        if not skin_note and skin and skin.lower() not in {word for _kind, words in SKIN_WORDS for word in words}:
            # The person's own words about skin and eyes are kept: the one word of sessions.csv cannot hold them.
            skin_note = f"skin: {skin}"
        notes = "; ".join(part for part in (line.text("notes"), skin_note) if part)
        cells = {
            "severity": "" if worst is None else f"{worst:g}",
            "onset": began,
            "sleep_minutes": "" if sleep is None else f"{sleep:g}",
            "bother": "" if bother is None else f"{bother:g}",
            "notes": notes,
        }
        if any(cells.values()):
            entered = self.entered_at.isoformat(timespec="minutes") if self.entered_at is not None else ""
            self.days.append((line.number, {"date": date.isoformat(), "entered_at": entered} | cells))

    def _began(self, line: Line) -> str:
        text = line.text("began")
        time = clock_text(line, "began")
        # "9:30" of an evening complaint is mostly half past nine at night, but that is not for us to decide.
        if time and int(time[:2]) in _MORNING_HOURS and re.fullmatch(r"[1-9][0-9]?[:.h][0-9]{2}", text.lower()):
            self._mornings.append(line.number)
        return time
