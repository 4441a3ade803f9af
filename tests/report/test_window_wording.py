"""A share read as 0.437 of a cent, and a window wide enough for every lamp sold passed for a test of this one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openpbm import report
from openpbm.care.plans.workbench import Tried, dose_table
from openpbm.cli.plan import print_plan
from openpbm.planning import load_plan
from openpbm.report.clinical_report import wide_windows_in_words

WIDE = (
    "“As in the trials” is 100-fold wide at the gastrocnemius, from 0.05 to 5 J/cm²:"
    " it cannot tell one lamp from another."
)


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def wide(allowed: dict[str, Any]) -> dict[str, Any]:
    allowed["prescription"]["window"][0]["fluence_j_cm2"] = [0.05, 5.0]
    return allowed


def test_report_terminal_and_workbench_say_the_share_with_its_error_in_whole_per_cent(
    allowed: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = load_plan(allowed)
    report.write(plan, tmp_path)
    print_plan(plan, None)
    page, printed = (tmp_path / "report.html").read_text(encoding="utf-8"), one_line(capsys.readouterr().out)
    for text in (page, printed):
        assert "72 % (± 2)" in text
        assert "± is one standard error" in text
        assert "cannot tell one lamp" not in text
    assert [row["share"] for row in dose_table(plan, Tried())] == ["72 % (± 2)"]


def test_report_and_terminal_say_that_a_wide_window_tells_no_lamps_apart(
    wide: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = load_plan(wide)
    report.write(plan, tmp_path)
    print_plan(plan, None)
    assert wide_windows_in_words(plan) == [WIDE]
    assert WIDE in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert WIDE in one_line(capsys.readouterr().out)


def test_a_refusal_knows_the_window_of_its_targets_alone_and_says_the_same(referred: dict[str, Any]) -> None:
    referred["curves"][0]["window_j_cm2"] = [0.05, 5.0]
    assert wide_windows_in_words(load_plan(referred)) == [WIDE]


def test_both_sides_of_a_site_are_said_once(wide: dict[str, Any]) -> None:
    window = wide["prescription"]["window"][0]
    wide["prescription"]["window"] = [{**window, "side": "left"}, {**window, "side": "right"}]
    wide["curves"] = []
    assert wide_windows_in_words(load_plan(wide)) == [WIDE]
