"""Article 004, muscle spasm: what its requirements ask for, tried by what a checkpoint says."""

from __future__ import annotations

import datetime as dt

import pytest
from cases import changed
from courses import START, diary, make_course, make_plan

from openpbm.case import case_of
from openpbm.course.records import Spasm
from openpbm.outcomes.decision import checkpoint
from openpbm.report.cramp_table import cramp_rows
from openpbm.safety import screen
from openpbm.single_case.cramp_counts import poisson_interval


def test_r_004_01_each_spasm_is_a_line_and_its_rate_has_an_interval() -> None:
    """Garwood (1936): 28 cramps in 14 days are 14 a week, 90 % from 9.96 to 19.2; of none the upper end is ln(20)."""
    days = [*([day for day in range(-14, 0)] * 2), *range(14, 42, 4)]
    rows = tuple(
        Spasm(line=2, date=START + dt.timedelta(days=day), time=None, muscle="calf", seconds=60.0, pain=6.0,
              trigger="stretching")
        for day in sorted(days)
    )  # fmt: skip
    course = make_course(plan=make_plan(condition_id="nocturnal_cramps"), diary=diary([4.0] * 56), spasms=rows)
    found = checkpoint(course, 6)["cramps"]
    assert found is not None
    assert found["baseline"]["cramps_per_week_90"] == pytest.approx([9.96, 19.19], abs=0.02)
    assert poisson_interval(0) == pytest.approx((0.0, 2.9957), abs=1e-3)
    shown = {row.label: (row.before, row.now) for row in cramp_rows(found)}
    assert shown["Cramps a week (90 % interval)"] == ("14 (10 to 19)", "1.8 (0.82 to 3.3)")


def test_r_004_02_salts_kidneys_and_muscle_are_looked_for_before_light() -> None:
    """Cramps: electrolytes, creatinine and creatine kinase are due until they were done."""
    cramps = {"condition__diagnosis": "nocturnal_cramps", "condition__usual_onset": ...}
    due = {line.id for line in screen(case_of(changed(**cramps))).workup if line.due}
    assert due == {"tsh", "creatinine", "potassium", "sodium", "calcium", "magnesium_level", "creatine_kinase"}
    low = [{"test": "potassium", "result": 3.1, "unit": "mmol/l", "finding": "abnormal", "date": "2026-10-01"}]
    found = screen(case_of(changed(**cramps, person__workup=low)))
    assert "potassium" not in {line.id for line in found.workup if line.due}
    assert "Potassium: 3.1 mmol/l" in {row.rule: row.message for row in found.cautions}["workup_abnormal"]
