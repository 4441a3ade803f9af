"""`openpbm single-case`: the answer in JSON and in words, files that cannot be read, and the sealed draw on disk."""

from __future__ import annotations

import json
import random
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from openpbm.cli import main
from openpbm.single_case import verify

PARKER = "phase,value\n" + "".join(f"A,{v}\n" for v in (20, 20, 26, 25, 22, 23)) + "".join(
    f"B,{v}\n" for v in (28, 25, 24, 27, 30, 30, 29)
)  # fmt: skip
DRAW = ("design", "--first-day", "2026-12-01", "--today", "2026-11-21")


@pytest.fixture
def said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Exit status, standard output and standard error of `openpbm single-case ...` run in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["openpbm", "single-case", *words])
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return run


Said = Callable[..., tuple[int, str, str]]


def test_the_contract(said: Said, tmp_path: Path) -> None:
    """Parker 2011 example 1 through the file, with every key that is promised."""
    (tmp_path / "data.csv").write_text(PARKER)
    status, out, err = said("data.csv", "--better", "higher", "--start-points", "4:10", "--json")
    answer = json.loads(out)
    assert (status, err) == (0, "")
    assert (answer["pnd"], answer["pand"], answer["nap"], answer["tau"]) == (5 / 7, 11 / 13, 38.5 / 42, 35 / 42)
    assert answer["n"] == {"A": 6, "B": 7}
    assert set(answer["theil_sen"]) == {"A", "B"}
    assert set(answer["randomisation_test"]) >= {"statistic", "p", "distribution_size"}
    assert answer["randomisation_test"]["p"] == pytest.approx(2 / 7)
    assert answer["randomisation_test"]["distribution_size"] == 7
    assert list(answer["piecewise"]) == ["intercept", "trend", "level", "slope"]
    assert set(answer["piecewise"]["slope"]) == {"estimate", "standard_error"}
    assert {"pem", "ird", "tau_u", "tau_bc", "missing", "better", "cases", "notes"} <= set(answer)


def test_words_fit_eighty_columns_and_warn(said: Said, tmp_path: Path) -> None:
    """Without --json a person reads a table, and that an index is no probability."""
    (tmp_path / "data.csv").write_text(PARKER)
    status, out, _ = said("--better", "higher", "data.csv")
    assert status == 0
    assert "not a probability" in out
    assert max(map(len, out.splitlines())) <= 80


def test_options_first_or_the_long_word_say_the_same(said: Said, tmp_path: Path) -> None:
    """The word analyse may be left out; options may come first."""
    (tmp_path / "data.csv").write_text(PARKER)
    answers = {
        said(*words)[1]
        for words in (
            ("data.csv", "--better", "higher", "--json"),
            ("--json", "--better", "higher", "data.csv"),
            ("analyse", "data.csv", "--better", "higher", "--json"),
        )
    }
    assert len(answers) == 1


def test_row_order_does_not_matter_with_times(said: Said, tmp_path: Path) -> None:
    """Two cases with dates: shuffled rows give the same bytes, blanks are counted and left out."""
    rows = [
        f"{phase},{value},2026-12-{day:02d},{name}"
        for name in ("alice", "bob")
        for day, (phase, value) in enumerate(zip("AAAABBBB", (5, 6, "", 5, 4, 3, 2, 2), strict=True), start=1)
    ]
    answers = []
    for _ in range(2):
        (tmp_path / "data.csv").write_text("\n".join(["phase,value,time,case", *rows]))
        answers.append(said("data.csv", "--better", "lower", "--start-points", "3:6", "--json")[1])
        random.Random(4).shuffle(rows)
    assert answers[0] == answers[1]
    answer = json.loads(answers[0])
    assert (answer["missing"], answer["n"]) == (2, {"A": 6, "B": 8})
    assert answer["randomisation_test"]["distribution_size"] == 16
    assert answer["piecewise"] is None
    assert answer["tau"] == answer["cases"]["bob"]["tau"] == answer["cases"]["alice"]["tau"]


def test_a_spreadsheet_with_semicolons_commas_and_dotted_days_says_the_same(said: Said, tmp_path: Path) -> None:
    """A day as D.M.YYYY was once taken for a number."""
    plain = ["phase,value,time", *(f"{phase},{day + 0.5},2026-12-{day:02d}" for day, phase in enumerate("AAABBB", 1))]
    local = ["sep=;", "Phase;Value;Time", *(f"{phase};{day},5;{day}.12.2026" for day, phase in enumerate("AAABBB", 1))]
    answers = []
    for lines in (plain, local):
        (tmp_path / "data.csv").write_text("\n".join(lines))
        answers.append(said("data.csv", "--better", "lower", "--json"))
    assert answers[0] == answers[1]
    assert answers[0][0] == 0


@pytest.mark.parametrize(
    "times",
    [
        ("28/03/2026", "29/03/2026", "1/4/2026", "2/4/2026"),
        ("3/28/2026", "3/29/2026", "4/1/2026", "4/2/2026"),
        ("2026/03/28", "2026/03/29", "2026/04/01", "2026/04/02"),
        ("28. 3. 2026", "29. 3. 2026", "1. 4. 2026", "2. 4. 2026"),
        ("28-03-2026", "29-03-2026", "01-04-2026", "02-04-2026"),
        ("2026-03-28 07:30", "2026-03-29 07:30", "2026-04-01 07:30", "2026-04-02T07:30"),
        ("0.5", "1.5", "4.5", "5.5"),
    ],
)
def test_dates_are_read_as_the_whole_column_tells(said: Said, tmp_path: Path, times: tuple[str, ...]) -> None:
    """Four days with slashes were once four lines of "not a number"; all these say the same."""
    lines = [f"{phase},{value},{time}" for phase, value, time in zip("AABB", (5, 4, 2, 1), times, strict=True)]
    (tmp_path / "data.csv").write_text("\n".join(["phase,value,time", *lines]))
    status, out, err = said("data.csv", "--better", "lower", "--json")
    assert (status, err) == (0, "")
    answer = json.loads(out)
    assert answer["theil_sen"] == {"A": -1.0, "B": -1.0}
    assert answer["piecewise"]["level"]["estimate"] == pytest.approx(2 - (5 - 4))


def test_what_is_rounding_is_shown_as_nought_and_a_perfect_fit_without_error(said: Said, tmp_path: Path) -> None:
    """Sixteen fives had a trend of 2.73e-15 with a standard error of 0."""
    (tmp_path / "data.csv").write_text("phase,value\n" + "A,5\n" * 8 + "B,5\n" * 8)
    _, out, _ = said("data.csv", "--better", "lower", "--start-points", "5:12")
    assert "e-1" not in out
    assert "se not known" in out
    assert "mean of B less mean of A 0," in " ".join(out.split())


def test_a_folder_holds_several_cases_and_each_has_its_level(said: Said, tmp_path: Path) -> None:
    """Each file is a case of its name; two cases of one file stand under it."""
    (tmp_path / "people").mkdir()
    rows = [
        f"{phase},{value}" for phase, value in zip("AAAAAABBBBBB", (5, 6, 5, 7, 5, 6, 3, 2, 3, 4, 2, 3), strict=True)
    ]
    (tmp_path / "people" / "alice.csv").write_text("\n".join(["phase,value", *rows]))
    both = [f"{row},{name}" for name in ("one", "two") for row in rows]
    (tmp_path / "people" / "bob.csv").write_text("\n".join(["phase,value,case", *both]))
    answer = json.loads(said("people", "--better", "lower", "--model", "ar1", "--json")[1])
    assert list(answer["cases"]) == ["alice", "bob/one", "bob/two"]
    for case in answer["cases"].values():
        low, high = case["ar1"]["interval_90"]
        assert low < case["ar1"]["level"] < high < 0
        assert case["nap_interval_90"][0] < case["nap"]
    assert answer["nap_interval_90"] is None
    (tmp_path / "people" / "alice.csv").write_text("phase,value\nC,1\n")
    status, _, err = said("people", "--better", "lower")
    assert status == 2
    assert "alice.csv" in err


def test_the_report_in_the_order_of_scribe_names_what_is_missing(said: Said, tmp_path: Path) -> None:
    """26 items in order; what the data and the sealed design know is there, the rest is asked for."""
    (tmp_path / "data.csv").write_text(PARKER)
    words = ("--kind", "blocks", "--pairs", "5", "--days-per-period", "14")
    said(*DRAW, *words)
    data = ("data.csv", "--better", "higher", "--model", "ar1")
    assert said(*data, "--scribe", "report.json", "--design", "design.json")[0] == 0
    items = json.loads((tmp_path / "report.json").read_text())["items"]
    assert [item["number"] for item in items] == list(range(1, 27))
    by_topic = {item["topic"]: item for item in items}
    assert by_topic["Ethics"]["text"] == ""
    assert by_topic["Ethics"]["missing"]
    assert by_topic["Randomization"]["missing"] == ""
    assert "NAP 0.92 (90 % interval" in by_topic["Outcomes and estimation"]["text"]
    assert "6 values in A, 7 in B" in by_topic["Sequence completed"]["text"]
    assert said(*data, "--scribe", "report.md")[0] == 0
    page = (tmp_path / "report.md").read_text()
    assert page.index("### 1. Title") < page.index("### 13. Ethics") < page.index("### 26. Funding")
    assert "Not complete" in page
    status, _, err = said(*data, "--scribe", "report.md")
    assert (status, "already there" in err) == (2, True)
    (tmp_path / "other.json").write_text("{}")
    status, _, err = said(*data, "--scribe", "third.md", "--design", "other.json")
    assert (status, "no design that was sealed" in err) == (2, True)


def test_a_mark_at_the_start_of_the_file_is_no_problem(said: Said, tmp_path: Path) -> None:
    """Spreadsheets write a byte order mark and Windows line ends."""
    (tmp_path / "data.csv").write_bytes(b"\xef\xbb\xbf" + PARKER.replace("\n", "\r\n").encode())
    assert said("data.csv", "--better", "higher", "--json")[0] == 0


@pytest.mark.parametrize(
    ("content", "needles"),
    [
        (b"", ["holds no row"]),
        (b"phase,value\n", ["holds no row"]),
        (b"phase:value\nA:1\nB:2\n", ["phase:value", "not a known column"]),
        (b"phase,valu\nA,1\n", ["line 1", "valu", "did you mean value"]),
        (b"phase,value\nA,1\nC,2\n", ['line 3: phase = "C"', "must be A"]),
        (b"phase,value\nA,1\nB,nan\n", ['line 3: value = "nan"', "leave it blank"]),
        (b"phase,value\nA,1\nB,inf\n", ['value = "inf"']),
        (b'phase,value\nA,"1,5"\nB,2.5\n', ["a decimal comma in", "1,5"]),
        (b"phase,value\nA,1\nB,1e300\n", ["must be from"]),
        (b"phase,value\nA,1\nA,2\n", ["no value in phase B"]),
        (b"phase,value\nB,1\nA,2\n", ["an A follows a B"]),
        (b"phase,value,time\nA,1,1\nB,2,1\n", ["time 1 stands twice"]),
        (b"phase,value,time\nA,1,1\nB,2,\n", ["line 3: time", "blank"]),
        (b"phase,value,time\nA,1,2026-02-29\nB,2,2026-03-01\n", ["line 2: time", "exists"]),
        (b"phase,value,time\nA,1,4\nB,2,2026-03-01\n", ["line 2: time", "or every one as a number"]),
        (b"phase,value,time\nA,1,3/4/2026\nB,2,4/4/2026\n", ["line 2: time", "nobody can tell day from month"]),
        (b"phase,value,time\nA,1,28/3/2026\nB,2,3/29/2026\n", ["line 3: time", "two contradict"]),
        (b"phase,value,time\nA,1,28/3/2026\nB,2,28/3/2026\n", ['line 3: time = "28/3/2026"', "stands twice"]),
        (b"phase,value,case\nA,1,alice\nB,2,\n", ["line 3: case", "blank"]),
        (b"phase,value,case\nA,1,alice\nB,2,bob\n", ["alice: no value in phase B", "bob: no value in phase A"]),
        (b"phase,value\nA,\x81\n", ["not text"]),
        (b'phase,value\nA,"1\n', ["quotes"]),
    ],
)
def test_a_bad_file_is_plain_lines(said: Said, tmp_path: Path, content: bytes, needles: list[str]) -> None:
    """Exit status 2, one line a problem, nothing on standard output."""
    (tmp_path / "data.csv").write_bytes(content)
    status, out, err = said("data.csv", "--better", "lower", "--json")
    assert (status, out) == (2, "")
    assert all(needle in err for needle in needles), err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "needle"),
    [
        (("data.csv",), "--better"),
        (("data.csv", "--better", "up"), "lower"),
        (("nobody.csv", "--better", "lower"), "cannot be read"),
        (("data.csv", "--better", "higher", "--start-points", "4-10"), "FROM:TO"),
        (("data.csv", "--better", "higher", "--start-points", "10:4"), "FROM not after TO"),
        (("data.csv", "--better", "higher", "--start-points", "8:10"), "outside of it"),
        (("data.csv", "--better", "higher", "--start-points", "4:99"), "from 2 to 13"),
    ],
)
def test_wrong_words_are_one_line(said: Said, tmp_path: Path, words: tuple[str, ...], needle: str) -> None:
    """Exit status 2 and what would be right."""
    (tmp_path / "data.csv").write_text(PARKER)
    status, out, err = said(*words)
    assert (status, out) == (2, "")
    assert needle in err
    assert len(err.splitlines()) == 1


def test_help_names_both_uses(said: Said) -> None:
    """One help for the file and for the draw."""
    status, out, _ = said("--help")
    assert status == 0
    assert "DATA.csv" in out
    assert "design" in out


def test_blocks_are_sealed_in_two_files(said: Said, tmp_path: Path) -> None:
    """A blinded draw: nothing of it on screen or in design.json; the key opens it; neither is ever overwritten."""
    words = (*DRAW, "--kind", "blocks", "--pairs", "5", "--days-per-period", "7")
    status, out, _ = said(*words)
    design, key = (json.loads((tmp_path / name).read_text()) for name in ("design.json", "design.key.json"))
    assert status == 0
    assert "active" not in out
    assert "sham" not in out + (tmp_path / "design.json").read_text()
    assert len(verify(design, key).periods) == 10
    before = (tmp_path / "design.json").read_bytes(), (tmp_path / "design.key.json").read_bytes()
    status, _, err = said(*words)
    assert (status, len(err.splitlines())) == (2, 2)
    assert "already there" in err
    assert before == ((tmp_path / "design.json").read_bytes(), (tmp_path / "design.key.json").read_bytes())


def test_power_stands_before_the_seal(said: Said, tmp_path: Path) -> None:
    """Weekly blocks and a half-life of 4 days: about 9 %, and what would find it; nothing drawn with --power-only."""
    words = (
        *DRAW,
        "--kind",
        "blocks",
        "--pairs",
        "5",
        "--days-per-period",
        "7",
        "--half-life",
        "4",
        "--washout-days",
        "0",
    )
    status, out, _ = said(*words, "--power-only")
    assert status == 0
    assert "of 100 such people" in " ".join(out.split())
    assert "pairs of 21 days, wash-out 8" in " ".join(out.split())
    assert list(tmp_path.iterdir()) == []
    power = json.loads(said(*words, "--json")[1])["power"]
    assert 0.06 < power["power"] < 0.13
    assert all(row["power"] >= 0.8 for row in power["proposals"])
    assert json.loads((tmp_path / "design.json").read_text())["half_life_days"] == 4.0


def test_a_wash_out_longer_than_a_period_is_refused(said: Said, tmp_path: Path) -> None:
    words = ("--kind", "blocks", "--pairs", "5", "--days-per-period", "7", "--washout-days", "6")
    status, _, err = said(*DRAW, *words)
    assert status == 2
    assert "must leave 3 days" in err
    assert list(tmp_path.iterdir()) == []


def test_the_same_seed_draws_the_same(said: Said, tmp_path: Path) -> None:
    """An open start: one file; the seed decides the day, and without one two draws differ in their seal at least."""
    for name in ("one.json", "two.json"):
        assert said(*DRAW, "--kind", "start", "--seed", "9", "--out", name)[0] == 0
    first, second = (json.loads((tmp_path / name).read_text()) for name in ("one.json", "two.json"))
    assert first["start_index"] == second["start_index"] == verify(first).start_index
    assert first["start_points"] == [15, 34]
    assert first["commitment"] != second["commitment"]
    assert not (tmp_path / "one.key.json").exists()


@pytest.mark.parametrize(
    ("words", "needle"),
    [
        (("--kind", "start", "--today", "2026-12-02"), "before the draw"),
        (("--kind", "start", "--first-day", "1.12.2026"), "YYYY-MM-DD"),
        (("--kind", "blocks"), "both are needed"),
        (("--kind", "start", "--pairs", "5"), "belong to kind blocks"),
        (("--kind", "start", "--out", "nowhere/design.json"), "no folder nowhere"),
        (("--kind", "never"), "blocks"),
    ],
)
def test_what_cannot_be_drawn_writes_nothing(said: Said, tmp_path: Path, words: tuple[str, ...], needle: str) -> None:
    """Exit status 2, one line, no file."""
    status, _, err = said(*DRAW, *words)
    assert status == 2
    assert needle in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("out", [".", "..", "/", "sub", "./sub/"])
def test_a_folder_is_no_place_for_a_design(said: Said, tmp_path: Path, out: str) -> None:
    """`--out .` ended in a traceback, since "." has no name to make that of the key file from."""
    (tmp_path / "sub").mkdir()
    status, printed, err = said(*DRAW, "--kind", "blocks", "--pairs", "5", "--days-per-period", "7", "--out", out)
    assert (status, printed) == (2, "")
    assert "a folder, not a file" in err
    assert len(err.strip().splitlines()) == 1
    assert [path.name for path in tmp_path.rglob("*")] == ["sub"]


def drawn(said: Said) -> str:
    words = ("--kind", "blocks", "--pairs", "6", "--days-per-period", "21", "--half-life", "4")
    return str(json.loads(said(*DRAW, *words, "--json")[1])["commitment"])


def test_anybody_can_hold_a_draw_against_its_seal(said: Said, tmp_path: Path) -> None:
    """Sealed, opened, compared with the commitment of that day; changed by a digit it is refused."""
    commitment = drawn(said)
    status, out, _ = said("verify", "design.json", "--commitment", commitment.upper(), "--json")
    assert (status, json.loads(out)["verified"]) == (0, True)
    assert "treatment" not in out
    assert out != said("verify", "design.json", "--reveal", "--json")[1]
    (tmp_path / "design.key.json").rename(tmp_path / "kept.json")
    status, out, _ = said("verify", "design.json", "--json")
    assert (status, json.loads(out)["sealed"]) == (3, True)
    assert said("verify", "design.json", "--key", "kept.json")[0] == 0
    other = commitment[:-1] + ("0" if commitment[-1] != "0" else "1")
    for words in (("--commitment", other), ("--commitment", "ab"), ("--key", "design.json")):
        status, out, err = said("verify", "design.json", *words)
        assert (status, out) == (2, "")
        assert len(err.splitlines()) == 1
    design = json.loads((tmp_path / "design.json").read_text())
    (tmp_path / "design.json").write_text(json.dumps(design | {"washout_days": design["washout_days"] + 1}))
    assert said("verify", "design.json", "--key", "kept.json")[0] == 2


def test_sheets_of_a_masked_lamp_and_what_is_still_open(said: Said, tmp_path: Path) -> None:
    drawn(said)
    words = ("code-sheet", "design.json", "--keeper", 'the "night" pharmacist', "--method", "two_settings")
    status, out, _ = said(*words, "--settings", "Rose,Amber", "--looks-alike", "yes")
    assert status == 0
    assert "look alike" not in out
    assert "feel alike" in out
    assert "Rose" in (tmp_path / "code-sheet" / "person_sheet.html").read_text()
    masking = tomllib.loads((tmp_path / "code-sheet" / "masking.toml").read_text())
    assert masking["keeper"] == 'the "night" pharmacist'
    for more in ((), ("--out", "b", "--settings", "Rose"), ("--out", "b", "--checked-on", "2026-13-01")):
        status, out, err = said(*words, *more)
        assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert not (tmp_path / "b").exists()
