"""`openpbm diary` as a person meets it: what is said, what is written, and how it ends."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from openpbm.cli import main
from openpbm.planning import transcribe_plan

PLAN = transcribe_plan(
    condition_id="rls_primary",
    days=[dt.date(2026, 12, 1)],
    start_time=dt.time(19, 40),
    minutes=26.0,
    sessions_per_week=1,
    weeks=1,
)
PAPER = (
    "No.,Date,Time,Done,Worst,Sleep,Skin,Notes\n1,Tue 1 Dec 2026,19:40,26,6,7.5,none,\n2,Thu 3 Dec 2026,19:40,,,,,\n"
)


@pytest.fixture
def diary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs `openpbm diary ...` in an empty folder; gives "status|standard output|standard error"."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["openpbm", "diary", *words])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return f"{left.value.code or 0}|{said.out}|{said.err}"

    return run


def test_from_an_empty_folder_to_a_diary_taken_back(diary: Callable[..., str], tmp_path: Path) -> None:
    assert "made sessions.csv, diary.csv" in diary("course", "--blank")
    (tmp_path / "course" / "plan.json").write_text(PLAN.to_json(), encoding="utf-8")
    (tmp_path / "paper.csv").write_text(PAPER, encoding="utf-8")
    told = diary("course", "paper.csv", "--entered", "2026-12-04T09:00")
    assert told == (
        "0|course: taken 1 of sessions.csv and 1 of diary.csv; there already 0; blank on paper, so not known: 1\n|"
    )
    day = (tmp_path / "course" / "diary.csv").read_text(encoding="utf-8").splitlines()[1]
    assert day == "2026-12-01,2026-12-04T09:00,6,,450,,"
    again = diary("course", "paper.csv")
    assert "diary.csv: 2026-12-01 is there already" in again
    assert "taken 0 of sessions.csv and 0 of diary.csv; there already 2" in again
    assert diary("course", "--blank") == "0|course: every file is there; nothing was changed\n|"


def test_a_daily_sheet_tells_of_days_without_light_and_what_the_skin_showed(
    diary: Callable[..., str], tmp_path: Path
) -> None:
    diary("course", "--blank")
    (tmp_path / "course" / "plan.json").write_text(PLAN.to_json(), encoding="utf-8")
    (tmp_path / "paper.csv").write_text(
        "No.,Date,Session (time planned),Done,Worst,Began at,Sleep,Bother,Skin,Notes\n"
        ",Mon 30 Nov 2026,,,7,22:00,6,5,,\n1,Tue 1 Dec 2026,19:40,26,6,21:30,7,4,none,\n"
        ",Wed 2 Dec 2026,,,5,,7,3,red,\n",
        encoding="utf-8",
    )
    status, out, _error = diary("course", "paper.csv").split("|")
    assert status == "0"
    assert "line 4: redness on a day without light; written to events.csv" in out
    assert "taken 1 of sessions.csv and 3 of diary.csv, 1 of events.csv; there already 0" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("course",), "no paper is given"),
        (("course", "paper.csv", "--blank"), "takes no paper"),
        (("nowhere", "paper.csv"), "not a folder"),
        (("course", "paper.csv", "--entered", "today"), "--entered today: not a date and time"),
        (("course", "paper.csv"), "plan.json: not in course"),
    ],
)
def test_bad_words_end_in_one_plain_line(
    diary: Callable[..., str], tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    (tmp_path / "course").mkdir()
    status, out, error = diary(*words).split("|")
    assert (status, out, error.count("\n")) == ("2", "", 1)
    assert told in error
