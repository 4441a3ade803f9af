"""The home sheet: one page to hang beside the lamp and a daily diary; without a plan, a request to a clinician."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpbm.report.clinical_report import distance_in_words, positions, wavelengths_in_words, way_out
from openpbm.report.daily_diary import COLUMNS, diary_pages
from openpbm.report.page import page_environment
from openpbm.wording import URGENCY, touches, verdict_words

__all__ = ["render_home_sheet"]

#: More reasons than this are printed small and without their rule and source, which the report carries.
LONG_REQUEST = 6
#: And more than this stand in two columns.
VERY_LONG_REQUEST = 24


def render_home_sheet(plan: Mapping[str, Any]) -> str:
    """Render the home sheet of an allowed `plan`, else the request to a clinician, as one HTML page.

    The request carries no minutes, no distance and no dose, even where the plan could compute them.
    """
    template = page_environment().get_template("home_sheet.html")
    words = verdict_words(plan["verdict"])
    if plan["verdict"] != "allowed" or not plan.get("schedule"):
        return template.render(
            plan=plan,
            words=words,
            sheet=False,
            urgency=URGENCY,
            way_out=way_out,
            groups=_groups(plan),
            brief=len(plan["reasons"]) > LONG_REQUEST,
            pairs=len(plan["reasons"]) > VERY_LONG_REQUEST,
        )
    return template.render(
        plan=plan,
        words=words,
        sheet=True,
        schedule=plan["schedule"],
        sites=plan.get("sites") or [],
        days=_days(plan["schedule"]),
        times=list(dict.fromkeys(session["start_time"] for session in plan["schedule"]["sessions"])),
        positions=positions(plan),
        distance=distance_in_words(plan),
        contact=touches((plan.get("placement") or {}).get("distance_mm")),
        wavelengths=wavelengths_in_words(plan),
        cautions=_to_mind(plan),
        diary=diary_pages(plan),
        columns=COLUMNS,
    )


#: Said elsewhere on the sheet, or of no use beside the lamp.
NOT_FOR_THE_WALL = frozenset({"eyewear", "lamp_claimed", "window_negligible"})
#: What an A4 page leaves; the report carries them all.
MOST_CAUTIONS = 3


def _to_mind(plan: Mapping[str, Any]) -> list[str]:
    """Safety cautions a person must have in mind at the lamp, in the order of the plan."""
    cautions = plan.get("cautions") or []
    told = [c["message"] for c in cautions if c["kind"] == "safety" and c["rule"] not in NOT_FOR_THE_WALL]
    more = len(told) - MOST_CAUTIONS
    if more <= 0:
        return told
    return [*told[:MOST_CAUTIONS], f"And {more} more in the report: read them before the first session."]


def _days(schedule: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(session["weekday"] for session in schedule["sessions"]))


def _urgency_rank(reason: Mapping[str, Any]) -> int:
    order = list(URGENCY)
    return order.index(reason["urgency"]) if reason.get("urgency") in URGENCY else len(order)


def _groups(plan: Mapping[str, Any]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """The reasons under the heading that says what the reader does about them, the most pressing first."""
    headings = (
        ("Where to go, and how soon", ("red_flag", "refer_before")),
        ("What stops the plan", ("absolute",)),
        ("What a clinician is asked to decide", ("relative",)),
        ("Questions to answer", ("ask",)),
    )
    known = {level for _heading, levels in headings for level in levels}
    soonest_first = sorted(plan["reasons"], key=_urgency_rank)
    groups = [
        (heading, [reason for reason in soonest_first if reason["level"] in levels]) for heading, levels in headings
    ]
    groups.append(("Also", [reason for reason in soonest_first if reason["level"] not in known]))
    return [(heading, reasons) for heading, reasons in groups if reasons]
