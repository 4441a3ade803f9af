"""Outcome commands under bad input: exit status 2, one plain line a problem, nothing on standard output."""

from __future__ import annotations

import datetime as dt
import json
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from courses import START, make_plan, write_plan

from openpbm.cli import main

Ran = tuple[int, str, str]
Run = Callable[..., Ran]
Rows = list[list[str]]
HEADS = {
    "sessions": "date,time,site,side,minutes,distance_mm,status,reason,skin_reaction",
    "diary": "date,entered_at,severity,onset,sleep_minutes,bother,notes",
    "scores": "date,scale,version,value,items_json,source",
    "events": "date,kind,detail,grade",
    "timeline": "date,kind,name,action,dose",
}
TRAINED = {0, 2, 4}
CHECKPOINT_KEYS = {
    *("decision", "reasons", "symptom_verdict", "dose_verdict", "grade", "statement", "probabilities", "adherence"),
    "data_quality",
}
RANK = {"worse": 0, "unchanged": 1, "inconclusive": 1, "not_assessed": 1, "improved": 2}


def on(day: int) -> str:
    """The day of the course as written, 0 the planned start."""
    day_of_course: dt.date = START + dt.timedelta(days=day)
    return day_of_course.isoformat()


def planned(weeks: int = 6) -> list[int]:
    """Days of the planned sessions."""
    return [7 * week + day for week in range(weeks) for day in sorted(TRAINED)]


def sessions(status: str = "done", minutes: str = "20", upto: int = 99) -> Rows:
    row = ["20:00", "posterior_calf", "left", minutes, "300", status, "", ""]
    return [[on(day), *row] for day in planned()[:upto]]


def diary(before: float = 8, after: float = 3, days: int = 42) -> Rows:
    wobble = (0, 1, -1, 0, 1)
    return [
        [on(day), f"{on(day)}T23:00", f"{(before if day < 0 else after) + wobble[day % 5]:g}", "", "", "", ""]
        for day in range(-14, days)
    ]


def irls(values: dict[int, str]) -> Rows:
    return [[on(day), "irls", "", value, "", "clinician"] for day, value in values.items()]


def write(folder: Path, **tables: Rows | str | bytes) -> Path:
    """A course folder; a table not named holds its heading alone."""
    folder.mkdir(exist_ok=True)
    write_plan(folder)
    for name, head in HEADS.items():
        content = tables.get(name, [])
        if isinstance(content, list):
            lines = (",".join(row) for row in content)
            content = "\n".join((head, *lines)) + "\n"
        data = content if isinstance(content, bytes) else content.encode()
        (folder / f"{name}.csv").write_bytes(data)
    return folder


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: object) -> Ran:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setattr(sys, "argv", ["openpbm", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return run


def look(said: Run, course: Path, week: int = 6) -> dict[str, Any]:
    status, out, err = said("checkpoint", course, "--week", week, "--json")
    assert (status, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    assert set(found) >= CHECKPOINT_KEYS
    return found


def in_one_table(name: str, row: str) -> dict[str, Rows | str | bytes]:
    return {name: f"{HEADS[name]}\n{row}\n"}


BAD_ROWS = [
    *(("diary", f"{on(3)},,{value},,,,", "severity") for value in ("nan", "inf", "-1", "11", "1e999", "0x3", "1_0")),
    *(("diary", f"{on(3)},,٣,,,,", "not a number"), ("diary", f'{on(3)},,"3,5.1",,,,', "not a number")),
    *(("diary", f"{day},,3,,,,", "date") for day in ("2026-02-30", "1899-01-01", "2999-01-01", "1/2/2027", "")),
    ("diary", f"{on(3)},yesterday,3,,,,", "entered_at"),
    ("diary", f"{on(3)},,3,,,,a,b", "8 cells"),
    ("diary", f'{on(3)},,3,,,,"never closed', "quotes"),
    ("sessions", f"{on(0)},20:00,posterior_calf,left,-5,300,done,,", "minutes"),
    ("sessions", f"{on(0)},20:00,posterior_calf,left,1e9,300,done,,", "from 0 to 240"),
    ("sessions", f"{on(0)},25:00,posterior_calf,left,20,300,done,,", "time"),
    ("sessions", f"{on(0)},20:00,posterior_calf,R,20,300,done,,", "side"),
    ("sessions", f"{on(0)},20:00,posterior_calf,left,20,300,finished,,", "status"),
    ("sessions", f"{on(0)},20:00,posterior_calf,left,20,300,,,", "blank"),
    ("sessions", f"{on(0)},20:00,posterior_calf,left,20,300,done,,purple", "skin_reaction"),
    ("scores", f"{on(-1)},irsl,,3,,", "did you mean irls"),
    ("scores", f"{on(-1)},irls,9.9,3,,", "not a version of irls"),
    ("scores", f"{on(-1)},irls,,41,,", "from 0 to 40"),
    ("scores", f"{on(-1)},pgic,,0,,", "from 1 to 7"),
    ("scores", f"{on(-1)},irls,,3,,web", "source"),
    ("events", f"{on(3)},headache,,2.5", "whole"),
    ("events", f"{on(3)},headache,,6", "from 1 to 5"),
    ("events", f"{on(3)},,,1", "blank"),
]
BAD_ITEMS = [
    '{"1":5}',
    '{"1":2.5}',
    '{"1":true}',
    '{"1":"3"}',
    '{"1":1,"1":2}',
    '{"1":{"a":1}}',
    '{"1":NaN}',
    "[1]",
    "{1:2}",
]
BAD_ITEMS += ['{"11":1}', '{"1":-1}', "[" * 1500]


@pytest.mark.parametrize(("name", "row", "needle"), BAD_ROWS)
def test_a_bad_row_ends_the_reading(said: Run, tmp_path: Path, name: str, row: str, needle: str) -> None:
    """Checkpoint and case report name file and line, write nothing and print nothing."""
    course = write(tmp_path / "course", **in_one_table(name, row))
    for words in (("checkpoint", course, "--week", 6), ("case-report", course)):
        for more in ((), ("--json",)):
            status, out, err = said(*words, *more)
            assert (status, out) == (2, "")
            assert f"{name}.csv line 2" in err
            assert needle in err
            assert "Traceback" not in err
    assert not (course / "reports").exists()


@pytest.mark.parametrize("items", BAD_ITEMS)
def test_impossible_answers_are_refused_alike(said: Run, tmp_path: Path, items: str) -> None:
    """The same answers are refused on a form and in scores.csv, at exit status 2."""
    quoted = items.replace('"', '""')
    course = write(tmp_path / "course", **in_one_table("scores", f'{on(-1)},irls,,,"{quoted}",'))
    (tmp_path / "form.json").write_text(items)
    for words in (("checkpoint", course, "--week", 6, "--json"), ("score", "irls", "form.json", "--json")):
        status, out, err = said(*words)
        assert (status, out) == (2, "")
        assert "Traceback" not in err


@pytest.mark.parametrize(
    ("content", "needle"),
    [
        ("date,severity:a\n2027-01-04,3\n", "not a known column"),
        ("date,sevrity\n2027-01-04,3\n".encode("utf-16-le"), "did you mean severity"),
        (b"date,notes\n2027-01-04,caf\x81\n", "not text"),
        (b"date,notes\n2027-01-04,a\x00b\n", "not text"),
        (b"date,notes\n2027-01-04,a\x07b\n", "control character"),
        (bytes(range(256)), "not text"),
        ("date,sevrity\n2027-01-04,3\n", "did you mean severity"),
        ("date,severity,severity\n2027-01-04,3,4\n", "stands twice"),
        ("severity\n3\n", "no column date"),
    ],
)
def test_a_file_of_another_kind_is_named(said: Run, tmp_path: Path, content: str | bytes, needle: str) -> None:
    """What a spreadsheet can do to a CSV: one line that says what to save it as."""
    status, out, err = said("checkpoint", write(tmp_path / "c", diary=content), "--week", 6, "--json")
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert needle in err


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_mark_leave_no_trace(said: Run, tmp_path: Path, ending: str, mark: bytes) -> None:
    """The same course saved by another program gives the same checkpoint."""
    plain = write(tmp_path / "plain", diary=diary(), sessions=sessions())
    other = write(tmp_path / "other", diary=diary(), sessions=sessions())
    for path in other.glob("*.csv"):
        path.write_bytes(mark + path.read_bytes().replace(b"\n", ending.encode()))
    assert look(said, plain) == look(said, other)


@pytest.mark.parametrize("empty", ["", "heading", None])
def test_nothing_written_down_is_unknown_and_marked(said: Run, tmp_path: Path, empty: str | None) -> None:
    """Empty, headings alone or not there: no number for symptoms, five marks, no verdict."""
    course = write(tmp_path / "course", **({} if empty == "heading" else dict.fromkeys(HEADS, "")))
    if empty is None:
        for path in course.glob("*.csv"):
            path.unlink()
    found = look(said, course)
    assert {mark["id"] for mark in found["data_quality"]["marks"]} >= {f"no_{name}" for name in HEADS}
    assert (found["decision"], found["symptom_verdict"]) == ("inconclusive", "inconclusive")
    assert found["probabilities"]["below_zero"] is None


@pytest.mark.parametrize("week", ["0", "-1", "abc", "1.5", "521", ""])
def test_an_impossible_week_is_one_line(said: Run, tmp_path: Path, week: str) -> None:
    """Refused before anything is read."""
    status, out, err = said("checkpoint", write(tmp_path / "c"), "--week", week, "--json")
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert "--week" in err


@pytest.mark.parametrize(
    ("change", "needle"),
    [
        ({"verdict": "refer", "prescription": None, "schedule": None}, "not released"),
        ({"verdict": "ALLOWED"}, "not a verdict"),
        ({"verdict": None}, "verdict"),
        ({"schedule": None}, "schedule: is null"),
        ({"schedule": {"sessions": [1]}}, "schedule.sessions[0]"),
        ({"course": {"start_date": "2026-02-30", "supervision": "self"}}, "start_date"),
        ({"course": {"start_date": "2030-01-01", "supervision": "self"}}, "after the first session"),
        ({"lamp": {"output_status": "bogus"}}, "claimed or measured"),
        ({"format": "openpbm-plan-1"}, "must be 2"),
        ({"skin": {"irradiance_mw_cm2": -3}}, "at least 0"),
    ],
)
def test_a_plan_that_was_not_released_holds_no_course(
    said: Run, tmp_path: Path, change: dict[str, Any], needle: str
) -> None:
    """Every command that reads a course refuses the plan."""
    course = write(tmp_path / "course", diary=diary())
    plan = json.loads((course / "plan.json").read_text())
    (course / "plan.json").write_text(json.dumps(plan | change))
    for words in (("checkpoint", course, "--week", 2), ("case-report", course)):
        status, out, err = said(*words)
        assert (status, out) == (2, "")
        assert needle in err
        assert "plan.json" in err


def random_course(seed: int) -> dict[str, Rows]:
    """Any course at all: gaps, partial and missed sessions, questionnaires or none."""
    lot = random.Random(seed)
    before, after, gaps = lot.uniform(3, 9), lot.uniform(0, 9), lot.choice((0.0, 0.1, 0.4))
    days = [day for day in range(-lot.choice((5, 14, 21)), lot.choice((20, 42, 60))) if lot.random() > gaps]
    ratings = [min(10, max(0, round((before if day < 0 else after) + lot.gauss(0, 1.5)))) for day in days]
    statuses = [lot.choice(("done", "done", "done", "partial", "missed")) for _ in planned()]
    given = {"done": "20", "partial": "8", "missed": "0"}
    return {
        "diary": [[on(day), "", str(rating), "", "", "", ""] for day, rating in zip(days, ratings, strict=True)],
        "sessions": [
            [on(day), "20:00", "posterior_calf", "left", given[status], "300", status, "", ""]
            for day, status in zip(planned(), statuses, strict=True)
            if lot.random() > 0.1
        ],
        "scores": irls({day: str(lot.randint(0, 40)) for day in range(-14, 42, 7)}) if lot.random() < 0.6 else [],
    }


def no_line_numbers(content: dict[str, Any]) -> dict[str, Any]:
    """Marks name lines, and lines move when rows are shuffled."""
    return {key: value for key, value in content.items() if key not in ("data_quality", "events", "reasons")}


@pytest.mark.parametrize("seed", range(8))
def test_properties_of_any_course(said: Run, tmp_path: Path, seed: int) -> None:
    """Row order; adherence in [0, 1]; a due-but-blank day raises nothing; a bad day never betters the verdict."""
    lot, tables = random.Random(1000 + seed), random_course(seed)
    week = lot.choice((2, 4, 6, 8))
    found = look(said, write(tmp_path / "as_is", **tables), week)
    assert 0.0 <= found["adherence"]["ratio"] <= 1.0
    shuffled = {name: lot.sample(rows, len(rows)) for name, rows in tables.items()}
    assert no_line_numbers(look(said, write(tmp_path / "shuffled", **shuffled), week)) == no_line_numbers(found)
    written = {row[0] for row in tables["diary"]}
    blank_days = [day for day in range(-20, 7 * week) if on(day) not in written]
    for day in lot.sample(blank_days, min(4, len(blank_days))):
        blank = [on(day), f"{on(day)}T23:00", "", "", "", "", ""]
        _nothing_raised(found, look(said, write(tmp_path / f"b{day}", **_with(tables, "diary", blank)), week))
        if day >= 0:
            bad = look(
                said, write(tmp_path / f"w{day}", **_with(tables, "diary", [on(day), "", "10", "", "", "", ""])), week
            )
            assert RANK.get(bad["symptom_verdict"], 1) <= RANK.get(found["symptom_verdict"], 1)


def _with(tables: dict[str, Rows], name: str, row: Sequence[str]) -> dict[str, Rows]:
    return {**tables, name: [*tables[name], list(row)]}


def _nothing_raised(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert after["data_quality"]["completeness"] <= before["data_quality"]["completeness"]
    assert after["adherence"]["ratio"] <= before["adherence"]["ratio"]
    assert "UWRB".index(after["grade"]) <= "UWRB".index(before["grade"])
    assert RANK.get(after["symptom_verdict"], 1) <= RANK.get(before["symptom_verdict"], 1)


@pytest.mark.parametrize("week", [1, 2, 3])
def test_week_two_says_nothing_of_success(said: Run, tmp_path: Path, week: int) -> None:
    """A striking fall of symptoms leaves no word and no number in JSON, terminal or page before week 4."""
    tables = {"diary": diary(9, 1), "sessions": sessions(), "scores": irls({-7: "30", -1: "30", 7: "1", 14: "1"})}
    course = write(tmp_path / "course", **tables)
    found = look(said, course, week)
    assert found["symptom_verdict"] == "not_assessed"
    assert found["probabilities"]["below_zero"] is found["probabilities"]["better_than_sham"] is None
    assert found["probabilities"]["thresholds"] == []
    assert all(measure["change"] is measure["recent_mean"] is None for measure in found["measures"])
    status, out, _ = said("checkpoint", course, "--week", week)
    assert status == 0
    page = (course / "reports" / f"checkpoint-week-{week}.html").read_text(encoding="utf-8")
    body = page[page.index("<body") : page.index("Grade U: how far")]
    for text in (out, body, found["statement"]):
        assert "improved" not in text.lower()
        assert "better" not in text.lower()


@pytest.mark.parametrize(
    ("kind", "decision"),
    [
        ("chest pain", "refer"),
        ("STROKE", "refer"),
        ("burn", "stop"),
        ("blister", "stop"),
        ("pregnant", "stop"),
        ("cancer", "stop"),
    ],
)
@pytest.mark.parametrize("week", [2, 4, 6])
def test_harm_overrides_any_success(said: Run, tmp_path: Path, kind: str, decision: str, week: int) -> None:
    """However much better: a red flag refers, a burn or a reason against light stops."""
    events = [[on(5), kind, "", ""]]
    course = write(tmp_path / "course", diary=diary(9, 1), sessions=sessions(), events=events)
    assert look(said, course, week)["decision"] == decision


def test_a_claimed_lamp_judges_symptoms_but_no_dose(said: Run, tmp_path: Path) -> None:
    """Sessions count and the symptom verdict is given; the dose verdict is inconclusive."""
    course = write(tmp_path / "course", diary=diary(), sessions=sessions())
    write_plan(course, make_plan(output_status="claimed"))
    found = look(said, course)
    assert (found["dose_verdict"], found["symptom_verdict"], found["adherence"]["ratio"]) == (
        "inconclusive",
        "improved",
        1,
    )


def test_two_versions_are_never_one_line(said: Run, tmp_path: Path) -> None:
    """A baseline of one version and a score of another give a mark and no change."""
    rows = [
        *irls({-14: "30", -7: "30"}),
        [on(35), "irls", "patient", "1", "", ""],
        [on(41), "irls", "patient", "1", "", ""],
    ]
    found = look(said, write(tmp_path / "course", scores=rows, sessions=sessions()))
    assert "mixed_versions" in {mark["id"] for mark in found["data_quality"]["marks"]}
    assert [measure["change"] for measure in found["measures"] if measure["scale"] == "irls"] == [None, None]
    assert found["symptom_verdict"] == "inconclusive"


@pytest.mark.parametrize("name", ["", "../irls", "irsl", "x" * 300])
def test_no_such_scale(said: Run, tmp_path: Path, name: str) -> None:
    """An unknown id is one line; a path is no scale."""
    (tmp_path / "form.json").write_text('{"9": 1}')
    status, out, err = said("score", name, "form.json", "--json")
    assert (status, out, len(err.splitlines())) == (2, "", 1)


def test_every_scale_refuses_what_is_beyond_its_items(said: Run, tmp_path: Path) -> None:
    """All lowest and all highest answers give a value inside the scale's own range; one step beyond is refused."""
    form = tmp_path / "form.json"
    for scale in json.loads(said("scales", "--json")[1]):
        for end, step in (("minimum", -1), ("maximum", 1)):
            form.write_text(json.dumps({item["id"]: item[end] for item in scale["items"]}))
            status, out, _ = said("score", scale["id"], form, "--json")
            value = json.loads(out)["value"]
            assert status == 0
            assert value is None or scale["minimum"] <= value <= scale["maximum"]
            form.write_text(json.dumps({scale["items"][0]["id"]: scale["items"][0][end] + step}))
            assert said("score", scale["id"], form, "--json")[:2] == (2, "")


def test_a_paper_that_cannot_be_read_writes_nothing(said: Run, tmp_path: Path) -> None:
    """One bad line among good ones: no file of the course changes."""
    course = write(tmp_path / "course")
    before = {path.name: path.read_bytes() for path in course.iterdir()}
    head = "No.,Date,Time,Done,Worst,Sleep,Skin,Notes\n1,Mon 4 Jan 2027,20:00,20,7,7.5,none,\n"
    for row in (
        "2,Mon 6 Jan 2027,,,4,,,",
        "2,31 Feb 2027,,,4,,,",
        "2,2027-01-06,,,11,,,",
        "2,2027-01-06,,,3,25,,",
        "99,,,,3,,,",
    ):
        (tmp_path / "paper.csv").write_text(head + row + "\n")
        status, out, err = said("diary", course, "paper.csv")
        assert (status, out) == (2, "")
        assert "paper.csv line 3" in err
        assert before == {path.name: path.read_bytes() for path in course.iterdir()}


@pytest.mark.parametrize("seed", range(12))
def test_indices_agree_with_counting_by_hand(said: Run, tmp_path: Path, seed: int) -> None:
    """tau, nap, pnd, pem and pand of small tied series against plain counting over pairs and subsets."""
    lot = random.Random(seed)
    a, b = ([lot.randint(0, 6) for _ in range(lot.randint(3, 5))] for _ in range(2))
    better = lot.choice(("higher", "lower"))
    rows = [*(f"A,{value}" for value in a), *(f"B,{value}" for value in b)]
    (tmp_path / "data.csv").write_text("phase,value\n" + "\n".join(rows) + "\n")
    status, out, err = said("single-case", "data.csv", "--better", better, "--json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    before, after = ([value if better == "higher" else -value for value in values] for values in (a, b))
    pairs = len(a) * len(b)
    score = sum((y > x) - (y < x) for x in before for y in after)
    middle = sorted(before)
    median = (middle[(len(a) - 1) // 2] + middle[len(a) // 2]) / 2
    kept = max(sum(x < cut for x in before) + sum(y >= cut for y in after) for cut in range(-8, 9))
    assert found["tau"] == pytest.approx(score / pairs)
    assert found["nap"] == pytest.approx((score / pairs + 1) / 2)
    assert found["pnd"] == pytest.approx(sum(y > max(before) for y in after) / len(b))
    assert found["pem"] == pytest.approx(sum((y > median) + 0.5 * (y == median) for y in after) / len(b))
    assert found["pand"] == pytest.approx(kept / (len(a) + len(b)))
