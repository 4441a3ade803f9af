"""A course folder to write into: the smallest plan that is a plan."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PLAN: dict[str, Any] = {
    "format": "openpbm-plan-1",
    "verdict": "allowed",
    "condition": {"id": "rls_primary", "programme": "rls"},
    "sites": [{"site": "posterior_calf", "side": "both"}],
    "course": {"start_date": "2026-12-01"},
    "lamp": {"output_status": "measured"},
    "schedule": {
        "minutes_per_session": 26.0,
        "sessions_per_week": 3,
        "weeks": 1,
        "sessions": [
            {"number": 1, "date": "2026-12-01", "start_time": "19:40", "week": 1},
            {"number": 2, "date": "2026-12-03", "start_time": "19:40", "week": 1},
            {"number": 3, "date": "2026-12-05", "start_time": "19:40", "week": 1},
        ],
    },
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plan.json").write_text(json.dumps(PLAN), encoding="utf-8")
    return tmp_path


@pytest.fixture
def write(folder: Path) -> Callable[..., Path]:
    """write("diary", "date,severity", "2026-12-01,4") makes diary.csv."""

    def written(name: str, *lines: str) -> Path:
        path = folder / f"{name}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return written
