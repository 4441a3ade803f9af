"""The core's own pages of a plan, with their pictures inside: one file, nothing beside it."""

from __future__ import annotations

import base64
import itertools
import re
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path

from openpbm.care.plans.models import PlanRow
from openpbm.report import write

__all__ = ["paper"]

_KEPT = 8
_papers: OrderedDict[tuple[str, str], str] = OrderedDict()
# Drawing sets the drawing library's global style for its time, so one thread draws at once.
_lock = threading.Lock()


def paper(plan: PlanRow, name: str) -> str:
    """`report` or `home_sheet` of a plan as one HTML page. A plan never changes, so a page once drawn is kept."""
    key = (str(plan.pk), name)
    with _lock:
        if key not in _papers:
            for each, page in _drawn(plan).items():
                _papers[str(plan.pk), each] = page
            while len(_papers) > 2 * _KEPT:
                _papers.popitem(last=False)
        return _papers[key]


def _drawn(plan: PlanRow) -> dict[str, str]:
    with tempfile.TemporaryDirectory(prefix="openpbm-") as room:
        folder = Path(room)
        write(plan.document, folder)
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
