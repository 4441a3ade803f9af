"""One reader for every CSV file: delimiter, `sep=`, byte order mark, encoding, decimal sign, unit in a heading."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpbm.errors import BadInput, Problem
from openpbm.files import Column, Table, csv_rows, guarded, table_of, unguarded

COLUMNS = (
    Column(name="date", needed=True),
    Column(name="distance_mm"),
    Column(name="irradiance_mw_cm2", aliases=("power density",)),
    Column(name="note"),
)


def table(content: str | bytes) -> tuple[Table | None, list[Problem]]:
    problems: list[Problem] = []
    encoded = content if isinstance(content, bytes) else content.encode()
    return table_of(encoded, "a.csv", COLUMNS, problems), problems


@pytest.mark.parametrize(
    "content",
    [
        "date,distance_mm\n2026-12-01,75\n",
        "\ufeffdate,distance_mm\r\n2026-12-01,75\r\n",
        "date,distance_mm\n2026-12-01,75\n".encode("utf-16"),
        "Date;Distance (cm)\n1.12.2026;7,5\n",
        "sep=;\ndate;distance [cm]\n2026-12-01;7.5\n",
        "sep=|\ndate|distance mm\n2026-12-01|75\n",
        "date\tDISTANCE_MM\n2026-12-01\t75,0\n",
        "\n\ndate,distance_mm\n\n2026-12-01,75\n",
    ],
    ids=["plain", "mark and CRLF", "UTF-16", "cm, comma", "sep, brackets", "sep of its own", "tabs", "blank lines"],
)
def test_the_same_line_out_of_many_hands(content: str | bytes) -> None:
    read, problems = table(content)
    assert read is not None
    (line,) = read.lines
    assert line.date("date") is not None
    assert line.value("distance_mm", 0, 3000) == pytest.approx(75.0)
    assert problems == []


def test_letters_of_windows_are_read_and_their_encoding_is_told() -> None:
    read, _ = table("date,note\n2026-12-01,müde\n".encode("cp1252"))
    assert read is not None
    assert (read.lines[0].text("note"), read.encoding) == ("müde", "cp1252")


def test_an_alias_carries_its_unit_too() -> None:
    read, problems = table("date,power density (W/m²)\n2026-12-01,205\n")
    assert read is not None
    assert read.lines[0].value("irradiance_mw_cm2", 0, 1000) == pytest.approx(20.5)
    assert problems == []


@pytest.mark.parametrize(
    ("content", "line", "needle"),
    [
        ("date,distance (miles)\n2026-12-01,1\n", 1, "unit"),
        ("date,distance\n2026-12-01,1\n", 1, "names no unit"),
        ("date,power density\n2026-12-01,1\n", 1, "names no unit"),
        ("date,IRRADIANCE\n2026-12-01,1\n", 1, "names no unit"),
        ("date,date\n2026-12-01,2026-12-01\n", 1, "twice"),
        ("distance_mm\n75\n", 1, "no column date"),
        ("date,distance_mm\n2026-12-01,7,5\n", 2, "3 cells under 2 columns"),
        ("date,\n2026-12-01,x\n", 2, "under no heading"),
        ('date,note\n2026-12-01,"two\nlines"\n2026-12-02,\x07\n', 4, "control"),
    ],
)
def test_a_problem_has_its_document_line_and_remedy(content: str, line: int, needle: str) -> None:
    _, problems = table(content)
    (problem,) = problems
    assert (problem.document, problem.line) == ("a.csv", line)
    assert needle in problem.message
    assert problem.remedy


def test_the_document_names_every_unit_a_heading_may_name() -> None:
    document = (Path(__file__).parents[2] / "docs" / "csv-files.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `_(\w+)` \| (.*) \|$", document, flags=re.M)
    named = {end: tuple(units.split(", ")) for end, units in rows}
    known = {end: Column(name=f"a_{end}").units for end in named}
    assert known == named
    assert len(named) == 6


@pytest.mark.parametrize(("content", "needle"), [(b'a,b\n1,"open', "not CSV"), (b"a,b\n\x00\x81\n", "not text")])
def test_what_is_no_csv_is_refused_whole(content: bytes, needle: str) -> None:
    with pytest.raises(BadInput, match=needle):
        csv_rows(content, "a.csv")


def test_a_short_line_is_read_and_named() -> None:
    read, problems = table("date,distance_mm,note\n2026-12-01\n2026-12-02,75,x\n")
    assert read is not None
    assert (read.short, problems) == ((2,), [])
    assert read.lines[0].value("distance_mm", 0, 3000) is None


@pytest.mark.parametrize(
    "heading",
    [
        "power density (mW/cm^2)", "Irradiance [mW·cm⁻²]", "irradiance (W/m^2)", "irradiance (kW/m2)",
        "Irradiance, W/m2", "Irradiance / mW cm-2", "irradiance_w_m2", "irradiance uW/cm2", "irradiance (\u00b5W/cm²)",
        "irradiance (\u03bcW/cm²)", "irradiance [mW/sq cm]", "irradiance (milliwatts per square centimetre)",
    ],
)  # fmt: skip
def test_a_heading_names_its_unit_in_any_usual_way(heading: str) -> None:
    read, problems = table(f"date;{heading}\n2026-12-01;20.5\n")
    assert read is not None, problems
    value = read.lines[0].value("irradiance_mw_cm2", 0, 1e6)
    assert value is not None
    assert value in (pytest.approx(20.5), pytest.approx(2.05), pytest.approx(2050.0), pytest.approx(0.0205))
    assert problems == []


@pytest.mark.parametrize("unit", ["MW/cm2", "J/cm2", "mW", "lx", "mW/cm", ""])
def test_a_unit_of_another_kind_is_refused(unit: str) -> None:
    read, problems = table(f"date,irradiance ({unit})\n2026-12-01,20.5\n")
    assert read is None
    assert problems[0].message == "this unit is not known"


@pytest.mark.parametrize(
    ("content", "values"),
    [
        ("date;distance (mm)\n2026-12-01;1.205\n2026-12-02;985,5\n", [1205.0, 985.5]),
        ("date\tdistance (mm)\n2026-12-01\t985.5\n2026-12-02\t1,050\n", [985.5, 1050.0]),
        ('date,distance_mm\n2026-12-01,"7,5"\n2026-12-02,"1.050"\n', [7.5, 1050.0]),
        ("date,distance_mm\n2026-12-01,1.205\n", [1.205]),
        ("date;distance_mm\n2026-12-01;1\u202f205,5\n", [1205.5]),
    ],
)
def test_one_decimal_sign_counts_for_the_whole_file(content: str, values: list[float]) -> None:
    read, problems = table(content)
    assert read is not None
    assert [line.value("distance_mm", 0, 3000) for line in read.lines] == values
    assert problems == []


@pytest.mark.parametrize(
    ("content", "needle"),
    [
        ("date;distance_mm\n2026-12-01;1.205\n", "may be 1205 or 1.205"),
        ("date\tdistance_mm\n2026-12-01\t1,050\n", "may be 1050 or 1.050"),
        ("date;distance_mm\n2026-12-01;98 102\n", "a blank inside it"),
        ("date;distance_mm\n2026-12-01;15 16\n", "not a number"),
    ],
)
def test_what_may_be_thousands_or_decimals_is_refused_where_nothing_decides(content: str, needle: str) -> None:
    read, problems = table(content)
    assert read is not None
    assert read.lines[0].value("distance_mm", 0, 1e9) is None
    assert needle in problems[0].message


@pytest.mark.parametrize(("written", "value"), [("1.205", None), ("6.5", 6.5), ("6,5", 6.5)])
def test_a_day_in_a_column_of_numbers_shows_no_decimal_sign(written: str, value: float | None) -> None:
    """In a series 1.9.2026 made a comma of the decimal sign: 1.205 was read as 1205, and 6.5 was refused."""
    problems: list[Problem] = []
    columns = (Column(name="time", number=True), Column(name="value", number=True))
    read = table_of(f"time;value\n1.9.2026;{written}\n".encode(), "a.csv", columns, problems)
    assert read is not None
    assert problems == []
    assert read.lines[0].value("value", 0, 1e9) == value


def test_two_decimal_signs_in_one_file_are_a_problem_of_the_file() -> None:
    _, problems = table("date;distance_mm\n2026-12-01;7,5\n2026-12-02;8.5\n")
    (problem,) = problems
    assert (problem.line, problem.message) == (3, 'a decimal point in "8.5", a decimal comma in "7,5"')


def test_blank_cells_behind_the_last_column_are_no_cells() -> None:
    read, problems = table("date,distance_mm\n2026-12-01,75,,\n")
    assert read is not None
    assert (read.lines[0].value("distance_mm", 0, 3000), problems) == (75.0, [])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_known_by_its_zeros(encoding: str) -> None:
    read, problems = table("date;distance (mm);note\r\n2026-12-01;75;müde\r\n".encode(encoding))
    assert read is not None, problems
    assert (read.lines[0].text("note"), read.encoding) == ("müde", encoding)


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "sep=;;;"])
def test_a_first_line_says_what_parts_the_cells(first: str) -> None:
    read, problems = table(f"{first}\r\ndate;distance (cm)\r\n2026-12-01;7,5\r\n")
    assert read is not None, problems
    assert read.lines[0].value("distance_mm", 0, 3000) == 75.0


@pytest.mark.parametrize(
    ("cell", "needle"),
    [
        ("28/09/2026", "day before month"),
        ("9-8-2026", "day before month"),
        ("46273", "a spreadsheet's number of a day, perhaps 2026-09-08"),
        ("31.2.2026", "not a day"),
    ],
)
def test_a_day_that_is_refused_is_refused_by_name(cell: str, needle: str) -> None:
    read, problems = table(f"date,note\n{cell},x\n")
    assert read is not None
    assert read.lines[0].date("date") is None
    assert needle in problems[0].message


def test_a_moment_with_an_offset_is_converted_to_the_zone_or_refused() -> None:
    content = b"date,note\n2026-08-24,2026-08-23T18:30:00Z\n"
    problems: list[Problem] = []
    away = table_of(content, "a.csv", COLUMNS, problems, zone=ZoneInfo("Pacific/Auckland"))
    nowhere = table_of(content, "a.csv", COLUMNS, problems)
    assert away is not None
    assert nowhere is not None
    assert away.lines[0].moment("note") == dt.datetime(2026, 8, 24, 6, 30)
    assert (nowhere.lines[0].moment("note"), len(problems)) == (None, 1)
    assert "offset from UTC" in problems[0].message


def test_a_word_that_is_not_known_is_answered_with_the_nearest() -> None:
    read, problems = table("date,note\n2026-12-01,lft\n2026-12-02,zzz\n2026-12-03,LEFT\n")
    assert read is not None
    words = [line.word("note", ("left", "right")) for line in read.lines]
    assert words == [None, None, "left"]
    assert [problem.remedy for problem in problems] == [
        "did you mean left? (known: left, right)",
        "known: left, right",
    ]


@given(st.text(max_size=20))
def test_a_guarded_cell_is_no_formula_and_comes_back_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).lstrip().startswith(("=", "+", "-", "@"))
