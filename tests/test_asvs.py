"""Each requirement in docs/safety/asvs.md names a test that is there, or a reason, and is counted rightly."""

from __future__ import annotations

import re
from pathlib import Path

from test_hazards import fault_of_test, in_ticks

DOCUMENT = (Path(__file__).parents[1] / "docs" / "safety" / "asvs.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in DOCUMENT.splitlines() if line.startswith("| V")
]


def test_each_number_stands_once_with_a_test_or_a_reason() -> None:
    numbers = [row[0] for row in ROWS]
    assert len(numbers) == len(set(numbers)) == 68
    assert all(re.fullmatch(r"V\d{1,2}\.\d{1,2}\.\d{1,2}", number) for number in numbers)
    assert all(len(row) == 4 and row[1] and row[2] and row[3] in ("pass", "not met") for row in ROWS)


def test_each_test_it_names_is_there() -> None:
    named = [word for row in ROWS for word in in_ticks(row[2]) if "::" in word]
    assert len(named) > 60
    assert [fault for word in named if (fault := fault_of_test(word))] == []


def test_what_it_says_of_itself_is_so() -> None:
    met = sum(row[3] == "pass" for row in ROWS)
    assert met >= 60
    assert f"{met} are met, {len(ROWS) - met} are not" in " ".join(DOCUMENT.split())
