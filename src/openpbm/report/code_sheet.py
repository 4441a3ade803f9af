"""The two sheets of a masked lamp: what the person does in each period, and what the keeper of the lamp does."""

from __future__ import annotations

import json
from pathlib import Path

from openpbm.facts.notice import NOTICE
from openpbm.report.page import page_environment
from openpbm.report.publish import publish_files
from openpbm.single_case import CodeSheet, Masking, MaskMethod

__all__ = ["masking_toml", "render_keeper_sheet", "render_person_sheet", "write_code_sheet"]

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


def write_code_sheet(folder: Path, sheet: CodeSheet, masking: Masking) -> None:
    """Write both sheets, and masking.toml for the course folder; raises BadInput where the folder cannot be written."""
    texts = {
        "person_sheet.html": render_person_sheet(sheet),
        "keeper_sheet.html": render_keeper_sheet(sheet),
        "masking.toml": masking_toml(masking),
    }

    def write_all(room: Path) -> None:
        for name, text in texts.items():
            (room / name).write_text(text, encoding="utf-8", newline="\n")

    publish_files(write_all, folder, tuple(texts))


def masking_toml(masking: Masking) -> str:
    """The content of masking.toml in a course folder."""
    # A string of JSON is one of TOML.
    lines = [
        f'method = "{masking.method}"',
        f"keeper = {json.dumps(masking.keeper, ensure_ascii=False)}",
        f'looks_alike = "{masking.looks_alike}"',
        f'feels_alike = "{masking.feels_alike}"',
    ]
    if masking.checked_on is not None:
        lines.append(f"checked_on = {masking.checked_on}")
    return "\n".join(lines) + "\n"


def _render(sheet: CodeSheet, *, for_keeper: bool) -> str:
    page = page_environment().get_template("code_sheet.html")
    return page.render(sheet=sheet, for_keeper=for_keeper, method=_METHODS[sheet.method], notice=NOTICE)
