"""The eight stages of care: owner, due day and proof, filled by what the record holds."""

from __future__ import annotations

import datetime as dt

from courses import START, diary, make_course

from openpbm.course.records import Course
from openpbm.outcomes.decision import CareStageRow, assess_care
from openpbm.outcomes.measures import phases_on
from openpbm.person import TriedTreatment


def test_r_002_13_the_eight_stages_are_filled_by_the_record_on_any_day() -> None:
    """The same list between two checkpoints as at one, and before the first session as well."""
    course = make_course(diary=diary([8.0] * 14 + [4.0] * 10))
    on = {day: assess_care(course, phases_on(course, START + dt.timedelta(days=day))) for day in (-3, 10)}
    assert [row["id"] for row in on[10]] == [
        "assess", "multimodal", "educate", "individualise", "frequency_duration", "monitor", "coordinate", "follow_up",
    ]  # fmt: skip
    assert all(row["owner"] and row["due"] and row["proof_asked_for"] for row in on[10])
    statuses = {day: {row["id"]: row["status"] for row in rows} for day, rows in on.items()}
    assert (statuses[-3]["frequency_duration"], statuses[10]["frequency_duration"]) == ("open", "done")
    assert statuses[10]["follow_up"] == "open"


def test_what_was_tried_before_and_the_work_up_are_read_by_the_stages() -> None:
    """A medicine that stands among what was tried is other care written down, and results stand with the screening."""
    course = make_course(diary=diary([8.0] * 24), treatments=(TriedTreatment(treatment="magnesium", effect="none"),))
    (shown,) = _multimodal(course)["proof"]
    assert "tried before: " in shown
    assert "treatments.csv" in shown
    assert _multimodal(make_course(diary=diary([8.0] * 24)))["status"] == "unknown"


def _multimodal(course: Course) -> CareStageRow:
    (row,) = (row for row in assess_care(course, phases_on(course, START)) if row["id"] == "multimodal")
    return row
