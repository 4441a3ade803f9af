"""`openpbm score` and `openpbm scales` as a stranger meets them: exit status, streams and what is said of bad input."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from openpbm.cli import main

Ran = tuple[int, str, str]
FULL = {str(item): 2 for item in range(1, 11)}
WORDING = 'scale = "irls"\nversion = "2.0"\nlicensee = "Clinic of the Hill"\n[items]\n1 = "words of the licence"\n'


@pytest.fixture
def openpbm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    def run(*words: str, **files: str) -> Ran:
        for name, text in files.items():
            (tmp_path / name.replace("_", ".")).write_text(text, encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setattr(sys, "argv", ["openpbm", *words])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return run


def test_json_stands_alone_and_has_the_promised_keys(openpbm: Callable[..., Ran]) -> None:
    status, out, err = openpbm("score", "irls", "a.json", "--json", a_json=json.dumps(FULL))
    found = json.loads(out)
    assert (status, err) == (0, "")
    assert found["value"] == 20
    assert found["band"] == "moderate"
    assert found["subscales"] == {"symptoms": 12, "impact": 6}
    assert {"scale", "version", "completeness", "missing", "direction"} <= set(found)


def test_too_few_answers_are_no_error_and_no_number(openpbm: Callable[..., Ran]) -> None:
    status, out, _ = openpbm("score", "irls", "a.json", "--json", a_json='{"1": 3}')
    found = json.loads(out)
    assert (status, found["value"], found["completeness"]) == (0, None, 0.1)
    assert len(found["missing"]) == 9


def test_summary_shows_band_licence_crisis_and_notice(openpbm: Callable[..., Ran]) -> None:
    status, out, _ = openpbm("score", "irls", "a.json", a_json=json.dumps(FULL))
    assert status == 0
    for said in (
        "Score 20 of 0 to 40, moderate",
        "Licence: IRLSSG",
        "own short labels",
        "emergency",
        "investigational",
    ):
        assert said in out


def test_a_form_may_name_its_version(openpbm: Callable[..., Ran]) -> None:
    form = json.dumps({"version": "patient", "answers": FULL})
    status, out, _ = openpbm("score", "irls", "a.json", "--json", a_json=form)
    assert (status, json.loads(out)["version"]) == (0, "patient")
    status, _, err = openpbm("score", "irls", "a.json", "--version", "2.0", a_json=form)
    assert status == 2
    assert "one form has one edition" in err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"1": 9}', "item 1 .* = 9: out of range"),
        ('{"1": NaN}', "1 = nan: not a finite number"),
        ('{"1": 1, "1": 2}', '"1" is given more than once'),
        ('{"version": "7", "answers": {"1": 1}}', 'version "7": not known; known: 2.0, patient'),
        ('{"version": "2.0"}', "answers: must be an object"),
        ('{"version": 2, "answers": {}}', "version = 2: must be text"),
        ('{"answers": {}, "3": 1}', '"3" stands beside'),
        ("[1, 2]", "not an object with keys"),
        ("{", "line 1: not valid JSON"),
        pytest.param("[" * 100_000, "a.json.*(nested too deeply|not valid JSON)", id="nested"),
        pytest.param('{"1": 1' + "0" * 5000 + "}", "not valid JSON", id="digits"),
    ],
    ids=repr,
)
def test_bad_answers_are_one_plain_line(openpbm: Callable[..., Ran], text: str, said: str) -> None:
    status, out, err = openpbm("score", "irls", "a.json", "--json", a_json=text)
    assert (status, out) == (2, "")
    assert re.search(said, err)
    assert "Traceback" not in err


def test_a_missing_file_and_an_unknown_scale(openpbm: Callable[..., Ran]) -> None:
    assert openpbm("score", "irls", "none.json")[0] == 2
    status, _, err = openpbm("score", "irsl", "a.json", a_json="{}")
    assert status == 2
    assert "did you mean irls?" in err


def test_licensed_words_come_from_the_site_alone(openpbm: Callable[..., Ran]) -> None:
    form = json.dumps(FULL)
    status, out, _ = openpbm("score", "irls", "a.json", "--wording", "w.toml", a_json=form, w_toml=WORDING)
    assert status == 0
    assert "words of the licence" in out
    assert "Clinic of the Hill" in out


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('"irls"', '"isi"', 'scale = "isi": the form is irls 2.0'),
        ('"2.0"', '"patient"', 'version = "patient": the form is irls 2.0'),
        ('"Clinic of the Hill"', '" "', "licensee: not given"),
        ("1 =", "12 =", "items.12: not an item of irls"),
        ("[items]", "[item]", "items: not given"),
        ('"irls"', "irls", "not valid TOML"),
    ],
)
def test_wording_of_another_form_or_nobody_is_refused(
    openpbm: Callable[..., Ran], was: str, becomes: str, said: str
) -> None:
    wording = WORDING.replace(was, becomes)
    status, out, err = openpbm("score", "irls", "a.json", "--wording", "w.toml", a_json="{}", w_toml=wording)
    assert (status, out) == (2, "")
    assert said in err


def test_scales_lists_every_scale(openpbm: Callable[..., Ran]) -> None:
    status, out, _ = openpbm("scales", "--json")
    rows = {row["id"]: row for row in json.loads(out)}
    assert status == 0
    assert rows["irls"]["wording_ships"] is False
    assert rows["pgic"]["wording_ships"] is True
    assert rows["irls"]["maximum"] == 40
    status, out, _ = openpbm("scales")
    assert status == 0
    assert all(id in out for id in rows)
