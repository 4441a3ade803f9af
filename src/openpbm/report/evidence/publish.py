"""An evidence report in a folder: page, PDF, pictures and the data that the next run compares with."""

from __future__ import annotations

import importlib.util
import json
import shutil
from importlib import resources
from pathlib import Path

from openpbm.evidence.synthesis import ConditionSummary, current_summary
from openpbm.report.evidence.content import EvidenceContent, evidence_content
from openpbm.report.evidence.flow import flow_picture
from openpbm.report.evidence.forest import forest_picture
from openpbm.report.evidence.lights import DOMAINS
from openpbm.report.evidence.plots import bubble_picture, dose_picture, drapery_picture, funnel_picture
from openpbm.report.page import page_environment
from openpbm.report.publish import publish_files, write_json
from openpbm.report.typst_pdf import compile_pdf

__all__ = ["evidence_pictures", "publish_evidence_report"]

_CAPTIONS = {
    "forest": "Forest plot. Square: a trial, larger with its weight; line: 95 percent interval; diamond: the pool;"
    " dashes: where a new trial is expected. Lights 1 to 5: drawing lots, given as meant, nobody missing,"
    " measured blind, all told.",
    "funnel": "Funnel. Shades end where p is 0.1, 0.05 and 0.01. With fewer than ten trials its shape says nothing.",
    "drapery": "Drapery: the p of every difference that could be true; thick: the pool.",
    "dose": "Difference against dose at the skin, as printed or multiplied out.",
    "bubble": "Difference against year; size: weight.",
    "flow": "Flow of studies (PRISMA 2020), from the kept searches and the rows.",
}

#: On paper, percent of the page; the others are smaller.
_WIDTHS = {"forest": 100, "flow": 85}


def evidence_pictures(summary: ConditionSummary) -> dict[str, str]:
    """Every picture that the trials allow, as SVG by name."""
    drawn = {"forest": forest_picture(summary)}
    if summary.numbers:
        drawn |= {"funnel": funnel_picture(summary), "drapery": drapery_picture(summary)}
        drawn |= {"dose": dose_picture(summary), "bubble": bubble_picture(summary)}
    drawn["flow"] = flow_picture(summary)
    return {name: picture for name, picture in drawn.items() if picture}


def publish_evidence_report(condition: str, folder: Path, own: Path | None = None) -> tuple[Path, ...]:
    """Write evidence_CONDITION.html, .json and, where typst is there, .pdf; return their paths.

    The .json of the last run says what changed since. Raises BadInput where the folder cannot be written.
    """
    summary = current_summary(condition, own)
    names = tuple(f"evidence_{condition}.{ending}" for ending in ("html", "json", "pdf"))
    content = evidence_content(summary, own, _last_run(folder / names[1]))
    pictures = evidence_pictures(summary)

    def write_all(room: Path) -> None:
        (room / names[0]).write_text(_page(content, pictures), encoding="utf-8", newline="\n")
        write_json(content, room / names[1])
        if importlib.util.find_spec("typst") is not None:
            (room / names[2]).write_bytes(_pdf(content, pictures, room))

    publish_files(write_all, folder, names)
    return tuple(folder / name for name in names if (folder / name).exists())


def _last_run(file: Path) -> dict[str, object]:
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError):
        # No earlier run, or one that somebody cut short by hand: this one counts as the first.
        return {}
    return found if isinstance(found, dict) else {}


def _page(content: EvidenceContent, pictures: dict[str, str]) -> str:
    page = page_environment().get_template("evidence.html")
    return page.render(report=content, pictures=pictures, captions=_CAPTIONS, domains=tuple(DOMAINS))


def _pdf(content: EvidenceContent, pictures: dict[str, str], room: Path) -> bytes:
    """The PDF; the pictures lie beside the template while it is made."""
    for name, picture in pictures.items():
        (room / f"{name}.svg").write_text(picture.replace("currentColor", "#1d2733"), encoding="utf-8")
    with resources.as_file(resources.files("openpbm.report") / "templates" / "evidence.typ") as template:
        shutil.copyfile(template, room / "evidence.typ")
    shown = [{"file": f"{name}.svg", "caption": _CAPTIONS[name], "width": _WIDTHS.get(name, 62)} for name in pictures]
    return compile_pdf(room / "evidence.typ", {**content, "pictures": shown, "domains": list(DOMAINS)})
