"""A plan on paper: whole for every verdict, the same bytes again, and clear where none can be made or written."""

from __future__ import annotations

import importlib.util
import re
import zlib
from pathlib import Path
from typing import Any

import pytest
from quick_plans import quick_plan

from openpbm.errors import BadInput
from openpbm.report.plan_pdf import check_pdf, write_plan_pdf


def pages(content: bytes) -> int:
    """How many pages a PDF has, its compressed parts looked into."""
    parts = [content]
    for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, flags=re.S):
        try:
            parts.append(zlib.decompress(part))
        except zlib.error:
            continue
    return sum(len(re.findall(rb"/Type\s*/Page\b", part)) for part in parts)


@pytest.mark.parametrize(
    "changes", [{}, {"person__findings__suspicious_lesion_in_field": True}], ids=["allowed", "not"]
)
def test_it_is_whole_and_the_same_again(changes: dict[str, Any], tmp_path: Path) -> None:
    plan = quick_plan(**changes)
    assert (plan.verdict == "allowed") == (not changes)
    first, second = tmp_path / "first.pdf", tmp_path / "second.pdf"
    for path in (first, second):
        write_plan_pdf(plan, path)
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().startswith(b"%PDF-1.")
    assert pages(first.read_bytes()) >= 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first.pdf", "second.pdf"]


def test_a_place_that_takes_none_is_said_before_any_light_is_computed(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is a folder; name a file"):
        check_pdf(tmp_path)
    with pytest.raises(BadInput, match="is no folder; name a file"):
        check_pdf(tmp_path / "nowhere" / "plan.pdf")


def test_without_typst_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(
        BadInput, match=r"needs typst, which is not installed; install it \(pip install 'openpbm\[care\]'\)"
    ):
        check_pdf(tmp_path / "plan.pdf")
