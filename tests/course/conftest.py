"""A course folder to write into: the smallest plan that is a plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from openpbm.planning import transcribe_plan

PLAN = transcribe_plan(
    condition_id="rls_primary",
    days=[dt.date(2026, 12, day) for day in (1, 3, 5)],
    start_time=dt.time(19, 40),
    minutes=26.0,
    sessions_per_week=3,
    weeks=1,
    places=(("posterior_calf", "left"), ("posterior_calf", "right")),
    output_status="measured",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plan.json").write_text(PLAN.to_json(), encoding="utf-8")
    return tmp_path


@pytest.fixture
def write(folder: Path) -> Callable[..., Path]:
    """write("diary", "date,severity", "2026-12-01,4") makes diary.csv."""

    def written(name: str, *lines: str) -> Path:
        path = folder / f"{name}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return written
