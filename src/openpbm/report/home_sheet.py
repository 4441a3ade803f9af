"""The home sheet: one page to hang beside the lamp and a daily diary; without a plan, a request to a clinician."""

from __future__ import annotations

from openpbm.planning import Plan
from openpbm.planning.document.plan import AllowedPlan
from openpbm.planning.document.treatment import Schedule
from openpbm.reason import Level, Reason
from openpbm.report.clinical_report import positions, remedy_in_words, wavelengths_in_words
from openpbm.report.daily_diary import COLUMNS, diary_pages
from openpbm.report.page import page_environment
from openpbm.wording import URGENCY, clock_in_words, gap_in_words, touches, verdict_words

__all__ = ["render_home_sheet"]

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


def render_home_sheet(plan: Plan, *, clinician: str = "") -> str:
    """Render the home sheet of an allowed `plan`, else the request to a clinician, as one HTML page.

    clinician : whom to call; a line to fill in by hand stands there where nobody is named
    """
    return _render_sheet(plan, clinician) if isinstance(plan, AllowedPlan) else _render_request(plan)


def _render_sheet(plan: AllowedPlan, clinician: str) -> str:
    return (
        page_environment()
        .get_template("home_sheet.html")
        .render(
            plan=plan,
            sheet=True,
            clinician=clinician,
            schedule=plan.schedule,
            sites=plan.sites,
            days=_days(plan.schedule),
            times=list(dict.fromkeys(clock_in_words(session.start_time) for session in plan.schedule.sessions)),
            positions=positions(plan),
            distance=gap_in_words(plan.placement.distance_mm),
            contact=touches(plan.placement.distance_mm),
            wavelengths=wavelengths_in_words(plan),
            cautions=_cautions_at_the_lamp(plan),
            diary=diary_pages(plan),
            columns=COLUMNS,
        )
    )


def _render_request(plan: Plan) -> str:
    """The request carries no minutes, no distance and no dose, even where the plan could compute them."""
    return (
        page_environment()
        .get_template("home_sheet.html")
        .render(
            plan=plan,
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
