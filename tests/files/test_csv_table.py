"""One reader for every CSV file: delimiter, `sep=`, byte order mark, encoding, decimal sign, unit in a heading."""

from __future__ import annotations

import re
from pathlib import Path

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
        ("date,distance\n2026-12-01,1\n", 1, "not a known column"),
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
    known = {end: tuple(Column(name=f"a_{end}").known_units()) for end in named}
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


def test_where_commas_part_the_cells_a_decimal_comma_is_a_problem() -> None:
    read, problems = table('date,distance_mm\n2026-12-01,"7,5"\n')
    assert read is not None
    assert read.lines[0].value("distance_mm", 0, 3000) is None
    assert [(problem.key, problem.value, problem.line) for problem in problems] == [("distance_mm", "7,5", 2)]


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
