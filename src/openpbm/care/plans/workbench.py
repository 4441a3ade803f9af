"""A stored plan as the workbench shows it: doses, limits and the curve against depth, in rows ready to print."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.what_if import LightChoice, what_if
from openpbm.errors import BadInput
from openpbm.planning import Plan, PlanDifference, RescaledPlan, WhatIf, rescale
from openpbm.planning.document import DoseRow
from openpbm.reason import Reason
from openpbm.report.clinical_report import named_rows
from openpbm.wording import in_words, place_in_words, share_in_words, unit_in_words

__all__ = [
    "LimitRow", "Tried", "compared_on_page", "dose_table", "limit_rows", "session_rows", "tried_out",
    "unit_beside", "warmth_of",
]  # fmt: skip

_LIMITS = {
    "skin_irradiance_limit": "Light on the skin, over its exposure limit",
    "irradiance_outside_protocol": "Irradiance at the skin, against the protocol",
    "no_dose_within_limits": "Dose of the protocol’s shortest session, against its highest",
    "override_minutes_above_protocol": "Minutes, against the protocol’s longest",
    "override_minutes_below_protocol": "Minutes, against the protocol’s shortest",
    "override_minutes_above_conservative_start": "Minutes, against the conservative start",
    "override_skin_dose_above_protocol": "Dose at the skin, against the protocol’s highest",
    "override_skin_dose_below_protocol": "Dose at the skin, the protocol’s lowest less 5 % (no lamp is known better)",
    "override_point_energy_above_protocol": "Energy on a point, against the protocol’s highest",
    "override_point_energy_below_protocol": "Energy on a point, against the protocol’s lowest",
    "override_sessions_above_protocol": "Sessions a week, against the protocol’s most",
    "override_sessions_below_protocol": "Sessions a week, against the protocol’s fewest",
    "override_weeks_above_protocol": "Weeks, against the protocol’s longest course",
    "override_weeks_below_protocol": "Weeks, against the protocol’s shortest course",
    "skin_warmth": "Light on the skin, at the upper bound of the output; above it the skin may feel warm",
    "skin_too_warm": "Skin of one person in twenty, against the warmest it may get",
    "skin_too_warm_insensate": "Skin of one person in twenty, against the warmest it may get where it feels no heat",
    "skin_too_warm_left_on": "The same where nobody switches the lamp off",
    "lamp_not_eye_safe": "How long bare eyes may look, least for a lamp used alone",
    "contact_lamp_held_off": "Distance of a lamp that is made to lie on the skin",
    "eyewear": "Length of the session, against how long bare eyes may look",
    "reach": "Share of computed cases as in the trials, least for a plan",
    "reach_uncertain": "Share of computed cases as in the trials, below which it is doubtful",
}
# Shares of the cases, which every other page gives in per cent.
_SHARES = ("reach", "reach_uncertain")


def compared_on_page(row: PlanDifference, names: tuple[str, str]) -> PlanDifference:
    """A row of two plans side by side: lamps by their names, shares in per cent, distances in cm, units once."""
    if row.name == "lamp":
        return dataclasses.replace(row, first=names[0], second=names[1])
    if row.unit == "1":
        return _in_percent(row)
    if row.unit == "mm" and row.difference is not None:
        first, second = (float(value) / 10.0 for value in (row.first, row.second) if isinstance(value, int | float))
        row = dataclasses.replace(row, unit="cm", first=first, second=second, difference=second - first)
    return dataclasses.replace(row, unit=unit_beside(row.name, row.unit))


def _in_percent(row: PlanDifference) -> PlanDifference:
    first, second = (
        round(100.0 * value) if isinstance(value, int | float) else value for value in (row.first, row.second)
    )
    apart = second - first if isinstance(first, int) and isinstance(second, int) else None
    return dataclasses.replace(row, unit="%", first=first, second=second, difference=apart, ratio=None)


def unit_beside(name: str, unit: str) -> str:
    """The unit of a figure, for beside its name; nothing where the name says it.

    >>> unit_beside("weeks", "weeks"), unit_beside("irradiance at the skin", "mW/cm2")
    ('', 'mW/cm²')
    """
    words = unit_in_words(unit)
    return "" if words in name.split() else words


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A plan at other values: its numbers, or None and why they cannot be computed.

    light : where it needed light beside the plan's own
    """

    numbers: RescaledPlan | None = None
    problems: tuple[str, ...] = ()
    light: WhatIf | None = None

    @property
    def new_reasons(self) -> tuple[Reason, ...]:
        """What the rules say of another skin or place, and did not say of the plan."""
        return () if self.light is None else self.light.reasons


def tried_out(row: PlanRow, choice: LightChoice, **changes: Any) -> Tried:
    """The plan at other minutes, sessions or output, and where chosen at another distance or in other tissues."""
    given = {key: value for key, value in changes.items() if value is not None}
    try:
        if not choice.any:
            return Tried(numbers=rescale(row.core, **given))
        light = what_if(row, choice, **given)
    except BadInput as error:
        return Tried(problems=tuple(problem.on_page or str(problem) for problem in error.problems))
    return Tried(numbers=light.numbers, light=light)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow:
    """One number held against its limit, with what both are about and their unit as the page shows them."""

    label: str
    unit: str
    reason: Reason

    @property
    def left(self) -> float | None:
        """What is left to the limit, in its unit; below 0 where it is not kept."""
        value, limit = self.reason.value, self.reason.limit
        if not isinstance(value, int | float) or not isinstance(limit, int | float):
            return None
        return abs(limit - value) if self.reason.passed else -abs(limit - value)


def limit_rows(found: RescaledPlan) -> list[LimitRow]:
    """Every limit of a rescaled plan, in words."""
    rows = [_limit_row(limit) for part in (found.skin, found.eye, found.course) for limit in part.limits]
    for target in found.targets:
        rows += [_limit_row(limit, f": {in_words(target.structure)}") for limit in target.limits]
    return rows


def _limit_row(limit: Reason, about: str = "") -> LimitRow:
    label = _LIMITS.get(limit.rule, in_words(limit.rule.removeprefix("override_")).capitalize())
    unit = limit.unit or ""
    if unit == "mm" and isinstance(limit.value, int | float) and isinstance(limit.limit, int | float):
        # The limits in mm are distances of the lamp, which people measure with a ruler.
        unit, limit = "cm", dataclasses.replace(limit, value=limit.value / 10.0, limit=limit.limit / 10.0)
    if limit.rule in _SHARES and isinstance(limit.value, int | float) and isinstance(limit.limit, int | float):
        unit, limit = "%", dataclasses.replace(limit, value=100.0 * limit.value, limit=100.0 * limit.limit)
    return LimitRow(label=f"{label}{about}", unit=unit_in_words(unit), reason=limit)


def warmth_of(limits: Iterable[LimitRow]) -> Reason | None:
    """The warmest skin held against its limit; None where no session is known."""
    return next((row.reason for row in limits if row.reason.rule.startswith("skin_too_warm")), None)


def session_rows(plan: Plan) -> list[dict[str, Any]]:
    """The sessions that stood to choose from, each with the limits it breaks in words; empty of a plan without."""
    if plan.choice is None:
        return []
    names = {limit.rule: limit.name for limit in plan.choice.quality}
    return [
        {"name": name, "row": row, "breaks": [names.get(rule, in_words(rule)) for rule in row.breaks]}
        for name, row in named_rows(plan.choice)
    ]


def dose_table(plan: Plan, tried: Tried) -> list[dict[str, Any]]:
    """Dose at every structure, all wavelengths together, with the derived window where there is one."""
    dose = plan.dose if tried.numbers is None else tried.numbers.dose
    windows = plan.windows if tried.light is None else tried.light.windows
    planned = {row.place: row.fluence_j_cm2.median for row in plan.dose if row.wavelength_nm is None}
    return [
        {
            "place": place_in_words(row.site, row.side),
            "structure": in_words(row.structure),
            "depth_mm": row.depth_mm,
            "dose": row.fluence_j_cm2,
            "window": windows.get(row.place),
            "planned": planned.get(row.place),
            "share": _share_in_words(plan, row),
        }
        for row in dose
        if row.wavelength_nm is None
    ]


def _share_in_words(plan: Plan, row: DoseRow) -> str | None:
    share = plan.share_as_in_trials(row)
    return None if share is None else share_in_words(share, row.chance_standard_error)
