"""Blinded courses of one person: sealed, masked, guessed, and worth no more than all three together."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from openpbm.cli import main

DRAW = "design --kind blocks --first-day 2026-12-01 --today 2026-11-21 --pairs 6 --days-per-period 21 --json"
SHEET = "code-sheet design.json --method phone_code --keeper pharmacist --looks-alike yes --feels-alike yes"


@pytest.fixture
def said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Exit status and output of `openpbm single-case ...` in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["openpbm", "single-case", *words])
        with pytest.raises(SystemExit) as left:
            main()
        return int(left.value.code or 0), capsys.readouterr().out

    return run


def test_r_000_24_a_sham_is_specified_masked_and_can_be_checked_by_anybody(
    said: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    status, out = said(*DRAW.split(), "--half-life", "4")
    drawn = json.loads(out)
    assert status == 0
    assert drawn["power"]["power"] > 0.8
    status, out = said(*SHEET.split(), "--checked-on", "2026-11-25")
    assert (status, "Still open" in out) == (0, False)
    keeper, person = ((tmp_path / "code-sheet" / f"{who}_sheet.html").read_text() for who in ("keeper", "person"))
    assert keeper.count("gives no light.") == 6
    assert "gives no light." not in person
    status, out = said("verify", "design.json", "--commitment", drawn["commitment"], "--json")
    assert (status, json.loads(out)["verified"]) == (0, True)
