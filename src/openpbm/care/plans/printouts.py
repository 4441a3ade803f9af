"""The core's own pages of a plan, with their pictures inside: one file, nothing beside it."""

from __future__ import annotations

import base64
import itertools
import re
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path

from django.utils.html import escape

from openpbm.care.plans.models import PlanRow
from openpbm.report import write

__all__ = ["render_printout"]

_KEPT = 8
_CLINICIAN_BLANK = 'Clinician <span class="line"></span>'
_printouts: OrderedDict[tuple[str, str], str] = OrderedDict()
# Drawing sets the drawing library's global style for its time, so one thread draws at once.
_lock = threading.Lock()


def render_printout(plan: PlanRow, name: str) -> str:
    """`report` or `home_sheet` of a plan as one HTML page. A plan never changes, so a page once drawn is kept."""
    key = (str(plan.pk), name)
    with _lock:
        if key not in _printouts:
            for each, page in _drawn(plan).items():
                _printouts[str(plan.pk), each] = page
            while len(_printouts) > 2 * _KEPT:
                _printouts.popitem(last=False)
        # Filled in only now: the page may have been drawn and kept before anybody released the plan.
        return _printouts[key].replace(_CLINICIAN_BLANK, _whom_to_call(plan), 1)


def _whom_to_call(plan: PlanRow) -> str:
    """Who released it, and where; a line to fill in by hand before that, and where there is no clinic."""
    release, clinic = getattr(plan, "release", None), plan.person.clinic
    if release is None or clinic is None:
        return _CLINICIAN_BLANK
    return f"Clinician <strong>{escape(release.signed_name)}, {escape(clinic.name)}</strong>"


def _drawn(plan: PlanRow) -> dict[str, str]:
    with tempfile.TemporaryDirectory(prefix="openpbm-") as room:
        folder = Path(room)
        write(plan.core, folder)
        return {name: _inlined(folder, name) for name in ("report", "home_sheet")}


def _inlined(folder: Path, name: str) -> str:
    def picture(found: re.Match[str]) -> str:
        content = base64.b64encode((folder / found[1]).read_bytes()).decode()
        return f'src="data:image/png;base64,{content}"'

    page = (folder / f"{name}.html").read_text(encoding="utf-8")
    pages = itertools.count(1)
    # What scrolls sideways on a phone must be reached by keyboard too.
    page = re.sub(
        r'<div class="wide">',
        lambda _: f'<div class="wide" tabindex="0" role="region" aria-label="Diary, part {next(pages)}">',
        page,
    )
    return re.sub(r'src="([a-z_]+\.png)"', picture, page)
