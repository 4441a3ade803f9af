"""`openpbm checkpoint` and `openpbm case-report` as a person meets them: what is said, written, and how it ends."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from openpbm.cli import main

COURSES = Path(__file__).parents[2] / "examples" / "courses"
Answer = tuple[int, str, str]


@pytest.fixture
def openpbm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Answer]:
    """Runs `openpbm ...` beside copies of both example courses; gives status, standard output, standard error."""
    shutil.copytree(COURSES, tmp_path / "courses")
    monkeypatch.chdir(tmp_path / "courses")

    def run(*words: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["openpbm", *words])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return run


def test_json_alone_writes_nothing(openpbm: Callable[..., Answer]) -> None:
    status, out, err = openpbm("checkpoint", "published_rls", "--week", "4", "--json")
    answer = json.loads(out)
    assert (status, err) == (0, "")
    assert (answer["decision"], answer["symptom_verdict"], answer["grade"]) == ("continue", "improved", "U")
    assert not Path("published_rls/reports").exists()


def test_words_first_then_the_files(openpbm: Callable[..., Answer]) -> None:
    status, out, _ = openpbm("checkpoint", "calf_evening", "--week", "6")
    said = " ".join(out.split())
    assert status == 0
    assert said.index("not attributable to light") < said.index("P(better than before)") < said.index("investigational")
    assert "15 of 18 sessions done (83 %); of all 18 sessions planned" in said
    assert sorted(path.name for path in Path("calf_evening/reports").glob("[!.]*")) == [
        f"checkpoint-week-6.{kind}" for kind in ("html", "json", "png")
    ]


def test_week_two_says_nothing_of_a_change(openpbm: Callable[..., Answer]) -> None:
    status, out, _ = openpbm("checkpoint", "calf_evening", "--week", "2", "--out", "elsewhere")
    assert status == 0
    assert "too early" in out
    assert "P(" not in out
    assert Path("elsewhere/checkpoint-week-2.html").exists()


@pytest.mark.parametrize("words", [("nowhere", "--week", "4"), ("calf_evening", "--week", "0"), ("calf_evening",)])
def test_bad_input_is_one_line_and_writes_nothing(openpbm: Callable[..., Answer], words: tuple[str, ...]) -> None:
    status, out, err = openpbm("checkpoint", *words)
    assert (status, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    assert not Path("calf_evening/reports").exists()


def test_an_incomplete_case_report_is_a_draft_and_ends_with_3(openpbm: Callable[..., Answer]) -> None:
    status, out, _ = openpbm("case-report", "published_rls")
    assert status == 3
    assert "Draft, not complete" in out
    assert "consent is blank" in out
    written = json.loads(Path("published_rls/reports/case_report.json").read_text(encoding="utf-8"))
    assert written["complete"] is False
    assert "Not complete" in Path("published_rls/reports/case_report.html").read_text(encoding="utf-8")


def test_a_complete_case_report_ends_with_0(openpbm: Callable[..., Answer]) -> None:
    status, out, _ = openpbm("case-report", "calf_evening", "--json")
    assert status == 0
    assert json.loads(out)["complete"] is True
    assert not Path("calf_evening/reports").exists()


def test_a_slip_in_case_report_toml_is_named(openpbm: Callable[..., Answer]) -> None:
    Path("calf_evening/case_report.toml").write_text("titel = 'x'\n", encoding="utf-8")
    status, _, err = openpbm("case-report", "calf_evening")
    assert status == 2
    assert err.startswith("case_report.toml: titel: not a key")
