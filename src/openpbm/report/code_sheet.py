"""The two sheets of a masked lamp: what the person does in each period, and what the keeper of the lamp does."""

from __future__ import annotations

from openpbm.facts.notice import NOTICE
from openpbm.report.page import page_environment
from openpbm.single_case import CodeSheet, MaskMethod

__all__ = ["render_keeper_sheet", "render_person_sheet"]

_METHODS: dict[MaskMethod, str] = {
    "two_settings": "two settings of the lamp that look alike",
    "filters": "filters that the keeper changes",
    "phone_code": "a code typed into the lamp",
}


def render_person_sheet(sheet: CodeSheet) -> str:
    """What the person is told of each period, as HTML to print: nothing on it depends on which period gives light.

    With two settings the person sees which periods are alike, and not which of the two gives light.
    """
    return _render(sheet, for_keeper=False)


def render_keeper_sheet(sheet: CodeSheet) -> str:
    """What the keeper does, period by period, as HTML to print: it gives the order away."""
    return _render(sheet, for_keeper=True)


def _render(sheet: CodeSheet, *, for_keeper: bool) -> str:
    page = page_environment().get_template("code_sheet.html")
    return page.render(sheet=sheet, for_keeper=for_keeper, method=_METHODS[sheet.method], notice=NOTICE)
