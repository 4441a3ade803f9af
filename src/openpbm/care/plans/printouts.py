"""The core's own pages of a plan, with their pictures inside: one file, nothing beside it."""

from __future__ import annotations

import tempfile
import threading
from collections import OrderedDict
from pathlib import Path
from urllib.parse import quote

from openpbm.care.people.lifestyle import habits_of
from openpbm.care.plans.models import PlanRow
from openpbm.report.clinical_report import render_report
from openpbm.report.home_sheet import render_home_sheet
from openpbm.report.page import WayBack
from openpbm.report.publish import draw_pictures

__all__ = ["render_printout"]

_KEPT = 8
_pictures: OrderedDict[str, dict[str, str]] = OrderedDict()
# Drawing sets the drawing library's global style for its time, so one thread draws at once.
_lock = threading.Lock()


def render_printout(plan: PlanRow, name: str, way_back: WayBack | None = None) -> str:
    """`report` or `home_sheet` of a plan as one HTML page."""
    if name == "home_sheet":
        habits = [(habit.kind.name, habit.says) for habit in habits_of(plan.person)]
        return render_home_sheet(plan.core, clinician=_whom_to_call(plan), habits=habits, way_back=way_back)
    return render_report(plan.core, _pictures_of(plan), way_back=way_back)


def _whom_to_call(plan: PlanRow) -> str:
    """Who released it, and where; "" before that, and where there is no clinic."""
    release, clinic = getattr(plan, "release", None), plan.person.clinic
    if release is None or clinic is None:
        return ""
    return f"{release.signed_name}, {clinic.name}"


def _pictures_of(plan: PlanRow) -> dict[str, str]:
    """The report's pictures. They take seconds to draw and a plan never changes, so what was once drawn is kept."""
    key = str(plan.pk)
    with _lock:
        if key not in _pictures:
            _pictures[key] = _drawn(plan)
            while len(_pictures) > _KEPT:
                _pictures.popitem(last=False)
        return _pictures[key]


def _drawn(plan: PlanRow) -> dict[str, str]:
    with tempfile.TemporaryDirectory(prefix="openpbm-") as room:
        return {path.stem: _inlined(path) for path in draw_pictures(plan.core, Path(room), "svg")}


def _inlined(picture: Path) -> str:
    """The picture as the address of itself: as text, which is packed with the page to a third of what dots take."""
    # All else but these may stand in an address as it is, and text that is left as it is packs best.
    return "data:image/svg+xml," + quote(picture.read_text(encoding="utf-8"), safe=" /:;=,()-.'!?*@+$<>\n")
