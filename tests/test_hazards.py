"""Every control in docs/safety/hazards.md names a module and a test that are there, or says "not tested"."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "safety" / "hazards.md"
COLUMNS = ("", "hazard", "how it could come about", "harm", "control", "test", "what remains")
# What a clinic has to be able to look up, whatever else stands there.
ASKED = (
    "eye", "burn", "tumour", "pregnan", "medicine", "wrong person", "too much", "changed after its release",
    "new since the release", "stronger", "nobody sees it", "red flag", "non-responder", "false word of benefit",
    "silent", "twice", "lost or doubled", "changed afterwards", "record of another", "key is lost", "backup",
    "clock is wrong", "timer", "wording", "on their own", "helper", "medicine is stopped",
)  # fmt: skip


def rows() -> dict[str, list[str]]:
    """The rows of all tables by their number."""
    found: dict[str, list[str]] = {}
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
        if not line.startswith("|") or set("".join(cells)) <= {"-"} or tuple(cells) == COLUMNS:
            continue
        assert cells[0] not in found, f"{cells[0]} stands twice"
        found[cells[0]] = cells[1:]
    return found


@functools.cache
def functions_of(path: Path) -> frozenset[str]:
    """Names of the test functions of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef))


def fault_of_test(reference: str) -> str:
    """Why `file.py::test` leads nowhere, "" when it is there."""
    file, _, name = reference.partition("::")
    path = ROOT / "tests" / file
    if not path.is_file():
        return f"{reference}: no file tests/{file}"
    return "" if name.startswith("test_") and name in functions_of(path) else f"{reference}: no such test in it"


def fault_of_module(name: str) -> str:
    """Why a module named below `openpbm` is not there, "" when it is."""
    path = ROOT / "src" / "openpbm" / Path(*name.split("."))
    return "" if path.is_dir() or path.with_suffix(".py").is_file() else f"{name}: no module openpbm.{name}"


def in_ticks(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.parametrize("number", sorted(rows()))
def test_every_hazard_has_a_control_and_a_test_that_are_there(number: str) -> None:
    hazard, cause, harm, control, test, remains = rows()[number]
    assert all((hazard, cause, harm, control, remains))
    modules = [name for name in in_ticks(control) if re.fullmatch(r"[a-z_]+(\.[a-z_]+)*", name)]
    assert modules, "a control is in some module"
    named = in_ticks(test)
    assert named or "not tested" in test
    faults = [*map(fault_of_module, modules), *map(fault_of_test, named)]
    assert [fault for fault in faults if fault] == []


def test_a_test_or_module_that_is_not_there_is_seen() -> None:
    assert fault_of_test("test_hazards.py::test_a_test_or_module_that_is_not_there_is_seen") == ""
    assert "no such test" in fault_of_test("test_hazards.py::test_of_nothing")
    assert "no such test" in fault_of_test("test_hazards.py::rows")
    assert "no file" in fault_of_test("care/test_care_nothing.py::test_of_nothing")
    assert fault_of_module("care.sessions.check_start") == ""
    assert "no module" in fault_of_module("care.sessions.nothing")


def test_what_has_to_be_thought_of_stands_there() -> None:
    hazards = " ".join(cells[0] + " " + cells[1] for cells in rows().values()).lower()
    assert [word for word in ASKED if word not in hazards] == []


def test_the_document_says_what_it_is_for_and_what_it_is_not() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for words in (
        "**What it is for.**",
        "**Who uses it.**",
        "**What it is not.**",
        "Nobody watches live",
        "not certified",
    ):
        assert words in text
