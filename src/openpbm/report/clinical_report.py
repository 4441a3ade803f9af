"""The report: one page for patient and clinician, verdict first, every reason with its source and its way out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpbm.report.page import page_environment
from openpbm.wording import URGENCY, gap_in_words, place_in_words, quantity, verdict_words

__all__ = [
    "basis_in_words",
    "distance_in_words",
    "eye_seconds_in_words",
    "positions",
    "render_report",
    "wavelengths_in_words",
    "way_out",
]

ORIGINS = {"brief": "common use, not from a trial", "trial": "a trial", "guideline": "a guideline"}
OUTPUTS = {"claimed": "claimed by its maker, not measured", "measured": "measured"}
STATUSES = {"yes": "yes", "no": "no", "unknown": "not known"}
LONGEST_EYE_SECONDS = 30000.0


def render_report(plan: Mapping[str, Any], pictures: frozenset[str]) -> str:
    """Render the report of `plan` as one HTML page; `pictures` are the file names that lie beside it."""
    allowed = plan["verdict"] == "allowed"
    windows = _windows(plan)
    return (
        page_environment()
        .get_template("report.html")
        .render(
            plan=plan,
            words=verdict_words(plan["verdict"]),
            allowed=allowed,
            # Minutes exist on paper only for an allowed plan, whatever else the plan carries.
            schedule=plan.get("schedule") if allowed else None,
            pictures=pictures if allowed else pictures - {"calendar.png"},
            places=list(
                dict.fromkeys(place_in_words(site["site"], site.get("side")) for site in plan.get("sites") or [])
            ),
            many_places=len({(row["site"], row.get("side")) for row in plan.get("dose") or []}) > 1,
            positions=positions(plan),
            distance=distance_in_words(plan),
            windows=windows,
            window_of=lambda row: _window_of(windows, row),
            basis=basis_in_words,
            way_out=way_out,
            wavelengths=wavelengths_in_words(plan),
            eye_seconds=eye_seconds_in_words(plan),
            eye_distance=_eye_distance(plan),
            urgency=URGENCY,
            origins=ORIGINS,
            outputs=OUTPUTS,
            statuses=STATUSES,
        )
    )


def _windows(plan: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The derived windows: the prescription's, else those the curves carry, since a refusal has no prescription."""
    prescribed = (plan.get("prescription") or {}).get("window")
    if prescribed:
        return list(prescribed)
    return [
        {**curve, "structure": curve["target"], "fluence_j_cm2": curve["window_j_cm2"]}
        for curve in plan.get("curves") or []
        if curve.get("window_j_cm2")
    ]


def basis_in_words(window: Mapping[str, Any]) -> str:
    """How a window was derived, closed by the sentence that it was never measured."""
    basis = str(window.get("basis") or "").removeprefix("derived: ").rstrip(".")
    told = "no trial" in basis.lower()
    return f"{basis}." if told else f"{basis}. No trial reports a dose at this depth.".removeprefix(". ")


def _window_of(windows: list[Mapping[str, Any]], row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    place = ("site", "side", "structure")
    return next((window for window in windows if all(window[key] == row[key] for key in place)), None)


def positions(plan: Mapping[str, Any]) -> int:
    """How often the lamp is set down in one session."""
    for part in (plan.get("schedule") or {}, plan.get("placement") or {}):
        if part.get("positions_per_session"):
            return int(part["positions_per_session"])
    return 1


def way_out(reason: Mapping[str, Any]) -> str:
    """What would change this reason, in plain words: the plan's own, else what its level allows."""
    if reason.get("release"):
        return f"{str(reason['release']).rstrip('.').capitalize()}."
    if reason.get("way_out"):
        return str(reason["way_out"])
    if reason.get("kind") == "reach":
        return "Change the lamp, the placement or the target, and plan again."
    by_level = {
        "red_flag": "Be seen first. Plan again only when the clinician who saw you agrees.",
        "refer_before": "Be seen first. Plan again only when the clinician who saw you agrees.",
        "relative": "A clinician may release this rule by name, and signs for it.",
        "ask": "Answer it, and make the plan again.",
        "absolute": "Nothing while this is true. Plan again if it changes, or with another site or lamp.",
    }
    return by_level.get(str(reason.get("level")), "Talk to your clinician.")


def distance_in_words(plan: Mapping[str, Any]) -> str:
    """Distance from lamp to skin in words [cm], or contact."""
    return gap_in_words((plan.get("placement") or {}).get("distance_mm"))


def wavelengths_in_words(plan: Mapping[str, Any]) -> str:
    """The lamp's wavelengths, joined: "660 and 850 nm"."""
    values = [quantity(value, 4) for value in (plan.get("lamp") or {}).get("wavelengths_nm") or []]
    if not values:
        return ""
    return f"{', '.join(values[:-1])} and {values[-1]} nm" if len(values) > 1 else f"{values[0]} nm"


def eye_seconds_in_words(plan: Mapping[str, Any]) -> str:
    """How long an unprotected eye may look into the lamp [s], in words that keep the limit's own ceiling."""
    seconds = (plan.get("eye") or {}).get("seconds_without_eyewear")
    if seconds is None:
        return "an unknown time"
    if float(seconds) >= LONGEST_EYE_SECONDS:
        return "more than 30000 seconds, the longest time the limit is defined for"
    return "less than a second" if float(seconds) < 1.0 else f"{quantity(seconds, 3)} seconds"


def _eye_distance(plan: Mapping[str, Any]) -> str:
    distance_mm = (plan.get("eye") or {}).get("distance_mm")
    return "the treatment distance" if distance_mm is None else f"{quantity(float(distance_mm) / 10.0, 3)} cm"
