"""Two versions of a plan side by side, what differs first: on the page that compares and before a release."""

from __future__ import annotations

from dataclasses import dataclass

from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.workbench import compared_on_page
from openpbm.planning import PlanDifference, compare_plans

__all__ = ["SideBySide", "side_by_side"]

# Two doses of the same light differ by their last figure; nobody would call that another plan.
_SAME = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    """changed, same : the rows that differ, and the others · first, second : the versions"""

    first: PlanRow
    second: PlanRow
    changed: tuple[PlanDifference, ...]
    same: tuple[PlanDifference, ...]


def side_by_side(first: PlanRow, second: PlanRow) -> SideBySide:
    """Every figure of both: minutes, distance, sessions, dose, limits, reasons and cautions."""
    names = (first.lamp_names, second.lamp_names)
    rows = compare_plans(first.core, second.core)
    shown = [(compared_on_page(row, names), _differs(row, names)) for row in rows]
    return SideBySide(
        first=first,
        second=second,
        changed=tuple(row for row, differs in shown if differs),
        same=tuple(row for row, differs in shown if not differs),
    )


def _differs(row: PlanDifference, names: tuple[str, str]) -> bool:
    if row.name == "lamp":
        return names[0] != names[1]
    if row.ratio is not None:
        return abs(row.ratio - 1.0) > _SAME
    return row.first != row.second
