"""The files a checkpoint is handed over in: page, JSON and chart, all of them or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpbm.course.records import Course
from openpbm.delivery import match_sessions
from openpbm.report.publish import publish_files, write_json

__all__ = ["publish_checkpoint"]


def publish_checkpoint(course: Course, content: Mapping[str, Any], folder: Path) -> tuple[Path, ...]:
    """Write `checkpoint-week-N.html`, `.json` and `.png` into `folder` and return their paths, the page first.

    content : what `openpbm.outcomes.decision.checkpoint_document.checkpoint` says of `course`
    Raises BadInput where the folder cannot be made or written; nothing is half-written.
    """
    stem = f"checkpoint-week-{content['week']}"
    names = tuple(f"{stem}{suffix}" for suffix in (".png", ".json", ".html"))

    def write_all(room: Path) -> None:
        from openpbm.report.checkpoint_chart import draw_checkpoint_chart
        from openpbm.report.checkpoint_report import render_checkpoint

        as_of = dt.date.fromisoformat(content["date"])
        draw_checkpoint_chart(content, match_sessions(course, as_of), room / names[0])
        write_json(content, room / names[1])
        asked = {row.scale for row in course.scores if row.date <= as_of}
        page = render_checkpoint(content, scales_asked=asked, picture=names[0])
        (room / names[2]).write_text(page, encoding="utf-8", newline="\n")

    publish_files(write_all, folder, names)
    return tuple(folder / name for name in reversed(names))
