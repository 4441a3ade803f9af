"""The home sheet: one page to hang beside the lamp and a daily diary; without a plan, a request to a clinician.

The diary has a line for every day before the course and during it, in pages that can be hung up and typed back: a
verdict compares whole weeks under light with whole weeks before it, so the days without a session count as much.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.facts.sites import sites
from openpbm.planning import Plan
from openpbm.planning.document.plan import AllowedPlan
from openpbm.planning.document.treatment import PlannedSession, Schedule
from openpbm.reason import Level, Reason
from openpbm.report.clinical_report import lamp_distances_mm, positions, remedy_in_words, wavelengths_in_words
from openpbm.report.page import WayBack, page_environment
from openpbm.wording import MONTHS, URGENCY, WEEKDAYS, clock_in_words, gaps_in_words, touches, verdict_words

__all__ = ["COLUMNS", "DiaryPage", "DiaryRow", "diary_pages", "render_home_sheet"]

#: What an A4 page leaves for the rows under heading and column names, before the course and during it.
BEFORE_HEIGHT_MM = 142.0
COURSE_HEIGHT_MM = 212.0
#: Lower is hard to write in, higher looks empty.
LEAST_ROW_MM, MOST_ROW_MM = 6.0, 9.5
#: Four weeks and their checkpoints still leave rows of more than 6 mm.
MOST_WEEKS_A_PAGE = 4
_DAYS_A_WEEK = 7

#: The table's headings and the width of each column in mm, 0 for what is left. The reader of the paper knows each by
#: its first word.
COLUMNS: tuple[tuple[str, float], ...] = (
    ("No.", 8.0),
    ("Date", 27.0),
    ("Session (time planned)", 16.0),
    ("Done, min", 11.5),
    ("Worst symptom 0–10", 18.0),
    ("Began at", 14.0),
    ("Sleep, hours", 12.5),
    ("Bother 0–10", 14.5),
    ("Skin and eyes after", 21.0),
    ("Notes: medicines, iron, caffeine, exercise", 0.0),
)
#: More reasons than this are printed small and without their rule and source, which the report carries.
LONG_REQUEST = 6
#: And more than this stand in two columns.
VERY_LONG_REQUEST = 24
#: Stated elsewhere on the sheet, or of no use beside the lamp.
NOT_FOR_THE_WALL = frozenset(
    {
        "eyewear",
        "lamp_claimed",
        "lamp_reading_expired",
        "lamp_reading_far_from_claim",
        "lamp_reading_incomplete",
        "part_outside_protocol",
        "window_negligible",
    }
)
#: What an A4 page leaves; the report carries them all.
MOST_CAUTIONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DiaryRow:
    """A day, or the checkpoint that stands before it.

    number, start_time : of that day's session, None and "" on a day without light
    check_week, about : of the checkpoint, None and "" on a line to write in
    week_begins : the first day of a week of the course
    """

    date: dt.date
    number: int | None = None
    start_time: str = ""
    check_week: int | None = None
    about: str = ""
    week_begins: bool = False

    @property
    def short_date(self) -> str:
        """The day as printed, and as `openpbm diary` reads it back.

        >>> DiaryRow(date=dt.date(2026, 12, 1)).short_date
        'Tue 1 Dec 2026'
        """
        day = self.date
        return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]} {day.year}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiaryPage:
    """One printed page. `before`: its days come before the first session, so that nothing of light is asked."""

    title: str
    rows: tuple[DiaryRow, ...]
    before: bool

    @property
    def row_height_mm(self) -> float:
        """Height of a row [mm]: the page is used, and no row is too low to write in.

        >>> day = DiaryRow(date=dt.date(2026, 12, 1))
        >>> DiaryPage(title="", rows=(day,) * 30, before=False).row_height_mm
        7.07
        """
        height_mm = BEFORE_HEIGHT_MM if self.before else COURSE_HEIGHT_MM
        return round(min(MOST_ROW_MM, max(LEAST_ROW_MM, height_mm / max(len(self.rows), 1))), 2)


def diary_pages(plan: AllowedPlan) -> tuple[DiaryPage, ...]:
    """The days before the start of an allowed `plan`, then every day up to the last checkpoint, which closes the diary.

    A course that outlasts its checkpoints is followed to the end of its last week. Ratings count for the days before a
    checkpoint, so its own day follows only while the course goes on. How long before the start is the limit
    `baseline_days`; days that were gone when the plan was made are printed too, for no clock is read here.
    """
    return (_before(plan.start_date), *_course(plan.start_date, plan.schedule))


def _before(start: dt.date) -> DiaryPage:
    asked_for = int(outcome_limit("baseline_days"))
    days = (start - dt.timedelta(days=ahead) for ahead in range(asked_for, 0, -1))
    return DiaryPage(
        title="My diary: before the first session", rows=tuple(DiaryRow(date=day) for day in days), before=True
    )


def _course(start: dt.date, schedule: Schedule) -> Iterator[DiaryPage]:
    checks = [DiaryRow(date=check.date, check_week=check.week, about=check.about) for check in schedule.checkpoints]
    lit: dict[dt.date, list[PlannedSession]] = {}
    for session in schedule.sessions:
        lit.setdefault(session.date, []).append(session)
    last = _last_day(start, max(lit), checks)
    days = [row for ahead in range((last - start).days + 1) for row in _rows_of_day(start, ahead, lit)]
    # Sorting keeps order among equals: what stands before its day comes first in the list.
    rows = sorted([*checks, *days], key=lambda row: row.date)
    weeks = 1 + (last - start).days // _DAYS_A_WEEK
    pages = math.ceil(weeks / MOST_WEEKS_A_PAGE)
    weeks_a_page = math.ceil(weeks / pages)
    for first in range(0, weeks, weeks_a_page):
        end = min(first + weeks_a_page, weeks)
        # A checkpoint on the day after the last week would open a page of its own; it closes the last one instead.
        here = tuple(row for row in rows if first <= min((row.date - start).days // _DAYS_A_WEEK, weeks - 1) < end)
        title = "My diary: the course"
        if pages > 1:
            title += f", {_weeks_in_words(first + 1, end)}"
        yield DiaryPage(title=title, rows=here, before=False)


def _last_day(start: dt.date, last_session: dt.date, checks: Sequence[DiaryRow]) -> dt.date:
    """To the end of a week: the days after the last session show what the skin and the symptoms did."""
    weeks = 1 + (last_session - start).days // _DAYS_A_WEEK
    week_ends = start + dt.timedelta(days=_DAYS_A_WEEK * weeks - 1)
    return max([week_ends, *(check.date - dt.timedelta(days=1) for check in checks)])


def _rows_of_day(start: dt.date, ahead: int, lit: Mapping[dt.date, Sequence[PlannedSession]]) -> list[DiaryRow]:
    day = start + dt.timedelta(days=ahead)
    begins = ahead % _DAYS_A_WEEK == 0
    if day not in lit:
        return [DiaryRow(date=day, week_begins=begins)]
    return [
        DiaryRow(
            date=day,
            number=session.number,
            start_time=clock_in_words(session.start_time),
            week_begins=begins and place_in_day == 0,
        )
        for place_in_day, session in enumerate(lit[day])
    ]


def _weeks_in_words(first: int, last: int) -> str:
    return f"week {first}" if first == last else f"weeks {first} to {last}"


def render_home_sheet(
    plan: Plan,
    *,
    clinician: str = "",
    habits: Sequence[tuple[str, str]] = (),
    way_back: WayBack | None = None,
) -> str:
    """Render the home sheet of an allowed `plan`, else the request to a clinician, as one HTML page.

    clinician : whom to call; a line to fill in by hand stands there where nobody is named
    habits : food, drink, sleep, movement as they are kept, each with its name
    way_back : where an application that shows it leads back to
    """
    if isinstance(plan, AllowedPlan):
        return _render_sheet(plan, clinician, habits, way_back)
    return _render_request(plan, way_back)


def _render_sheet(
    plan: AllowedPlan, clinician: str, habits: Sequence[tuple[str, str]], way_back: WayBack | None
) -> str:
    return (
        page_environment()
        .get_template("home_sheet.html")
        .render(
            plan=plan,
            way_back=way_back,
            sheet=True,
            clinician=clinician,
            habits=habits,
            schedule=plan.schedule,
            sites=plan.sites,
            spots={site.site: sites[site.site].body_map for site in plan.sites if site.site in sites},
            days=_days(plan.schedule),
            times=list(dict.fromkeys(clock_in_words(session.start_time) for session in plan.schedule.sessions)),
            positions=positions(plan),
            distance=gaps_in_words(lamp_distances_mm(plan)),
            contact=all(map(touches, lamp_distances_mm(plan))),
            wavelengths=wavelengths_in_words(plan),
            cautions=_cautions_at_the_lamp(plan),
            diary=diary_pages(plan),
            columns=COLUMNS,
        )
    )


def _render_request(plan: Plan, way_back: WayBack | None) -> str:
    """The request carries no minutes, no distance and no dose, even where the plan could compute them."""
    return (
        page_environment()
        .get_template("home_sheet.html")
        .render(
            plan=plan,
            way_back=way_back,
            words=verdict_words(plan.verdict),
            sheet=False,
            urgency=URGENCY,
            remedy=remedy_in_words,
            groups=_groups(plan),
            brief=len(plan.reasons) > LONG_REQUEST,
            pairs=len(plan.reasons) > VERY_LONG_REQUEST,
        )
    )


def _cautions_at_the_lamp(plan: Plan) -> list[str]:
    """Safety cautions a person must have in mind at the lamp, in the order of the plan."""
    messages = [
        caution.text for caution in plan.cautions if caution.kind == "safety" and caution.rule not in NOT_FOR_THE_WALL
    ]
    more = len(messages) - MOST_CAUTIONS
    if more <= 0:
        return messages
    return [*messages[:MOST_CAUTIONS], f"And {more} more in the report: read them before the first session."]


def _days(schedule: Schedule) -> list[str]:
    return list(dict.fromkeys(session.weekday for session in schedule.sessions))


def _urgency_rank(reason: Reason) -> int:
    order = list(URGENCY)
    return order.index(reason.urgency) if reason.urgency in order else len(order)


_HEADINGS: tuple[tuple[str, tuple[Level, ...]], ...] = (
    ("Where to go, and how soon", ("red_flag", "refer_before")),
    ("What stops the plan", ("absolute",)),
    ("What a clinician is asked to decide", ("relative",)),
    ("Questions to answer", ("ask",)),
    ("Also", ("stop", "caution", "note")),
)


def _groups(plan: Plan) -> list[tuple[str, list[Reason]]]:
    """The reasons under the heading that says what the reader does about them, the most pressing first."""
    soonest_first = sorted(plan.reasons, key=_urgency_rank)
    groups = []
    for heading, levels in _HEADINGS:
        reasons = [reason for reason in soonest_first if reason.level in levels]
        if reasons:
            groups.append((heading, reasons))
    return groups
