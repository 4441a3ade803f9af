"""The report: one page for patient and clinician, verdict first, every reason with its source and what helps.

Some of its words, as how wide a window is, stand in pictures, terminal and workbench alike.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from openpbm.facts.benefits import HOPES, benefits
from openpbm.planning import Plan
from openpbm.planning.document.choice import Choice, ChoiceRow, Measurement
from openpbm.planning.document.dose import Curve, DoseRow, Range, SpreadShares
from openpbm.planning.document.treatment import tells_lamps_apart, window_fold
from openpbm.planning.protocol_bounds import LOW_DOSE_TOLERANCE
from openpbm.reason import Level, Reason
from openpbm.report.page import WayBack, page_environment
from openpbm.wording import (
    MEASUREMENTS,
    UNKNOWNS,
    URGENCY,
    WHY_THESE_MINUTES,
    gaps_in_words,
    in_words,
    part_in_words,
    percent_in_words,
    place_in_words,
    quantity,
    setting_in_words,
    verdict_words,
)

__all__ = [
    "STANDARD_ERROR_WORDS",
    "WindowWords",
    "eye_seconds_in_words",
    "fold_in_words",
    "lamp_distances_mm",
    "measurements_in_words",
    "named_rows",
    "positions",
    "remedy_in_words",
    "render_report",
    "spread_parts",
    "wavelengths_in_words",
    "wide_windows_in_words",
]

ORIGINS = {
    "brief": "common use, not from a trial",
    "trial": "a trial",
    "guideline": "a guideline",
    "own": "the case itself",
}
OUTPUTS = {"claimed": "as its maker claims", "measured": "as measured"}
STATUSES = {"yes": "yes", "no": "no", "unknown": "not known"}
LONGEST_EYE_SECONDS = 30000.0

_SEEN_FIRST = "Be seen first. Plan again only when the clinician who saw you agrees."
_REMEDIES: dict[Level, str] = {
    "red_flag": _SEEN_FIRST,
    "refer_before": _SEEN_FIRST,
    "relative": "A clinician may release this rule by name, and signs for it.",
    "ask": "Answer it, and make the plan again.",
    "absolute": "Nothing while this is true. Plan again if it changes, or with another site or lamp.",
}
#: What stands once below every table of shares with their error.
STANDARD_ERROR_WORDS = (
    "± is one standard error, in per cent: how far another draw of the cases may move the share."
    " What the model itself gets wrong is not in it."
)


def render_report(plan: Plan, pictures: Mapping[str, str], *, way_back: WayBack | None = None) -> str:
    """Render the report of `plan` as one HTML page.

    pictures : name of each picture that was drawn to its address as the page asks for it
    way_back : where an application that shows it leads back to
    """
    windows = _windows(plan)
    return (
        page_environment()
        .get_template("report.html")
        .render(
            plan=plan,
            way_back=way_back,
            words=verdict_words(plan.verdict),
            allowed=plan.verdict == "allowed",
            schedule=plan.schedule,
            pictures=pictures,
            # The same site may be treated under two targets: it is named once.
            places=list(dict.fromkeys(place_in_words(site.site, site.side) for site in plan.sites)),
            many_places=len({(row.site, row.side) for row in plan.dose}) > 1,
            positions=positions(plan),
            distance=gaps_in_words(lamp_distances_mm(plan)),
            windows=windows,
            wide_windows=wide_windows_in_words(plan),
            standard_error_words=STANDARD_ERROR_WORDS,
            targets=_targets_in_words(plan),
            under_by_less=_is_just_under(plan),
            remedy=remedy_in_words,
            wavelengths=wavelengths_in_words(plan),
            eye_seconds=eye_seconds_in_words(plan),
            eye_distance=_eye_distance(plan),
            urgency=URGENCY,
            choice_rows=() if plan.choice is None else named_rows(plan.choice),
            setting_words=setting_in_words,
            why_these_minutes=WHY_THESE_MINUTES,
            unknowns=UNKNOWNS,
            hopes=[(HOPES[row.hope], row) for row in benefits if row.programme == plan.condition.programme],
            measurements=measurements_in_words(plan),
            origins=ORIGINS,
            outputs=OUTPUTS,
            statuses=STATUSES,
            provenance=_provenance(plan),
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowWords:
    """The derived window at one structure: its fluence [J/cm2], and how it was derived, as a sentence."""

    place: tuple[str, str, str]
    fluence_j_cm2: Range
    basis: str

    @property
    def structure(self) -> str:
        """The structure that the window is for."""
        return self.place[2]


def named_rows(choice: Choice) -> tuple[tuple[str, ChoiceRow], ...]:
    """The chosen session, those beside it, and what would be chosen without each limit that decides."""
    beside = {"shorter": choice.shorter, "chosen": choice.chosen, "longer": choice.longer, "best share": choice.best}
    without = {f"without limit {number}": bound.without for number, bound in enumerate(choice.binds, 1)}
    return tuple((name, row) for name, row in (beside | without).items() if row is not None)


def _windows(plan: Plan) -> list[WindowWords]:
    """The derived windows: the prescription's, else those the curves carry, since a refusal has no prescription."""
    if plan.prescription is not None and plan.prescription.window:
        return [
            WindowWords(
                place=window.place,
                fluence_j_cm2=window.fluence_j_cm2,
                basis=f"{window.basis}.",
            )
            for window in plan.prescription.window
        ]
    return [window for curve in plan.curves if (window := _window_of_curve(curve)) is not None]


def _window_of_curve(curve: Curve) -> WindowWords | None:
    if curve.window_j_cm2 is None:
        return None
    # A curve keeps the window without the words for how it was derived.
    return WindowWords(
        place=curve.place, fluence_j_cm2=curve.window_j_cm2, basis="No trial reports a dose at this depth."
    )


def _targets_in_words(plan: Plan) -> list[str]:
    """What the picture says about each target: what reaches it, and where its spread comes from."""
    aimed = {curve.place for curve in plan.curves}
    return [_target_in_words(plan, row) for row in plan.dose if row.wavelength_nm is None and row.place in aimed]


def _target_in_words(plan: Plan, row: DoseRow) -> str:
    dose, at_skin = row.fluence_j_cm2, None if plan.skin is None else plan.skin.fluence_j_cm2
    words = f"{quantity(dose.median)} J/cm² reach the {in_words(row.structure)}"
    if at_skin:
        words += f", {part_in_words(dose.median / at_skin)} of the dose at the skin"
    if row.spread is not None:
        spread = f"{quantity(dose.p5)} to {quantity(dose.p95)} J/cm²"
        words += f"; its p5 to p95, {spread}, comes from {_spread_in_words(row.spread)}"
    return f"{words}."


def _is_just_under(plan: Plan) -> bool:
    """Whether the planned dose lies under the protocol's lowest, by so little that it counts as inside."""
    dose = None if plan.prescription is None else plan.prescription.skin_fluence_j_cm2
    if dose is None or dose.range is None:
        return False
    held = dose.planned if dose.in_band is None else dose.in_band
    return held < dose.range[0] <= held * LOW_DOSE_TOLERANCE


def positions(plan: Plan) -> int:
    """How often the lamp is set down in one session."""
    return 1 if plan.schedule is None else plan.schedule.positions_per_session


def lamp_distances_mm(plan: Plan) -> tuple[float | None, ...]:
    """Of each lamp of a session, in their order [mm]."""
    return tuple(lamp.distance_mm for lamp in plan.placement.lamps) or (plan.placement.distance_mm,)


def remedy_in_words(reason: Reason) -> str:
    """What would change this reason, by its kind and level; what the rule itself advises stands beside its message."""
    if reason.kind == "reach":
        return "Change the lamp, the placement or the target, and plan again."
    return _REMEDIES.get(reason.level, "Talk to your clinician.")


def wavelengths_in_words(plan: Plan) -> str:
    """The lamp's wavelengths, joined: "660 and 850 nm"."""
    *others, last = [quantity(value, 4) for value in plan.lamp.wavelengths_nm] or [""]
    if not last:
        return ""
    return f"{', '.join(others)} and {last} nm" if others else f"{last} nm"


def eye_seconds_in_words(plan: Plan) -> str:
    """How long an unprotected eye may look into the lamp [s], in words that keep the limit's own ceiling."""
    if plan.eye is None:
        return "an unknown time"
    seconds = plan.eye.seconds_without_eyewear
    # The limit is not defined beyond this, so that no longer time may be named.
    if seconds >= LONGEST_EYE_SECONDS:
        return "more than 30000 seconds, the longest time the limit is defined for"
    return "less than a second" if seconds < 1.0 else f"{quantity(seconds, 3)} seconds"


def _eye_distance(plan: Plan) -> str:
    if plan.eye is None:
        return "the treatment distance"
    return f"{quantity(plan.eye.distance_mm / 10.0, 3)} cm"


def _provenance(plan: Plan) -> dict[str, object]:
    """What the plan was made with, by name; nothing for a plan that was written down from a publication."""
    return {} if plan.provenance is None else asdict(plan.provenance)


def wide_windows_in_words(plan: Plan) -> list[str]:
    """One sentence for each structure whose window is too wide to tell one lamp from another."""
    sentences = (
        f"“As in the trials” is {fold_in_words(window)} wide at the {in_words(structure)},"
        f" from {quantity(window[0])} to {quantity(window[1])} J/cm²: it cannot tell one lamp from another."
        for (_site, _side, structure), window in plan.windows.items()
        if not tells_lamps_apart(window)
    )
    # Left and right of a site have the same window.
    return list(dict.fromkeys(sentences))


def fold_in_words(window_j_cm2: Range) -> str:
    """How many times its low edge a window's high one is.

    >>> fold_in_words((0.036, 1.6)), fold_in_words((0.0, 1.6))
    ('44-fold', 'without measure')
    """
    fold = window_fold(window_j_cm2)
    return f"{quantity(fold)}-fold" if math.isfinite(fold) else "without measure"


def measurements_in_words(plan: Plan) -> list[str]:
    """What each measurement more would bring, in a sentence; the share of cases beside an allowed plan alone."""
    if plan.choice is None:
        return []
    # Measured, the best minutes are taken, and so they are held against those that are best as it is.
    best = plan.choice.best if plan.verdict == "allowed" else None
    now = None if best is None else best.chance_in_window
    return [_measurement_in_words(one, now) for one in plan.choice.measurements]


def _measurement_in_words(measurement: Measurement, now: float | None) -> str:
    words = MEASUREMENTS[measurement.measured]
    said = f"{words[:1].upper()}{words[1:]} would bring p95 to {quantity(measurement.fold_if_measured, 2)} times p5"
    if measurement.chance_if_measured is None or now is None:
        return f"{said}."
    inside, without = percent_in_words(measurement.chance_if_measured), percent_in_words(now)
    if inside == without:
        return f"{said}, and no more cases inside."
    return f"{said}, and at best {inside} of cases inside in place of {without}."


def spread_parts(spread: SpreadShares) -> dict[str, float]:
    """Each part of where p5 to p95 comes from, by its name in words [-]."""
    return {
        "optics of the tissue": spread.optics,
        "fat and depth": spread.anatomy,
        "output of the lamp": spread.lamp,
        "placement": spread.placement,
    }


def _spread_in_words(spread: SpreadShares) -> str:
    """Where p5 to p95 comes from, as a list.

    >>> _spread_in_words(SpreadShares(optics=0.57, anatomy=0.25, lamp=0.17, placement=0.01))
    'optics of the tissue 57 %, fat and depth 25 %, output of the lamp 17 %, placement 1 %'
    """
    return ", ".join(f"{name} {percent_in_words(share)}" for name, share in spread_parts(spread).items())
