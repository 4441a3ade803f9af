"""The case report's page, in the order of CARE, and the files it is handed over in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpbm.report.checkpoint_wording import crisis_text
from openpbm.report.page import page_environment
from openpbm.report.publish import publish_files, write_json
from openpbm.wording import DECISIONS, DOSES, GRADES, SYMPTOMS

__all__ = ["publish_case_report", "render_case_report"]

_NAMES = ("case_report.json", "case_report.html")


def publish_case_report(content: Mapping[str, Any], folder: Path) -> tuple[Path, ...]:
    """Write case_report.html and .json into `folder` and return their paths, the page first.

    Raises BadInput where the folder cannot be made or written; nothing is half-written.
    """

    def write_all(room: Path) -> None:
        write_json(content, room / _NAMES[0])
        (room / _NAMES[1]).write_text(render_case_report(content), encoding="utf-8", newline="\n")

    publish_files(write_all, folder, _NAMES)
    return tuple(folder / name for name in reversed(_NAMES))


def render_case_report(content: Mapping[str, Any]) -> str:
    """Render a case report's JSON content as one HTML page; a draft says on top what it lacks."""
    return (
        page_environment()
        .get_template("case_report.html")
        .render(
            report=content,
            items=content["items"],
            decisions=DECISIONS,
            doses=DOSES,
            grades=GRADES,
            symptoms=SYMPTOMS,
            crisis=crisis_text(content["scales"]),
        )
    )
