"""`openpbm evidence check`, `list`, `template`, `add`, `references`: exit status, one plain line a fault, JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest

from openpbm.cli import main

Run = Callable[..., tuple[int, str, str]]
OUTCOMES = resources.files("openpbm.facts") / "data" / "evidence" / "outcomes.csv"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_command(*words: str) -> tuple[int, str, str]:
        monkeypatch.delenv("OPENPBM_EVIDENCE", raising=False)
        monkeypatch.setattr(sys, "argv", ["openpbm", "evidence", *words])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return run_command


def test_what_ships_passes_and_what_is_printed_so_is_told(run: Run) -> None:
    status, out, err = run("check")
    assert (status, err) == (0, "")
    assert 'Tehrani2022.light-control.disability@end.p (p_range): "P = 1.34" is printed' in out
    assert "nothing that cannot be so" in out


def test_one_file_is_checked_in_place_of_ours(run: Run, tmp_path: Path) -> None:
    """A deviation of 19.6 mm became 4.4, as a standard error of 20 people would be."""
    text = OUTCOMES.read_text(encoding="utf-8").replace("31.82,19.6,", "31.82,4.4,")
    file = tmp_path / "outcomes.csv"
    file.write_text(text, encoding="utf-8")
    status, _, err = run("check", str(file))
    assert status == 2
    assert "Chatterjee2019.light.pain_vas_mm@12.sd = 4.4" in err
    assert all(line.count("Chatterjee2019.light.pain_vas_mm") for line in err.splitlines())
    status, out, _ = run("check", str(file), "--json")
    assert status == 2
    assert json.loads(out)["problems"][0]["document"] == "outcomes.csv"


def test_a_list_is_of_one_condition_and_says_what_is_missing(run: Run) -> None:
    listed = json.loads(run("list", "--condition", "phn", "--json")[1])
    assert {study["condition"] for study in listed} == {"phn"}
    (light,) = next(study["doses"] for study in listed if study["id"] == "Kemmotsu1991")
    assert light["power_mw"] == 60
    assert "area of the spot" in light["missing"]
    assert "Kemmotsu1991" in run("list", "--condition", "phn")[1]
    status, _, err = run("list", "--condition", "dnp")
    assert status == 2
    assert "did you mean dpn?" in err


def test_a_template_is_filled_and_taken_or_refused(run: Run, tmp_path: Path) -> None:
    header = run("template")[1].strip()
    cells = {
        "studies.id": "Bob2026",
        "studies.condition": "low_back_pain",
        "studies.kind": "uncontrolled",
        "studies.design": "before and after",
        "studies.result": "pain lower",
        "studies.source": "Bob 2026",
        "studies.read_in": "full text",
        "arms.study": "Bob2026",
        "arms.arm": "light",
        "arms.role": "light",
        "arms.read_in": "full text",
    }
    file = tmp_path / "new.csv"
    file.write_text(f"{header}\n{','.join(cells.get(name, '') for name in header.split(','))}\n", encoding="utf-8")
    assert run("add", str(file))[0] == 2
    own = tmp_path / "own"
    status, out, _ = run("add", str(file), "--into", str(own))
    assert (status, "taken into" in out) == (0, True)
    assert "Bob2026" in run("list", "--with", str(own), "--json")[1]
    status, _, err = run("add", str(file), "--into", str(own))
    assert status == 2
    assert "Bob2026.id" in err


def test_references_are_written_for_a_library(run: Run) -> None:
    assert "DO  - 10.3121/cmr.2018.1389" in run("references", "--condition", "rls_ckd")[1]
    assert "@article{mohammadi2018," in run("references", "--format", "bibtex", "--condition", "rls_ckd")[1]
