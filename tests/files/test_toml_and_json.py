"""TOML and JSON are read strictly: a key once, numbers that exist, and every problem with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from openpbm.errors import BadInput, Problem
from openpbm.files import json_object, read_json, read_text, read_toml, toml_section


def problem_of(error: pytest.ExceptionInfo[BadInput]) -> Problem:
    (problem,) = error.value.problems
    return problem


@pytest.mark.parametrize(
    ("text", "line", "needle"),
    [
        ('a = 1\nb = "open\n', 2, "not valid TOML"),
        ("a = 1\na = 2\n", 2, "not valid TOML"),
        ("a = 1\nday = 2026-02-30\n", 2, "this date does not exist"),
        ("a = [1,", None, "not valid TOML"),
        (f"a = {'[' * 5000}", None, "nested too deeply"),
        (f"a = {'9' * 5000}", None, "thousands of digits"),
    ],
    ids=["open quote", "key twice", "no such day", "end of the file", "deep", "long number"],
)
def test_toml_that_cannot_be_read_is_named_with_its_line(text: str, line: int | None, needle: str) -> None:
    with pytest.raises(BadInput) as error:
        toml_section(text, "case.toml", remedy="see the documents")
    problem = problem_of(error)
    assert (problem.document, problem.line) == ("case.toml", line)
    assert needle in problem.message
    assert problem.remedy


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ('{"a": 1, "a": 2}', "keep one"),
        ('{"a": NaN}', "give a number or leave the key out"),
        ('{"a": Infinity}', "give a number or leave the key out"),
        ('{"a": 1', "make it again"),
        ("[1]", "make it again"),
        ('"text"', "make it again"),
        ("", "make it again"),
        ("{'a': 1}", "make it again"),
    ],
)
def test_json_that_is_no_strict_object_is_refused(text: str, remedy: str) -> None:
    with pytest.raises(BadInput) as error:
        json_object(text, "plan.json", remedy="make it again")
    problem = problem_of(error)
    assert problem.document == "plan.json"
    assert problem.remedy == remedy


def test_a_file_is_read_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": 1.5}', encoding="utf-8")
    (tmp_path / "a.toml").write_text("a = 1.5\n", encoding="utf-8")
    assert read_json(tmp_path / "a.json", remedy="x") == read_toml(tmp_path / "a.toml", remedy="x") == {"a": 1.5}


def test_a_file_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as absent:
        read_text(tmp_path / "absent.toml")
    assert "absent.toml" in str(problem_of(absent))
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput) as broken:
        read_text(tmp_path / "bytes.toml")
    assert "bytes.toml" in str(problem_of(broken))
