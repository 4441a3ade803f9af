"""Checks that minutes, sessions a week and weeks asked for on the command line reach the plan or end in one line."""

from __future__ import annotations

import functools
import json
import sys
from pathlib import Path

import pytest
from cases import write_case

import openpbm.planning
from openpbm.cli import main
from openpbm.planning import Quality


def run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str, str]:
    """`openpbm plan` on the sound case, with little light and none of the user's kept light."""
    quick = functools.partial(openpbm.planning.make_plan, quality=Quality(scenarios=4))
    monkeypatch.setattr(openpbm.planning, "make_plan", quick)
    monkeypatch.setattr(sys, "argv", ["openpbm", "plan", str(write_case(folder)), "--json", *words])
    with pytest.raises(SystemExit) as left:
        main()
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err


def test_what_is_asked_for_is_planned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--minutes", "22.5", "--per-week", "4", "--weeks", "5")
    status, out, _ = run(tmp_path, monkeypatch, capsys, *words)
    made = json.loads(out)
    assert status == 0
    assert made["overrides"] == {"minutes": 22.5, "sessions_per_week": 4, "weeks": 5}
    assert len(made["schedule"]["sessions"]) == 20


def test_too_many_minutes_are_refused_not_shortened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run(tmp_path, monkeypatch, capsys, "--minutes", "45")
    made = json.loads(out)
    assert (status, made["verdict"], made["session_minutes"]) == (3, "refused", 45.0)


def test_all_that_cannot_be_is_said_before_any_light(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(tmp_path, monkeypatch, capsys, "--minutes", "0", "--per-week", "9")
    assert (status, out) == (2, "")
    assert "overrides.minutes = 0" in err
    assert "overrides.sessions_per_week = 9" in err
    assert len(err.splitlines()) == 2


def test_the_schema_of_a_plan_is_printed_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["openpbm", "plan", "--schema"])
    with pytest.raises(SystemExit) as left:
        main()
    assert (left.value.code or 0) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "plan.json of OpenPBM, format 2"
