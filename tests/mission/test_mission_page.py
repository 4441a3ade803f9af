"""docs/mission.md names for every requirement the tests that bear its number; one without any stands there as open."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: How many requirements each article has.
LAST = {"000": 30, "001": 38, "002": 14, "003": 14, "004": 17}


def test_the_page_names_every_requirement_and_just_the_tests_that_there_are() -> None:
    script, page = runpy.run_path(str(ROOT / "scripts" / "refresh-mission")), ROOT / "docs" / "mission.md"
    text = page.read_text(encoding="utf-8")
    ids = [f"R-{article}-{number:02}" for article, last in LAST.items() for number in range(1, last + 1)]
    assert re.findall(r"^\| (R-\d{3}-\d{2}) \|", text, re.MULTILINE) == ids
    assert set(script["files_by_number"]()) <= set(ids)
    assert text == script["refreshed"](text), "run scripts/refresh-mission"
