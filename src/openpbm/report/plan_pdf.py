"""A plan on paper: one PDF that a screen reader can read, from the same plan document as the page."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

from openpbm.errors import BadInput, Problem
from openpbm.planning import Plan
from openpbm.report.clinical_report import remedy_in_words
from openpbm.report.publish import draw_pictures
from openpbm.report.typst_pdf import compile_pdf
from openpbm.wording import (
    gap_in_words,
    in_words,
    minutes_in_words,
    place_in_words,
    quantity,
    unit_in_words,
    verdict_words,
)

__all__ = ["check_pdf", "write_plan_pdf"]

_COLOURS = {"allowed": "#1d6b3a"}
_WARNING = "#a1191d"
# Width on the page [%], and what stands below.
_PICTURES = {
    "dose_depth.png": (78, "Fluence of one session against depth. Shading: p5 to p95; line: middle case."),
    "dose_volume.png": (70, "How much of the target receives at least how much in one session."),
    "irradiance_map.png": (58, "Irradiance at the skin at the stated output. The frame is the site."),
    "calendar.png": (70, "The sessions of the course and its checkpoints."),
}


def check_pdf(path: Path) -> None:
    """BadInput where no PDF can be made here or none can be written there, before any light is computed."""
    if importlib.util.find_spec("typst") is None:
        remedy = "install it (pip install 'openpbm[care]'), or leave --pdf out"
        raise BadInput(Problem(key=f"--pdf {path}", message="needs typst, which is not installed", remedy=remedy))
    if path.is_dir() or not path.parent.is_dir():
        message = "is a folder" if path.is_dir() else f"{path.parent} is no folder"
        raise BadInput(Problem(key=f"--pdf {path}", message=message, remedy="name a file in a folder that is there"))


def write_plan_pdf(plan: Plan, path: Path) -> None:
    """Write the plan as a PDF (PDF/UA-1) to `path`, whole or not at all; the same plan gives the same bytes.

    Raises BadInput where it cannot be written.
    """
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".openpbm-") as folder:
            room = Path(folder)
            drawn = [picture.name for picture in draw_pictures(plan, room)]
            with resources.as_file(resources.files("openpbm.report") / "templates" / "plan.typ") as template:
                shutil.copyfile(template, room / "plan.typ")
            (room / "plan.pdf").write_bytes(compile_pdf(room / "plan.typ", _content(plan, drawn)))
            (room / "plan.pdf").replace(path)
    except OSError as error:
        raise BadInput(
            Problem(key=f"--pdf {path}", message=f"cannot be written ({error.strerror})", remedy="name another file")
        ) from error


def _content(plan: Plan, drawn: list[str]) -> dict[str, Any]:
    """What the template shows, as JSON values; everything in words of the page."""
    words = verdict_words(plan.verdict)
    return {
        "title": f"{plan.condition.plain_name}: plan of light",
        "verdict": f"{words.sign} {words.title}.",
        "verdict_note": f"{words.meaning} {words.next_step}",
        "colour": _COLOURS.get(plan.verdict, _WARNING),
        "reasons": [f"{reason.message} {remedy_in_words(reason)}".rstrip() for reason in plan.reasons],
        "facts": _facts(plan),
        "dose": [
            [in_words(row.structure), quantity(row.depth_mm), _band(row.fluence_j_cm2)]
            for row in plan.dose
            if row.wavelength_nm is None
        ],
        "quality": _quality(plan),
        "cautions": [caution.text for caution in plan.cautions],
        "pictures": [
            {"file": name, "width": width, "caption": caption, "alt": caption}
            for name, (width, caption) in _PICTURES.items()
            if name in drawn
        ],
        "notice": plan.notice,
        "provenance": "p5 to p95: nine in ten of what tissue, lamp and placement may be." + _made_by(plan),
    }


def _made_by(plan: Plan) -> str:
    if plan.provenance is None:
        return ""
    return f" Made by OpenPBM {plan.provenance.openpbm}."


def _band(band: Any) -> str:
    return f"{quantity(band.median)} ({quantity(band.p5)} to {quantity(band.p95)})"


def _facts(plan: Plan) -> list[list[str]]:
    places = ", ".join(dict.fromkeys(place_in_words(site.site, site.side) for site in plan.sites))
    rows = [["Places", places], ["Lamp", plan.lamp.name], ["Distance", gap_in_words(plan.placement.distance_mm)]]
    if plan.evidence.advised:
        rows.append(["Doses advised", " ".join(row.text for row in plan.evidence.advised)])
    if plan.schedule is None:
        return rows
    schedule = plan.schedule
    rows += [
        ["Light at one place", f"{minutes_in_words(schedule.minutes_per_session)} in a session"],
        [
            "Sessions",
            f"{schedule.sessions_per_week} a week for {schedule.weeks} weeks, {len(schedule.sessions)} in all",
        ],
        ["In one session", f"{minutes_in_words(schedule.total_minutes_per_session)} over all places"],
    ]
    if plan.eye is not None:
        rows.append(["Eyewear", "needed by everybody in the room" if plan.eye.eyewear_needed else "not needed"])
    return rows


def _quality(plan: Plan) -> list[list[str]]:
    if plan.choice is None:
        return []
    bounds: dict[str, Callable[[str], str]] = {"goal": "at least {}".format, "limit": "at most {}".format}
    return [
        [
            row.name if row.kept else f"{row.name} (missed)",
            quantity(row.value, 4),
            bounds[row.kind](quantity(row.limit, 4)),
            quantity(row.margin, 3),
            unit_in_words(row.unit),
        ]
        for row in plan.choice.quality
    ]
